/* What a freestanding compiler has; libclang comes without it. */
#ifndef STAND_IN_STDINT_H
#define STAND_IN_STDINT_H

typedef __INT8_TYPE__ int8_t;
typedef __INT16_TYPE__ int16_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef __UINT8_TYPE__ uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef __INTPTR_TYPE__ intptr_t;
typedef __UINTPTR_TYPE__ uintptr_t;

#define UINT8_MAX __UINT8_MAX__
#define UINT16_MAX __UINT16_MAX__
#define UINT32_MAX __UINT32_MAX__
#define UINT64_MAX __UINT64_MAX__
#define UINTPTR_MAX __UINTPTR_MAX__
#define INT8_MAX __INT8_MAX__
#define INT16_MAX __INT16_MAX__
#define INT32_MAX __INT32_MAX__
#define INT64_MAX __INT64_MAX__
#define INTPTR_MAX __INTPTR_MAX__

#define STAND_IN_JOIN(number, suffix) number##suffix
#define STAND_IN_C(number, suffix) STAND_IN_JOIN(number, suffix)
#define INT8_C(number) STAND_IN_C(number, __INT8_C_SUFFIX__)
#define INT16_C(number) STAND_IN_C(number, __INT16_C_SUFFIX__)
#define INT32_C(number) STAND_IN_C(number, __INT32_C_SUFFIX__)
#define INT64_C(number) STAND_IN_C(number, __INT64_C_SUFFIX__)
#define UINT8_C(number) STAND_IN_C(number, __UINT8_C_SUFFIX__)
#define UINT16_C(number) STAND_IN_C(number, __UINT16_C_SUFFIX__)
#define UINT32_C(number) STAND_IN_C(number, __UINT32_C_SUFFIX__)
#define UINT64_C(number) STAND_IN_C(number, __UINT64_C_SUFFIX__)

#endif
