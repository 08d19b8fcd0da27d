/* clang-format off */
#ifndef VMGEN_LLVM_H
#define VMGEN_LLVM_H

/**
 * What the headers of constants for compilers on LLVM stand on. They are of the records that a
 * compiler's code loads and stores, on any of a schema's data models.
 */
#include "vmgen.h"

/* Flags. Those of a record or an array are of all that is in it. */

/** Doesn't change while compiled code runs: `invariant.load`, if it isn't atomic. */
#define VMGEN_READONLY 0x1u
/** May be loaded earlier than it is needed: its bytes are there wherever its record is. */
#define VMGEN_CAN_MOVE 0x2u
/** Its bytes are little-endian on every target: swap them where that is big-endian. */
#define VMGEN_LITTLE_ENDIAN 0x4u
/** A pointer. */
#define VMGEN_POINTER 0x8u
/** A pointer that is never null: `nonnull`. */
#define VMGEN_NEVER_NULL 0x10u
/** A float. */
#define VMGEN_FLOAT 0x20u
/** An integer with a sign, for whoever makes it wider. */
#define VMGEN_SIGNED 0x40u
/** An integer that is never 0. */
#define VMGEN_NEVER_ZERO 0x80u
/** Loaded and stored atomically, without an order: `monotonic`. */
#define VMGEN_RELAXED 0x100u
/** Loaded with `acquire` and stored with `release`. */
#define VMGEN_ACQUIRE_RELEASE 0x200u
/** Loaded and stored with `seq_cst`. */
#define VMGEN_SEQ_CST 0x400u
/** Each element is an alias region of its own, below that which the number is of. */
#define VMGEN_INDEXED 0x800u
/** May change by itself: each load and store has to happen, `volatile`. */
#define VMGEN_VOLATILE 0x1000u
/** C's `char`: whether it has a sign is the target's, VMGEN_HOST_CHAR_SIGNED of this compiler's. */
#define VMGEN_CHAR 0x2000u
#define VMGEN_HOST_CHAR_SIGNED ((char)-1 < 0)

/** The region of what has none: it may be the same bytes as anything. */
#define VMGEN_NO_REGION UINT32_MAX

/**
 * Values that a number can have, both ends included, as the bits of its width are without a
 * sign; one range may lead from the highest to 0. `PART_RANGES` initialises an array of
 * `PART_RANGE_COUNT` of them, in the order of LLVM's `range`, which has `last + 1` for `last`.
 */
typedef struct vmgen_range {
    uint64_t first;
    uint64_t last;
} vmgen_range;

/**
 * A load or a store: where it is, in bytes from its record, and how many bytes wide. Its address
 * is a multiple of `align`.
 *
 * No access of one alias region is to the bytes of another one of the same module. Modules have
 * numbers of their own, so that their nodes of TBAA need a root for each.
 */
typedef struct vmgen_access {
    uint32_t offset;
    uint32_t width;
    uint32_t align;
    uint32_t region;
    uint32_t flags;
} vmgen_access;

/** Puts an access together; see VMGEN_ACCESS_OF_PART and VMGEN_ACCESS_OF_ELEMENT. */
static inline vmgen_access vmgen_access_of(
    uint32_t offset, uint32_t width, uint32_t align, uint32_t region, uint32_t flags)
{
    vmgen_access made;
    made.offset = offset;
    made.width = width;
    made.align = align;
    made.region = region;
    made.flags = flags;
    return made;
}

/**
 * The access of a part, by what its constants begin with, on a data model. What is no number and
 * no pointer has no width, so that this doesn't compile.
 */
#define VMGEN_ACCESS_OF_PART(part, model) \
    vmgen_access_of(part##_OFFSET(model), part##_WIDTH(model), part##_ALIGN(model), \
                    part##_REGION, part##_FLAGS)

/** The same of an element of a context's region, whose offset a function of that has said. */
#define VMGEN_ACCESS_OF_ELEMENT(part, offset, model) \
    vmgen_access_of(offset, part##_WIDTH(model), part##_ALIGN(model), part##_REGION, \
                    part##_FLAGS)

/**
 * The same of the number or pointer that a pointer leads to, whose address is what was loaded. A
 * record has accesses of its own.
 */
#define VMGEN_ACCESS_OF_POINTEE(part, model) \
    vmgen_access_of(0, part##_POINTEE_WIDTH(model), part##_POINTEE_ALIGN(model), \
                    part##_POINTEE_REGION, part##_POINTEE_FLAGS)

/**
 * A part of a record that lies in another one, at `outer` of it, or behind `outer` bytes of a
 * context: further away, no more aligned, and with the flags that hold for all of that. What
 * is volatile changes whatever it is in.
 */
static inline vmgen_access vmgen_within(
    vmgen_access part, uint32_t outer, uint32_t align, uint32_t flags)
{
    part.offset += outer;
    part.align = part.align < align ? part.align : align;
    part.flags |= flags & (VMGEN_READONLY | VMGEN_CAN_MOVE | VMGEN_VOLATILE);
    if (part.flags & VMGEN_VOLATILE) {
        part.flags &= ~(VMGEN_READONLY | VMGEN_CAN_MOVE);
    }
    return part;
}

#endif
