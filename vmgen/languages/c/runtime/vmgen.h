/* clang-format off */
#ifndef VMGEN_H
#define VMGEN_H

/**
 * What the headers that vmgen makes stand on. It needs C11 or C++11, and of the library only
 * what a freestanding compiler has (and <atomic> in C++). Before including it you may define
 *
 * - VM_NO_ATOMICS: atomic fields are plain integers, laid out the same. For compilers without
 *   atomics, and for tools that can't read them;
 * - VMGEN_ARCH: the name of a processor in quotes, for one whose data model the schema describes
 *   itself. What this compiler measures is then believed;
 * - VM_U128_ALIGN: how Rust aligns u128, where this file doesn't know.
 */
#define VMGEN_RUNTIME 3

/* Whoever includes this may have opened an extern "C", where no template may be. */
#if defined(__cplusplus)
extern "C++" {
#endif
#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
#  if __cplusplus < 201103L && !(defined(_MSC_VER) && _MSC_VER >= 1900)
#    error "vmgen.h needs C++11 or later"
#  endif
#elif !defined(__STDC_VERSION__) || __STDC_VERSION__ < 201112L
#  error "vmgen.h needs C11 or later (with MSVC: /std:c11)"
#else
#  include <stdbool.h>
#  if defined(__STDC_NO_ATOMICS__) && !defined(VM_NO_ATOMICS)
#    define VM_NO_ATOMICS
#  endif
#endif

#if defined(__cplusplus) && !defined(VM_NO_ATOMICS)
#  include <atomic>
#endif
#if defined(__cplusplus)
}
#endif

#if defined(__cplusplus)
#  define VM_CAST(type, value) static_cast<type>(value)
#  define VMGEN_NULL nullptr
#  define VMGEN_NOWHERE(type) static_cast<type *>(nullptr)
#else
#  define VM_CAST(type, value) ((type)(value))
#  define VMGEN_NULL NULL
#  define VMGEN_NOWHERE(type) ((type *)0)
#endif

#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
#  define VM_STATIC_ASSERT static_assert
#  define VM_ALIGNAS(bytes) alignas(bytes)
#  define VMGEN_ALIGNOF alignof
#else
#  define VM_STATIC_ASSERT _Static_assert
#  define VM_ALIGNAS(bytes) _Alignas(bytes)
#  define VMGEN_ALIGNOF _Alignof
#endif

/* What <stddef.h> makes of offsetof, one step less to expand. */
#if defined(__GNUC__)
#  define VMGEN_OFFSETOF __builtin_offsetof
#else
#  define VMGEN_OFFSETOF offsetof
#endif

/** A field that another thread, or compiled code, changes while it is read. */
#if defined(VM_NO_ATOMICS)
#  define VM_ATOMIC(type) type
#elif defined(__cplusplus)
#  define VM_ATOMIC(type) std::atomic<type>
#else
#  define VM_ATOMIC(type) _Atomic(type)
#endif

/** A pointer that is never null, and one that may be; clang checks them. */
#if defined(__clang__)
#  define VM_NONNULL _Nonnull
#  define VM_NULLABLE _Nullable
#else
#  define VM_NONNULL
#  define VM_NULLABLE
#endif

/* Whether the compiler can be told to say so when a header of the system, about which compilers
   are silent, defines one of our macros anew. */
#if defined(__clang__)
#  define VMGEN_FINAL (__clang_major__ >= 15)
#else
#  define VMGEN_FINAL 0
#endif

/** A function whose result must not be ignored. */
#if defined(__GNUC__)
#  define VM_CHECKED __attribute__((warn_unused_result))
#else
#  define VM_CHECKED
#endif

#if defined(__cplusplus)
#  define VMGEN_EXTERN_C_BEGIN extern "C" {
#  define VMGEN_EXTERN_C_END }
#else
#  define VMGEN_EXTERN_C_BEGIN
#  define VMGEN_EXTERN_C_END
#endif
#if defined(__clang__)
#  define VM_BEGIN_DECLARATIONS _Pragma("clang diagnostic push") \
    _Pragma("clang diagnostic ignored \"-Wnullability-extension\"") VMGEN_EXTERN_C_BEGIN
