#include <stdint.h>

struct Store {
    _Alignas(32) uint64_t fuel;
    uint64_t epoch;
} store;
