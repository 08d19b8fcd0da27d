#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE 64
#define ON_A_LINE __attribute__((aligned(LINE)))

typedef uint64_t __attribute__((aligned(8))) aligned_u64;
typedef struct later later_t;
union either;
enum color { COLOR_RED, COLOR_GREEN = 5 };

/* A name for all: */
struct _all__names {
  int type, class, from, Y, null, bpTime, last_;
  struct _all__names *next;
  later_t **laters;
  const union either *const *either;
};

struct numbers {
  char c;
  signed char sc;
  unsigned char uc;
  short s;
  unsigned short us;
  int i;
  unsigned u;
  long l;
  unsigned long ul;
  long long ll;
  unsigned long long ull;
  float f;
  double d;
  _Bool b;
  size_t size;
  uintptr_t address;
  ptrdiff_t difference;
  int64_t fixed;
  _Atomic(uint32_t) count;
};

struct functions {
  int version;
  void (*release)(struct functions *self, enum color color);
  int (*compare)(const void *a, const void *b);
  void (*print)(const char *format, ...);
  void (*find)(const char *name, void (**found)(int), char **names);
  int (*handlers[4])(int signal);
};

struct table {
  int (*begin)(const char *path);
  void (*end)(int file);
};

struct aligned {
  char sort;
  int line ON_A_LINE;
  _Alignas(16) short pair[2];
  aligned_u64 wide;
  struct { int in; } inside __attribute__((aligned(32)));
};

struct __attribute__((packed)) least { char sort; long long start; };

#pragma pack(push, 4)
struct few { long long start; int count; };
#pragma pack(pop)

struct device {
  volatile uint32_t status;
  uint32_t volatile ring[4];
};

struct nested {
  union {
    uint64_t whole;
    struct { uint32_t low, high; };
  };
  union {
    uint32_t code;
    struct {
      uint16_t port;
      union { uint8_t first; uint16_t both; };
    } io;
  };
  struct { int x, y; } points[2];
  union { uint8_t a, b; } __attribute__((aligned(8)));
};

struct bits {
  uint32_t ready : 1, : 3, level : 4;
  uint8_t tail;
  bool found : 1;
  enum color color : 4;
  int delta : 5;
  uint32_t : 0;
  unsigned long last : 9;
  union { uint16_t low : 4; uint16_t whole; };
};

struct only_bits { uint64_t : 64; uint64_t : 64; } __attribute__((aligned(8)));

struct flexible {
  uint32_t count;
  struct few few[];
};

struct old_flexible { uint16_t length; uint8_t data[0]; };

struct ring {
  union {
    struct { uint32_t head, tail; };
    struct { struct { } none; struct few entries[]; };
  };
};

struct state { uint32_t flags; };
struct renamed { struct state state; uint32_t st_flags; };
#define st_flags state.flags
