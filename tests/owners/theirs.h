/* A header of somebody else's: what others are taken for is in here once. */
#ifndef THEIRS_H
#define THEIRS_H

#ifndef THEIRS_WORDS
#  error "say how many words there are"
#endif
#include <stdint.h>

struct Ring {
    uint64_t head;
    void *base;
    uint32_t tail[THEIRS_WORDS];
    uint8_t kind;
};

typedef union Slot {
    uint64_t whole;
    double number;
    void *address;
} Slot;

typedef struct {
    uint32_t count;
    uint8_t kind;
    uint16_t cells[];
} Cells;

struct handle {
    void *owner;
    long long id;
};

typedef struct Ring Ring;

#define THEIRS_MAGIC 0x80000001u
#define THEIRS_TOP (1 << 30) * 2u
#define THEIRS_ALL ~0
typedef long long Ticks;
enum mode { Slow = 1, Fast = 2 };
enum { Opened = 3, Closed = -1 };

#endif
