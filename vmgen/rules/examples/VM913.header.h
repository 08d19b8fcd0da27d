#include <stdint.h>

struct Ring {
    uint64_t head;
    uint64_t tail;
};
typedef struct Ring Ring;
