#include "small.h"

#include <stdlib.h>

static Memory memory = {(uint8_t *)0x1000, 4096};
static Place places[] = {
    {Place_Nowhere, {0}}, {Place_InMemory, {(Memory *)0x5000}}, {Place_AtIndex, {0}}, {77, {0}}};
static Level levels[] = {Level_High, 7};
static Mask mask = Mask_All;
static Store store = {.fuel = -5, .level = Level_Low, .hidden = (Hidden *)0x2000};
static union {
    Context context;
    char bytes[512];
} space;

static Context *context = &space.context;

int main(void) {
    places[2].payload.at_index = 9;
    store.place = places[1];
    context->magic = CONTEXT_MAGIC;
    context->store = &store;
    Memory *memories = (Memory *)(space.bytes + 16);
    memories[0] = memory;
    memories[1] = memory;
    memories[1].current_length = 8192;
    return levels[0] + mask > 7 ? (abort(), 1) : 0;
}
