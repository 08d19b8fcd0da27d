#include "forms.h"

#include <stdlib.h>

static void released(Event *it) {
    (void)it;
}

static uint32_t same(uint32_t x) {
    return x;
}

static struct {
    uint32_t len;
    Row rows[2];
} space = {2, {{1, 10}, {2, 20}}};
static const char *names[] = {"one", "two", 0};

static Event event = {.sort = 1, .first = 7, .second = -2, .named = {3, 4}, .flag = true};
static Tight last = {9, 10, 0};
static Tight tight = {5, 0x1122334455667788, &last};
static Head head = {.magic = 42, .name = "a head", .event = &event};
static Rows *rows = (Rows *)&space;
static Device device = {.status = 3, .letter = 'x', .number = -5, .ratio = 0.5};
static Ops ops = {released, same, names};
static Ops none = {0, same, 0};

int main(void) {
    const bool all = event.sort && tight.tag && head.magic && rows->len && device.status &&
                     ops.names && !none.names;
    return all ? (abort(), 1) : 0;
}
