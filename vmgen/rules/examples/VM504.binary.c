#include <stdint.h>

struct Store {
    int64_t fuel;
    uint64_t epoch;
} store;
