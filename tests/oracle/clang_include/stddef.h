/* What a freestanding compiler has; libclang comes without it. */
#ifndef STAND_IN_STDDEF_H
#define STAND_IN_STDDEF_H

typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#define offsetof(type, member) __builtin_offsetof(type, member)
#define NULL ((void *)0)

#endif
