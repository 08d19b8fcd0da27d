/* Code made with LLVM's C interface that burns fuel in records which C has, too. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <llvm-c/Analysis.h>
#include <llvm-c/ExecutionEngine.h>
#include <llvm-c/Target.h>

#include "records_llvm.h"

#include "access.h"

#define MODEL RECORDS_MODEL_HOST

/* int64_t burn(VMContext *context): takes the last cell off the fuel, and gives what is left. */
static void emit(const records_of *in, LLVMValueRef vmctx, const VMContextOffsets *offsets)
{
    uint32_t at;
    if (!vm_context_cells_at(offsets, offsets->counts.num_cells - 1, &at)) {
        abort();
    }
    vmgen_access cell = VMGEN_ACCESS_OF_PART(RECORDS_LLVM_VMCell_value, MODEL);
    cell = vmgen_within(cell, at, RECORDS_LLVM_VMContext_cells_ALIGN(MODEL),
                     RECORDS_LLVM_VMContext_cells_FLAGS);
    vmgen_access fuel = VMGEN_ACCESS_OF_PART(RECORDS_LLVM_VMStore_fuel, MODEL);
    vmgen_access epoch = VMGEN_ACCESS_OF_PART(RECORDS_LLVM_VMStore_epoch, MODEL);
    vmgen_access link = VMGEN_ACCESS_OF_PART(RECORDS_LLVM_VMContext_store, MODEL);

    LLVMValueRef store_ = pointee(in, link, load(in, link, vmctx, "store"),
                                  RECORDS_LLVM_VMContext_store_POINTEE_ALIGN(MODEL), 0);
    /* LLVM knows by its range that it is right. */
    static const vmgen_range magics[] = {RECORDS_LLVM_VMContext_magic_RANGES};
    vmgen_access mark_ = VMGEN_ACCESS_OF_PART(RECORDS_LLVM_VMContext_magic, MODEL);
    LLVMValueRef magic = among(in, mark_, load(in, mark_, vmctx, "magic"), magics,
                               RECORDS_LLVM_VMContext_magic_RANGE_COUNT);
    LLVMValueRef expected = LLVMConstInt(LLVMTypeOf(magic), CONTEXT_MAGIC, 0);
    LLVMValueRef right = LLVMBuildICmp(in->builder, LLVMIntEQ, magic, expected, "right");
    LLVMValueRef cost = load(in, cell, vmctx, "cost");
    LLVMValueRef left = load(in, fuel, store_, "fuel");
    left = LLVMBuildSub(in->builder, left, cost, "left");
    store(in, fuel, store_, left);
    LLVMValueRef now = load(in, epoch, store_, "epoch");
    left = LLVMBuildAdd(in->builder, left, now, "");
    LLVMValueRef none = LLVMConstNull(LLVMTypeOf(left));
    LLVMBuildRet(in->builder, LLVMBuildSelect(in->builder, right, left, none, ""));
}

int main(void)
{
    VMContextOffsets offsets;
    if (!vm_context_offsets_init(&offsets, MODEL, &(VMContextCounts){.num_cells = 3})) {
        return 1;
    }
    VMStore host = {.fuel = 1000, .epoch = 5};
    VMContext *context = calloc(1, offsets.size);
    context->magic = CONTEXT_MAGIC;
    context->store = &host;
    vm_context_cells_ptr(context, &offsets, 2)->value = 30;

    LLVMInitializeNativeTarget();
    LLVMInitializeNativeAsmPrinter();
    LLVMLinkInMCJIT();
    LLVMContextRef llvm = LLVMContextCreate();
    LLVMModuleRef module = LLVMModuleCreateWithNameInContext("burn", llvm);
    LLVMTypeRef pointer = LLVMPointerType(LLVMInt8TypeInContext(llvm), 0);
    LLVMTypeRef type = LLVMFunctionType(LLVMInt64TypeInContext(llvm), &pointer, 1, 0);
    LLVMValueRef function = LLVMAddFunction(module, "burn", type);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(llvm);
    records_of in = {llvm, builder, RECORDS_LLVM_ROOT, records_llvm_region};
    LLVMBasicBlockRef entry = LLVMAppendBasicBlockInContext(llvm, function, "entry");
    LLVMPositionBuilderAtEnd(builder, entry);
    emit(&in, LLVMGetParam(function, 0), &offsets);

    char *message = NULL;
    LLVMExecutionEngineRef engine;
    if (LLVMVerifyModule(module, LLVMReturnStatusAction, &message) ||
        LLVMCreateMCJITCompilerForModule(&engine, module, NULL, 0, &message)) {
        fprintf(stderr, "%s\n", message);
        return 1;
    }
    int64_t (*burn)(VMContext *) =
        (int64_t(*)(VMContext *))(uintptr_t)LLVMGetFunctionAddress(engine, "burn");
    printf("%" PRId64 "\n", burn(context));
    printf("%" PRId64 " are left of 1000\n", host.fuel);
    return 0;
}
