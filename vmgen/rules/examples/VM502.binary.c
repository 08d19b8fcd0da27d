#include <stdint.h>

struct Store {
    uint64_t fuel, epoch, limit;
} store;