#  define VM_END_DECLARATIONS VMGEN_EXTERN_C_END _Pragma("clang diagnostic pop")
#elif defined(__GNUC__) && __GNUC__ >= 7
/* What is chosen by the data model is alike on some. */
#  define VM_BEGIN_DECLARATIONS _Pragma("GCC diagnostic push") \
    _Pragma("GCC diagnostic ignored \"-Wduplicated-branches\"") VMGEN_EXTERN_C_BEGIN
#  define VM_END_DECLARATIONS VMGEN_EXTERN_C_END _Pragma("GCC diagnostic pop")
#else
#  define VM_BEGIN_DECLARATIONS VMGEN_EXTERN_C_BEGIN
#  define VM_END_DECLARATIONS VMGEN_EXTERN_C_END
#endif

/* Around structs that no schema declares. Their padding is no news. */
#if defined(__GNUC__)
#  define VMGEN_BEGIN_PADDED _Pragma("GCC diagnostic push") \
    _Pragma("GCC diagnostic ignored \"-Wpadded\"")
#  define VMGEN_END_PADDED _Pragma("GCC diagnostic pop")
#else
#  define VMGEN_BEGIN_PADDED
#  define VMGEN_END_PADDED
#endif

/** Size of Rust's usize in bytes, for the preprocessor too. */
#if UINTPTR_MAX == 0xFFFFFFFFFFFFFFFF
#  define VM_SIZEOF_USIZE 8
#elif UINTPTR_MAX == 0xFFFFFFFF
#  define VM_SIZEOF_USIZE 4
#elif UINTPTR_MAX == 0xFFFF
#  define VM_SIZEOF_USIZE 2
#else
#  error "vmgen.h knows pointers of 16, 32 and 64 bits"
#endif

/** A number that depends on the size of pointers. VM_NONE is for those of no target. */
#define VM_NONE 1
#if VM_SIZEOF_USIZE == 8
#  define VM_BY_WIDTH(of_64, of_32, of_16) of_64
#elif VM_SIZEOF_USIZE == 4
#  define VM_BY_WIDTH(of_64, of_32, of_16) of_32
#else
#  define VM_BY_WIDTH(of_64, of_32, of_16) of_16
#endif

VM_BEGIN_DECLARATIONS

VM_STATIC_ASSERT(VM_CAST(unsigned char, -1) == 255, "vmgen.h needs bytes of 8 bits");
VM_STATIC_ASSERT(sizeof(bool) == 1, "Rust's bool is one byte");
VM_STATIC_ASSERT(sizeof(uintptr_t) == sizeof(void *), "Rust's usize is as wide as a pointer");
VM_STATIC_ASSERT(sizeof(void (*)(void)) == sizeof(void *), "Rust's pointers are all as wide");

/*
 * Whether members are where the compiler puts them by itself. Most compilers let a `#pragma pack`
 * lower an alignment that is asked for, and `-fpack-struct` alone is about the other members. On
 * Windows it is the other way round. On i386 elsewhere a u64 is at multiples of 4 anyway, which
 * older compilers deny.
 */
#if defined(_WIN32)
#  define VMGEN_PACKABLE uint64_t
#else
#  define VMGEN_PACKABLE uint32_t
#endif
#define VMGEN_PACKING(probe) \
    struct probe { char before; VMGEN_PACKABLE it; VM_ALIGNAS(128) char most; }
#if defined(VMGEN_ARCH)
/* Who names a processor of their own may have one whose ABI packs. */
#  define VMGEN_PACKS(probe) 0
#else
#  define VMGEN_PACKS(probe) \
    (offsetof(struct probe, it) % VMGEN_ALIGNOF(VMGEN_PACKABLE) == 0 && \
     offsetof(struct probe, most) % 128 == 0 ? 0 : 1)
#endif
VMGEN_BEGIN_PADDED
VMGEN_PACKING(vmgen_packing);
VMGEN_END_PADDED
enum { VMGEN_PACKED = VMGEN_PACKS(vmgen_packing) };
VM_STATIC_ASSERT(VMGEN_PACKED == 0,
    "members are packed, by a `#pragma pack` that was left open before vmgen.h is included, or by "
    "-fpack-struct; close it with `#pragma pack()` before");

