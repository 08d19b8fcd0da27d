//! What the macros of `shapes` list since Wasmtime 48, by the methods of the releases before.

use super::Line;
use crate::core::{self, COUNTS};
use wasmtime_environ::PtrSize;

pub fn describe(ptr: u8) -> Vec<Line> {
    vec![
        definitions_and_imports(ptr),
        store_context(ptr),
        #[cfg(since_47)]
        deferred_thread(ptr),
    ]
    .concat()
}

fn definitions_and_imports(ptr: u8) -> Vec<Line> {
    let o = core::offsets(ptr, [0; COUNTS.len()]);
    vec![
        (
            "VMFunctionImport.wasm_call",
            o.vmfunction_import_wasm_call().into(),
        ),
        (
            "VMFunctionImport.array_call",
            o.vmfunction_import_array_call().into(),
        ),
        #[cfg(since_45)]
        (
            "VMFunctionImport.type_index",
            o.vmfunction_import_type_index().into(),
        ),
        ("VMFunctionImport.vmctx", o.vmfunction_import_vmctx().into()),
        (
            "VMFunctionImport:size",
            o.size_of_vmfunction_import().into(),
        ),
        ("VMTableImport.from", o.vmtable_import_from().into()),
        ("VMTableImport.vmctx", o.vmtable_import_vmctx().into()),
        ("VMTableImport.index", o.vmtable_import_index().into()),
        ("VMTableImport:size", o.size_of_vmtable_import().into()),
        ("VMMemoryImport.from", o.vmmemory_import_from().into()),
        ("VMMemoryImport.vmctx", o.vmmemory_import_vmctx().into()),
        ("VMMemoryImport.index", o.vmmemory_import_index().into()),
        ("VMMemoryImport:size", o.size_of_vmmemory_import().into()),
        ("VMGlobalImport.from", o.vmglobal_import_from().into()),
        ("VMGlobalImport:size", o.size_of_vmglobal_import().into()),
        ("VMTagImport.from", o.vmtag_import_from().into()),
        ("VMTagImport.vmctx", o.vmtag_import_vmctx().into()),
        ("VMTagImport.index", o.vmtag_import_index().into()),
        ("VMTagImport:size", o.size_of_vmtag_import().into()),
        ("VMTableDefinition.base", o.vmtable_definition_base().into()),
        (
            "VMTableDefinition.current_elements",
            o.vmtable_definition_current_elements().into(),
        ),
        (
            "VMTableDefinition:size",
            o.size_of_vmtable_definition().into(),
        ),
        (
            "VMMemoryDefinition.base",
            ptr.vmmemory_definition_base().into(),
        ),
        (
            "VMMemoryDefinition.current_length",
            ptr.vmmemory_definition_current_length().into(),
        ),
        (
            "VMMemoryDefinition:size",
            ptr.size_of_vmmemory_definition().into(),
        ),
        (
            "VMGlobalDefinition:size",
            ptr.size_of_vmglobal_definition().into(),
        ),
        (
            "VMTagDefinition:size",
            ptr.size_of_vmtag_definition().into(),
        ),
        ("VMFuncRef.array_call", ptr.vm_func_ref_array_call().into()),
        ("VMFuncRef.wasm_call", ptr.vm_func_ref_wasm_call().into()),
        ("VMFuncRef.type_index", ptr.vm_func_ref_type_index().into()),
        ("VMFuncRef.vmctx", ptr.vm_func_ref_vmctx().into()),
        ("VMFuncRef:size", ptr.size_of_vm_func_ref().into()),
    ]
}

fn store_context(ptr: u8) -> Vec<Line> {
    vec![
        (
            "VMStoreContext.fuel_consumed",
            ptr.vmstore_context_fuel_consumed().into(),
        ),
        (
            "VMStoreContext.epoch_deadline",
            ptr.vmstore_context_epoch_deadline().into(),
        ),
        #[cfg(since_43)]
        (
            "VMStoreContext.execution_version",
            ptr.vmstore_context_execution_version().into(),
        ),
        (
            "VMStoreContext.stack_limit",
            ptr.vmstore_context_stack_limit().into(),
        ),
        (
            "VMStoreContext.gc_heap",
            ptr.vmstore_context_gc_heap().into(),
        ),
        (
            "VMStoreContext.gc_heap.base",
            ptr.vmstore_context_gc_heap_base().into(),
        ),
        (
            "VMStoreContext.gc_heap.current_length",
            ptr.vmstore_context_gc_heap_current_length().into(),
        ),
        (
            "VMStoreContext.last_wasm_exit_trampoline_fp",
            ptr.vmstore_context_last_wasm_exit_trampoline_fp().into(),
        ),
        (
            "VMStoreContext.last_wasm_exit_pc",
            ptr.vmstore_context_last_wasm_exit_pc().into(),
        ),
        (
            "VMStoreContext.last_wasm_entry_sp",
            ptr.vmstore_context_last_wasm_entry_sp().into(),
        ),
        (
            "VMStoreContext.last_wasm_entry_fp",
            ptr.vmstore_context_last_wasm_entry_fp().into(),
        ),
        (
            "VMStoreContext.last_wasm_entry_trap_handler",
            ptr.vmstore_context_last_wasm_entry_trap_handler().into(),
        ),
        (
            "VMStoreContext.stack_chain",
            ptr.vmstore_context_stack_chain().into(),
        ),
        (
            "VMStoreContext.store_data",
            ptr.vmstore_context_store_data().into(),
        ),
        #[cfg(since_45)]
        (
            "VMStoreContext.async_guard_range",
            ptr.vmstore_context_async_guard_range().into(),
        ),
        #[cfg(since_45)]
        (
            "VMStoreContext.component_context",
            ptr.vmstore_context_component_context_slot(0).into(),
        ),
        #[cfg(since_47)]
        (
            "VMStoreContext.current_thread",
            ptr.vmstore_context_current_thread().into(),
        ),
    ]
}

#[cfg(since_47)]
fn deferred_thread(ptr: u8) -> Vec<Line> {
    vec![
        (
            "VMDeferredThread.parent",
            ptr.vmdeferred_thread_parent().into(),
        ),
        (
            "VMDeferredThread.caller_instance",
            ptr.vmdeferred_thread_caller_instance().into(),
        ),
        (
            "VMDeferredThread.callee_async",
            ptr.vmdeferred_thread_callee_async().into(),
        ),
        (
            "VMDeferredThread.callee_instance",
            ptr.vmdeferred_thread_callee_instance().into(),
        ),
        (
            "VMDeferredThread.saved_context",
            ptr.vmdeferred_thread_saved_context(0).into(),
        ),
        (
            "VMDeferredThread:size",
            ptr.size_of_vmdeferred_thread().into(),
        ),
    ]
}
