#include <stdint.h>

struct Store {
    uint32_t level;
} store;