/** Refuses to go on in the header of a module where a `#pragma pack` has been left open. */
#define VM_REFUSE_PACKING(module) \
    VMGEN_BEGIN_PADDED VMGEN_PACKING(vmgen_packing_in_##module); VMGEN_END_PADDED \
    enum { \
        vmgen_packed_in_##module = VMGEN_PACKS(vmgen_packing_in_##module) | VMGEN_PACKED \
    }; \
    VM_STATIC_ASSERT(VMGEN_PACKS(vmgen_packing_in_##module) <= VMGEN_PACKED, \
        "members are packed, by a `#pragma pack` that was left open before " #module ".h is " \
        "included; close it with `#pragma pack()` before")

/*
 * What C can't tell by itself goes by the processor, as rustc has it. VMGEN_RUST_ALIGNS_ are
 * alignments that Rust gives to a type on one target or another of that processor, added up:
 * those that aren't listed are aligned to their size. Half of the processors have no 128-bit
 * integer in C, and some compilers of the others align it in another way.
 */
#if defined(VMGEN_ARCH)
#  define VMGEN_RUST_ALIGNS_ANY
#elif defined(__arm64ec__) || defined(_M_ARM64EC)
#  define VMGEN_ARCH "arm64ec"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__mips64)
#  define VMGEN_ARCH "mips64"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__powerpc64__) || defined(_ARCH_PPC64)
#  define VMGEN_ARCH "powerpc64"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#  define VMGEN_RUST_ALIGNS_F64 12
#elif defined(__sparc__) && defined(__arch64__)
#  define VMGEN_ARCH "sparc64"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__x86_64__) || defined(_M_X64)
#  define VMGEN_ARCH "x86_64"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__aarch64__) || defined(_M_ARM64)
#  define VMGEN_ARCH "aarch64"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__AMDGCN__)
#  define VMGEN_ARCH "amdgpu"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#elif defined(__arm__) || defined(_M_ARM)
#  define VMGEN_ARCH "arm"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#  define VMGEN_RUST_ALIGNS_U64 12
#  define VMGEN_RUST_ALIGNS_F64 12
#elif defined(__AVR__)
#  define VMGEN_ARCH "avr"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#  define VMGEN_RUST_ALIGNS_POINTER 1
#  define VMGEN_RUST_ALIGNS_U16 1
#  define VMGEN_RUST_ALIGNS_U32 1
#  define VMGEN_RUST_ALIGNS_U64 1
#  define VMGEN_RUST_ALIGNS_F32 1
#  define VMGEN_RUST_ALIGNS_F64 1
#elif defined(__bpf__)
#  define VMGEN_ARCH "bpf"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__csky__) || defined(__CSKY__)
#  define VMGEN_ARCH "csky"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#  define VMGEN_RUST_ALIGNS_U64 4
#  define VMGEN_RUST_ALIGNS_F64 4
#elif defined(__hexagon__)
#  define VMGEN_ARCH "hexagon"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#elif defined(__loongarch__) && __loongarch_grlen == 32
#  define VMGEN_ARCH "loongarch32"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#elif defined(__loongarch64)
#  define VMGEN_ARCH "loongarch64"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__m68k__)
#  define VMGEN_ARCH "m68k"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#  define VMGEN_RUST_ALIGNS_POINTER 2
#  define VMGEN_RUST_ALIGNS_U32 2
#  define VMGEN_RUST_ALIGNS_U64 4
#elif defined(__mips__)
#  define VMGEN_ARCH "mips"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#elif defined(__MSP430__)
#  define VMGEN_ARCH "msp430"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#  define VMGEN_RUST_ALIGNS_U32 2
#  define VMGEN_RUST_ALIGNS_U64 2
#  define VMGEN_RUST_ALIGNS_F32 2
#  define VMGEN_RUST_ALIGNS_F64 2
#elif defined(__NVPTX__)
#  define VMGEN_ARCH "nvptx64"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__powerpc__) || defined(_ARCH_PPC)
#  define VMGEN_ARCH "powerpc"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#elif defined(__riscv) && __riscv_xlen == 32
#  define VMGEN_ARCH "riscv32"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#elif defined(__riscv) && __riscv_xlen == 64
#  define VMGEN_ARCH "riscv64"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__s390x__)
#  define VMGEN_ARCH "s390x"
#  define VMGEN_RUST_ALIGN_OF_U128 VMGEN_ALIGNOF_U64
#elif defined(__sparc__)
#  define VMGEN_ARCH "sparc"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__wasm32__)
#  define VMGEN_ARCH "wasm32"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__wasm64__)
#  define VMGEN_ARCH "wasm64"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#elif defined(__i386__) || defined(_M_IX86)
#  define VMGEN_ARCH "x86"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#  define VMGEN_RUST_ALIGNS_U64 12
#  define VMGEN_RUST_ALIGNS_F64 12
#elif defined(__xtensa__) || defined(__XTENSA__)
#  define VMGEN_ARCH "xtensa"
#  define VMGEN_RUST_ALIGN_OF_U128 16
#else
#  define VMGEN_ARCH "unknown processor"
#  define VMGEN_RUST_ALIGNS_ANY
#endif
VMGEN_BEGIN_PADDED
#if defined(VMGEN_RUST_ALIGNS_ANY) && defined(__SIZEOF_INT128__)
__extension__ typedef unsigned __int128 vmgen_int128;
struct vmgen_align_of_int128 { char before; vmgen_int128 it; };
#  define VMGEN_RUST_ALIGN_OF_U128 offsetof(struct vmgen_align_of_int128, it)
#endif
#if !defined(VM_U128_ALIGN) && defined(VMGEN_RUST_ALIGN_OF_U128)
#  define VM_U128_ALIGN VMGEN_RUST_ALIGN_OF_U128
#endif
#if defined(VMGEN_RUST_ALIGNS_ANY)
#  define VMGEN_RUST_ALIGNS_POINTER 0xFF
#  define VMGEN_RUST_ALIGNS_U16 0xFF
#  define VMGEN_RUST_ALIGNS_U32 0xFF
#  define VMGEN_RUST_ALIGNS_U64 0xFF
#  define VMGEN_RUST_ALIGNS_F32 0xFF
#  define VMGEN_RUST_ALIGNS_F64 0xFF
#endif
#if !defined(VMGEN_RUST_ALIGNS_POINTER)
#  define VMGEN_RUST_ALIGNS_POINTER VM_SIZEOF_USIZE
#endif
#if !defined(VMGEN_RUST_ALIGNS_U16)
#  define VMGEN_RUST_ALIGNS_U16 2
#endif
#if !defined(VMGEN_RUST_ALIGNS_U32)
#  define VMGEN_RUST_ALIGNS_U32 4
#endif
#if !defined(VMGEN_RUST_ALIGNS_U64)
#  define VMGEN_RUST_ALIGNS_U64 8
#endif
#if !defined(VMGEN_RUST_ALIGNS_F32)
#  define VMGEN_RUST_ALIGNS_F32 4
#endif
#if !defined(VMGEN_RUST_ALIGNS_F64)
#  define VMGEN_RUST_ALIGNS_F64 8
#endif

/*
 * What this compiler does, measured on members: on i386 some compilers align a type by itself
 * to 8 and as a member to 4, and only the latter moves an offset. An alignment that Rust gives
 * to no target of the processor counts as 0, and fits no data model.
 */
struct vmgen_align_of_pointer { char before; void *VM_NONNULL it; };
struct vmgen_align_of_u16 { char before; uint16_t it; };
struct vmgen_align_of_u32 { char before; uint32_t it; };
struct vmgen_align_of_u64 { char before; uint64_t it; };
struct vmgen_align_of_f32 { char before; float it; };
struct vmgen_align_of_f64 { char before; double it; };
VMGEN_END_PADDED
enum {
    VMGEN_SIZEOF_POINTER = sizeof(void *),
    VMGEN_ALIGNOF_POINTER = offsetof(struct vmgen_align_of_pointer, it) & VMGEN_RUST_ALIGNS_POINTER,
    VMGEN_ALIGNOF_U16 = offsetof(struct vmgen_align_of_u16, it) & VMGEN_RUST_ALIGNS_U16,
    VMGEN_ALIGNOF_U32 = offsetof(struct vmgen_align_of_u32, it) & VMGEN_RUST_ALIGNS_U32,
    VMGEN_ALIGNOF_U64 = offsetof(struct vmgen_align_of_u64, it) & VMGEN_RUST_ALIGNS_U64,
    VMGEN_ALIGNOF_F32 = offsetof(struct vmgen_align_of_f32, it) & VMGEN_RUST_ALIGNS_F32,
    VMGEN_ALIGNOF_F64 = offsetof(struct vmgen_align_of_f64, it) & VMGEN_RUST_ALIGNS_F64
};

#if defined(_WIN32)
#  define VMGEN_OS "Windows"
#elif defined(__APPLE__)
#  define VMGEN_OS "Apple"
#elif defined(__ANDROID__)
#  define VMGEN_OS "Android"
#elif defined(__linux__)
#  define VMGEN_OS "Linux"
#elif defined(__FreeBSD__)
#  define VMGEN_OS "FreeBSD"
#elif defined(_AIX)
#  define VMGEN_OS "AIX"
#elif defined(__wasi__)
#  define VMGEN_OS "WASI"
#else
#  define VMGEN_OS "unknown system"
#endif
#define VMGEN_STRING_OF(text) #text
#define VMGEN_STRING(macro) VMGEN_STRING_OF(macro)
/** The compiler's target in words. */
#define VM_TARGET VMGEN_ARCH ", " VMGEN_OS ", pointers of " VMGEN_STRING(VM_SIZEOF_USIZE) " bytes"

#if defined(__BYTE_ORDER__) && defined(__ORDER_BIG_ENDIAN__)
#  if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#    define VMGEN_BIG_ENDIAN 1
#  else
#    define VMGEN_BIG_ENDIAN 0
#  endif
#elif defined(_WIN32)
#  define VMGEN_BIG_ENDIAN 0
#elif !defined(VMGEN_BIG_ENDIAN)
#  error "define VMGEN_BIG_ENDIAN as 1 or 0, the byte order of this target"
#endif

#if defined(VM_U128_ALIGN)
/** Rust's u128 in memory: two halves, aligned as Rust aligns it. */
typedef struct vm_u128 {
#  if VMGEN_BIG_ENDIAN
    VM_ALIGNAS(VM_U128_ALIGN) uint64_t high;
    uint64_t low;
#  else
    VM_ALIGNAS(VM_U128_ALIGN) uint64_t low;
    uint64_t high;
#  endif
} vm_u128;

/** Rust's i128 in memory; the sign is the highest bit of `high`. */
typedef struct vm_i128 {
#  if VMGEN_BIG_ENDIAN
    VM_ALIGNAS(VM_U128_ALIGN) uint64_t high;
    uint64_t low;
#  else
    VM_ALIGNAS(VM_U128_ALIGN) uint64_t low;
    uint64_t high;
#  endif
} vm_i128;

VMGEN_BEGIN_PADDED
struct vmgen_align_of_u128 { char before; vm_u128 it; };
VMGEN_END_PADDED
enum { VMGEN_ALIGNOF_U128 = offsetof(struct vmgen_align_of_u128, it) };
#else
enum { VMGEN_ALIGNOF_U128 = 0 };
#endif

/*
 * Types that cross only as arguments and results, where a struct won't do. A compiler that
 * lacks one can still name functions that take it, and can't call them.
 */
#if defined(__SIZEOF_INT128__)
__extension__ typedef unsigned __int128 vm_u128_value;
__extension__ typedef __int128 vm_i128_value;
#else
typedef struct vm_u128_value vm_u128_value;
typedef struct vm_i128_value vm_i128_value;
#endif
#if defined(__GNUC__)
typedef signed char vm_i8x16 __attribute__((vector_size(16)));
typedef float vm_f32x4 __attribute__((vector_size(16)));
typedef double vm_f64x2 __attribute__((vector_size(sizeof(double) == 8 ? 16 : 2 * sizeof(double))));
#else
typedef struct vm_i8x16 vm_i8x16;
typedef struct vm_f32x4 vm_f32x4;
typedef struct vm_f64x2 vm_f64x2;
#endif

/** Reads a u16 that is little-endian in memory, at any address. */
static inline uint16_t vm_le16_load(const void *VM_NONNULL from)
{
    const unsigned char *VM_NONNULL bytes = VM_CAST(const unsigned char *, from);
    return VM_CAST(uint16_t, bytes[0] | VM_CAST(unsigned, bytes[1]) << 8);
}

/** Reads a u32 that is little-endian in memory, at any address. */
static inline uint32_t vm_le32_load(const void *VM_NONNULL from)
{
    const unsigned char *VM_NONNULL bytes = VM_CAST(const unsigned char *, from);
    return vm_le16_load(bytes) | VM_CAST(uint32_t, vm_le16_load(bytes + 2)) << 16;
}

/** Reads a u64 that is little-endian in memory, at any address. */
static inline uint64_t vm_le64_load(const void *VM_NONNULL from)
{
    const unsigned char *VM_NONNULL bytes = VM_CAST(const unsigned char *, from);
    return vm_le32_load(bytes) | VM_CAST(uint64_t, vm_le32_load(bytes + 4)) << 32;
}

/** Writes a u16 as little-endian, at any address. */
static inline void vm_le16_store(void *VM_NONNULL to, uint16_t value)
{
    unsigned char *VM_NONNULL bytes = VM_CAST(unsigned char *, to);
    bytes[0] = VM_CAST(unsigned char, value & 0xFF);
    bytes[1] = VM_CAST(unsigned char, value >> 8);
}

/** Writes a u32 as little-endian, at any address. */
static inline void vm_le32_store(void *VM_NONNULL to, uint32_t value)
{
    unsigned char *VM_NONNULL bytes = VM_CAST(unsigned char *, to);
    vm_le16_store(bytes, VM_CAST(uint16_t, value & 0xFFFF));
    vm_le16_store(bytes + 2, VM_CAST(uint16_t, value >> 16));
}

/** Writes a u64 as little-endian, at any address. */
static inline void vm_le64_store(void *VM_NONNULL to, uint64_t value)
{
    unsigned char *VM_NONNULL bytes = VM_CAST(unsigned char *, to);
    vm_le32_store(bytes, VM_CAST(uint32_t, value & 0xFFFFFFFF));
    vm_le32_store(bytes + 4, VM_CAST(uint32_t, value >> 32));
}

/** Reads a usize, or an address, that is little-endian in memory, at any address. */
static inline uintptr_t vm_le_usize_load(const void *VM_NONNULL from)
{
#if VM_SIZEOF_USIZE == 8
    return vm_le64_load(from);
#elif VM_SIZEOF_USIZE == 4
    return vm_le32_load(from);
#else
    return vm_le16_load(from);
#endif
}

/** Writes a usize, or an address, as little-endian, at any address. */
static inline void vm_le_usize_store(void *VM_NONNULL to, uintptr_t value)
{
#if VM_SIZEOF_USIZE == 8
    vm_le64_store(to, value);
#elif VM_SIZEOF_USIZE == 4
    vm_le32_store(to, value);
#else
    vm_le16_store(to, value);
#endif
}

/** A region of a context: its name, its place, and how many bytes it takes. */
typedef struct vm_region {
    const char *VM_NONNULL name;
    uint32_t offset;
    uint32_t size;
} vm_region;

/** The next multiple of `align`, a power of two. */
static inline uint64_t vm_round_up(uint64_t offset, uint32_t align)
{
    return (offset + align - 1) & ~(VM_CAST(uint64_t, align) - 1);
}

/** Adds `count` times `stride` to *end. False when that is more than a u32 can say. */
VM_CHECKED static inline bool vm_advance(uint64_t *VM_NONNULL end, uint64_t stride, uint64_t count)
{
    if (count != 0 && stride > UINT32_MAX / count) {
        return false;
    }
    *end += stride * count;
    return *end <= UINT32_MAX;
}

/** The address `offset` bytes into a context. */
static inline void *VM_NONNULL vm_inside(void *VM_NONNULL context, uint32_t offset)
{
    return VM_CAST(unsigned char *, context) + offset;
}

VM_END_DECLARATIONS

#endif
