/* Loads and stores for LLVM, by the constants of a header that vmgen makes. */
#ifndef ACCESS_H
#define ACCESS_H

#include <string.h>

#include <llvm-c/Core.h>

#include "vmgen_llvm.h"

/* A module of records in the code that is built: what its alias regions are called. */
typedef struct records_of {
    LLVMContextRef context;
    LLVMBuilderRef builder;
    const char *root;
    const char *(*region)(uint32_t number);
} records_of;

static LLVMMetadataRef text(const records_of *in, const char *words)
{
    return LLVMMDStringInContext2(in->context, words, strlen(words));
}

static void mark(const records_of *in, LLVMValueRef value, const char *kind, LLVMMetadataRef node)
{
    unsigned id = LLVMGetMDKindIDInContext(in->context, kind, (unsigned)strlen(kind));
    LLVMSetMetadata(value, id, LLVMMetadataAsValue(in->context, node));
}

/* The region as a node of TBAA: two accesses with different nodes never meet. */
static void mark_region(const records_of *in, LLVMValueRef value, vmgen_access access)
{
    if (access.region == VMGEN_NO_REGION) {
        return;
    }
    LLVMMetadataRef name = text(in, in->root);
    LLVMMetadataRef root = LLVMMDNodeInContext2(in->context, &name, 1);
    LLVMValueRef none = LLVMConstInt(LLVMInt64TypeInContext(in->context), 0, 0);
    LLVMMetadataRef zero = LLVMValueAsMetadata(none);
    LLVMMetadataRef parts[] = {text(in, in->region(access.region)), root, zero};
    LLVMMetadataRef node = LLVMMDNodeInContext2(in->context, parts, 3);
    LLVMMetadataRef tag[] = {node, node, zero};
    mark(in, value, "tbaa", LLVMMDNodeInContext2(in->context, tag, 3));
}

static LLVMTypeRef type_of(const records_of *in, vmgen_access access)
{
    if (access.flags & VMGEN_POINTER) {
        return LLVMPointerType(LLVMInt8TypeInContext(in->context), 0);
    }
    if (access.flags & VMGEN_FLOAT) {
        return access.width == 4 ? LLVMFloatTypeInContext(in->context)
                                 : LLVMDoubleTypeInContext(in->context);
    }
    return LLVMIntTypeInContext(in->context, 8 * access.width);
}

static LLVMValueRef address_of(const records_of *in, vmgen_access access, LLVMValueRef base)
{
    LLVMTypeRef byte = LLVMInt8TypeInContext(in->context);
    LLVMValueRef at = LLVMConstInt(LLVMInt64TypeInContext(in->context), access.offset, 0);
    LLVMValueRef place = LLVMBuildInBoundsGEP2(in->builder, byte, base, &at, 1, "");
    /* LLVM 14 has types of pointers; in later ones there is nothing to cast. */
    return LLVMBuildPointerCast(in->builder, place, LLVMPointerType(type_of(in, access), 0), "");
}

static void order(LLVMValueRef value, vmgen_access access, LLVMAtomicOrdering of_pair)
{
    if (access.flags & VMGEN_RELAXED) {
        LLVMSetOrdering(value, LLVMAtomicOrderingMonotonic);
    } else if (access.flags & VMGEN_ACQUIRE_RELEASE) {
        LLVMSetOrdering(value, of_pair);
    } else if (access.flags & VMGEN_SEQ_CST) {
        LLVMSetOrdering(value, LLVMAtomicOrderingSequentiallyConsistent);
    }
}

/* For little-endian targets: on others swap what is VMGEN_LITTLE_ENDIAN. */
static LLVMValueRef load(
    const records_of *in, vmgen_access access, LLVMValueRef base, const char *name)
{
    LLVMValueRef place = address_of(in, access, base);
    LLVMValueRef value = LLVMBuildLoad2(in->builder, type_of(in, access), place, name);
    LLVMMetadataRef nothing = LLVMMDNodeInContext2(in->context, NULL, 0);
    LLVMSetAlignment(value, access.align);
    order(value, access, LLVMAtomicOrderingAcquire);
    LLVMSetVolatile(value, (access.flags & VMGEN_VOLATILE) != 0);
    mark_region(in, value, access);
    if ((access.flags & VMGEN_READONLY) && LLVMGetOrdering(value) == LLVMAtomicOrderingNotAtomic) {
        mark(in, value, "invariant.load", nothing);
    }
    if (access.flags & VMGEN_NEVER_NULL) {
        mark(in, value, "nonnull", nothing);
    }
    return value;
}

static void mark_numbers(const records_of *in, LLVMValueRef value, const char *kind,
    LLVMTypeRef type, const uint64_t *numbers, unsigned count)
{
    LLVMMetadataRef parts[count];
    for (unsigned i = 0; i < count; i++) {
        parts[i] = LLVMValueAsMetadata(LLVMConstInt(type, numbers[i], 0));
    }
    mark(in, value, kind, LLVMMDNodeInContext2(in->context, parts, count));
}

/* What a pointer that was loaded leads to: `bytes` are there for certain, if any. */
static LLVMValueRef pointee(const records_of *in, vmgen_access link, LLVMValueRef pointer,
    uint32_t align, uint32_t bytes)
{
    const bool never = (link.flags & VMGEN_NEVER_NULL) != 0;
    LLVMTypeRef number = LLVMInt64TypeInContext(in->context);
    if (align > 1) {
        mark_numbers(in, pointer, "align", number, &(uint64_t){align}, 1);
    }
    if (bytes != 0) {
        mark_numbers(in, pointer, never ? "dereferenceable" : "dereferenceable_or_null", number,
            &(uint64_t){bytes}, 1);
    }
    return pointer;
}

/* The values that a number that was loaded can have. */
static LLVMValueRef among(const records_of *in, vmgen_access access, LLVMValueRef value,
    const vmgen_range *ranges, unsigned count)
{
    const uint64_t all = UINT64_MAX >> (64 - 8 * access.width);
    uint64_t limits[2 * count];
    for (unsigned i = 0; i < count; i++) {
        limits[2 * i] = ranges[i].first;
        limits[2 * i + 1] = (ranges[i].last + 1) & all;
    }
    mark_numbers(in, value, "range", type_of(in, access), limits, 2 * count);
    return value;
}

static LLVMValueRef store(
    const records_of *in, vmgen_access access, LLVMValueRef base, LLVMValueRef value)
{
    LLVMValueRef done = LLVMBuildStore(in->builder, value, address_of(in, access, base));
    LLVMSetAlignment(done, access.align);
    order(done, access, LLVMAtomicOrderingRelease);
    LLVMSetVolatile(done, (access.flags & VMGEN_VOLATILE) != 0);
    mark_region(in, done, access);
    return done;
}

#endif
