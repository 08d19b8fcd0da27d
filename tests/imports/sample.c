#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { kReady, kGone = -3 } state_t;
enum color { COLOR_RED, COLOR_GREEN = 5, COLOR_LIME = 5 };
typedef struct { int x; struct node *next; } point_t;
union number { float f; double d; };
typedef void (*callback_t)(struct node *, size_t);

struct node {
  size_t length;
  uint32_t kind : 3, rank : 5;
  char name[8];
  char *text;
  void *data;
  callback_t callback;
  state_t state;
  enum color color;
  point_t at;
  union number number;
  struct { int inside; } nested;
  union { int either; short or_this; };
  long count;
  bool ready;
  long double wide;
  struct stranger *stranger;
  int *class;
  uint16_t tail[];
};

struct table {
  int (*start)(int, const char *);
  void (*stop)(void);
};

struct node node;
struct table table;
