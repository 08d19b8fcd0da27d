//! Records of fixed size, and the tables of function pointers.
//!
//! Names are those of Wasmtime's types and fields, whatever its offset methods are called.

use crate::{component, core};
use wasmtime_environ::component::ComponentBuiltinFunctionIndex;
use wasmtime_environ::{BuiltinFunctionIndex, PtrSize, VM_GC_HEADER_SIZE, drc, null};

pub fn describe(ptr: u8) -> String {
    let mut lines = Vec::new();
    lines.extend(vm_context(ptr));
    lines.extend(definitions_and_imports(ptr));
    lines.extend(store_context(ptr));
    lines.extend(stack_switching(ptr));
    lines.extend(component_records(ptr));
    lines.extend(gc(ptr));
    let numbers = lines.into_iter().map(|(name, n)| format!("{name}={n}"));
    let slots = function_tables(ptr).map(|(name, n)| format!("{name}={n}"));
    numbers.chain(slots).collect::<Vec<_>>().join(" ")
}

type Line = (&'static str, u64);

fn vm_context(ptr: u8) -> Vec<Line> {
    vec![
        ("VMContext.magic", ptr.vmctx_magic().into()),
        ("VMContext.store_context", ptr.vmctx_store_context().into()),
        // Wasmtime has a second formula for each of these two.
        (
            "VMContext.store_context",
            ptr.vmcontext_store_context().into(),
        ),
        (
            "VMContext.builtin_functions",
            ptr.vmctx_builtin_functions().into(),
        ),
        (
            "VMContext.builtin_functions",
            ptr.vmcontext_builtin_functions().into(),
        ),
        ("VMContext.epoch_ptr", ptr.vmctx_epoch_ptr().into()),
        ("VMContext.gc_heap_data", ptr.vmctx_gc_heap_data().into()),
        ("VMContext.type_ids", ptr.vmctx_type_ids_array().into()),
        ("VMContext:fixed", ptr.vmctx_dynamic_data_start().into()),
    ]
}

fn definitions_and_imports(ptr: u8) -> Vec<Line> {
    let o = core::offsets(ptr, [0; 11]);
    vec![
        (
            "VMFunctionImport.wasm_call",
            o.vmfunction_import_wasm_call().into(),
        ),
        (
            "VMFunctionImport.array_call",
            o.vmfunction_import_array_call().into(),
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
        (
            "VMSharedTypeIndex:size",
            o.size_of_vmshared_type_index().into(),
        ),
        ("VMFuncRef.array_call", ptr.vm_func_ref_array_call().into()),
        ("VMFuncRef.wasm_call", ptr.vm_func_ref_wasm_call().into()),
        ("VMFuncRef.type_index", ptr.vm_func_ref_type_index().into()),
        ("VMFuncRef.vmctx", ptr.vm_func_ref_vmctx().into()),
        ("VMFuncRef:size", ptr.size_of_vm_func_ref().into()),
        (
            "VMArrayCallHostFuncContext.func_ref",
            ptr.vmarray_call_host_func_context_func_ref().into(),
        ),
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
    ]
}

fn stack_switching(ptr: u8) -> Vec<Line> {
    vec![
        ("VMStackChain:size", ptr.size_of_vmstack_chain().into()),
        (
            "VMStackLimits.stack_limit",
            ptr.vmstack_limits_stack_limit().into(),
        ),
        (
            "VMStackLimits.last_wasm_entry_fp",
            ptr.vmstack_limits_last_wasm_entry_fp().into(),
        ),
        ("VMHostArray.length", ptr.vmhostarray_length().into()),
        ("VMHostArray.capacity", ptr.vmhostarray_capacity().into()),
        ("VMHostArray.data", ptr.vmhostarray_data().into()),
        ("VMHostArray:size", ptr.size_of_vmhostarray().into()),
        (
            "VMCommonStackInformation.limits",
            ptr.vmcommon_stack_information_limits().into(),
        ),
        (
            "VMCommonStackInformation.state",
            ptr.vmcommon_stack_information_state().into(),
        ),
        (
            "VMCommonStackInformation.handlers",
            ptr.vmcommon_stack_information_handlers().into(),
        ),
        (
            "VMCommonStackInformation.first_switch_handler_index",
            ptr.vmcommon_stack_information_first_switch_handler_index()
                .into(),
        ),
        (
            "VMCommonStackInformation:size",
            ptr.size_of_vmcommon_stack_information().into(),
        ),
        ("VMContObj.contref", ptr.vmcontobj_contref().into()),
        ("VMContObj.revision", ptr.vmcontobj_revision().into()),
        ("VMContObj:size", ptr.size_of_vmcontobj().into()),
        (
            "VMContRef.common_stack_information",
            ptr.vmcontref_common_stack_information().into(),
        ),
        (
            "VMContRef.parent_chain",
            ptr.vmcontref_parent_chain().into(),
        ),
        (
            "VMContRef.last_ancestor",
            ptr.vmcontref_last_ancestor().into(),
        ),
        ("VMContRef.revision", ptr.vmcontref_revision().into()),
        ("VMContRef.stack", ptr.vmcontref_stack().into()),
        ("VMContRef.args", ptr.vmcontref_args().into()),
        ("VMContRef.values", ptr.vmcontref_values().into()),
    ]
}

fn component_records(ptr: u8) -> Vec<Line> {
    let o = component::offsets(ptr, [1; 10]);
    vec![
        ("VMLowering.callee", o.lowering_callee_offset().into()),
        ("VMLowering.data", o.lowering_data_offset().into()),
        ("VMLowering:size", o.lowering_size().into()),
        // Components have a constant of their own for this record.
        ("VMTableImport:size", o.size_of_vmtable_import().into()),
    ]
}

fn gc(ptr: u8) -> Vec<Line> {
    let o = core::offsets(ptr, [0; 11]);
    vec![
        ("VMGcHeader.kind", o.vm_gc_header_kind().into()),
        ("VMGcHeader.ty", o.vm_gc_header_ty().into()),
        ("VMGcHeader:size", VM_GC_HEADER_SIZE.into()),
        ("VMDrcHeader.ref_count", o.vm_drc_header_ref_count().into()),
        (
            "VMDrcHeader.next_over_approximated_stack_root",
            o.vm_drc_header_next_over_approximated_stack_root().into(),
        ),
        ("VMDrcHeader:size", drc::HEADER_SIZE.into()),
        ("VMDrcArrayHeader.length", drc::ARRAY_LENGTH_OFFSET.into()),
        ("VMNullArrayHeader.length", null::ARRAY_LENGTH_OFFSET.into()),
    ]
}

/// Slots of the two tables of function pointers; a slot is as wide as a pointer.
fn function_tables(ptr: u8) -> impl Iterator<Item = (String, u64)> {
    let slot = move |index: u32| u64::from(index) * u64::from(ptr);
    let core = (0..BuiltinFunctionIndex::len()).map(move |i| {
        let name = BuiltinFunctionIndex::from_u32(i).name();
        (format!("VMBuiltinFunctionsArray.{name}"), slot(i))
    });
    let component = (0..ComponentBuiltinFunctionIndex::len()).map(move |i| {
        let name = ComponentBuiltinFunctionIndex::from_u32(i).name();
        (format!("VMComponentBuiltins.{name}"), slot(i))
    });
    let sizes = [
        ("VMBuiltinFunctionsArray:size", BuiltinFunctionIndex::len()),
        (
            "VMComponentBuiltins:size",
            ComponentBuiltinFunctionIndex::len(),
        ),
    ]
    .map(|(name, len)| (name.to_string(), slot(len)));
    core.chain(component).chain(sizes)
}
