#include <stdint.h>

struct Store {
    uint64_t epoch, fuel;
} store;
