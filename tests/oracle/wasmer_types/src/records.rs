//! Records of fixed size, and the slots of the table of function pointers.
//!
//! Names are those of Wasmer's types and fields, whatever its offset methods are called.

use crate::context;
use wasmer_types::VMBuiltinFunctionIndex;

pub fn describe(ptr: u8) -> String {
    let records = records(ptr)
        .into_iter()
        .map(|(name, n)| format!("{name}={n}"));
    let slots = slots().into_iter().map(|(name, slot)| {
        format!(
            "VMBuiltinFunctionsArray.{name}={}",
            slot.index() * u32::from(ptr)
        )
    });
    let size = VMBuiltinFunctionIndex::builtin_functions_total_number() * u32::from(ptr);
    records
        .chain(slots)
        .chain([format!("VMBuiltinFunctionsArray:size={size}")])
        .collect::<Vec<_>>()
        .join(" ")
}

fn records(ptr: u8) -> Vec<(&'static str, u8)> {
    let o = context::offsets(ptr, [0; 9]);
    vec![
        ("VMFunctionImport.body", o.vmfunction_import_body()),
        ("VMFunctionImport.environment", o.vmfunction_import_vmctx()),
        ("VMFunctionImport.handle", o.vmfunction_import_handle()),
        (
            "VMFunctionImport.include_m0_param",
            o.vmfunction_import_include_m0_param(),
        ),
        ("VMFunctionImport:size", o.size_of_vmfunction_import()),
        (
            "VMDynamicFunctionContext.address",
            o.vmdynamicfunction_import_context_address(),
        ),
        (
            "VMDynamicFunctionContext.ctx",
            o.vmdynamicfunction_import_context_ctx(),
        ),
        (
            "VMDynamicFunctionContext:size",
            o.size_of_vmdynamicfunction_import_context(),
        ),
        ("VMTableImport.definition", o.vmtable_import_definition()),
        ("VMTableImport.handle", o.vmtable_import_handle()),
        ("VMTableImport:size", o.size_of_vmtable_import()),
        ("VMTableDefinition.base", o.vmtable_definition_base()),
        (
            "VMTableDefinition.current_elements",
            o.vmtable_definition_current_elements(),
        ),
        ("VMTableDefinition:size", o.size_of_vmtable_definition()),
        ("VMMemoryImport.definition", o.vmmemory_import_definition()),
        ("VMMemoryImport.handle", o.vmmemory_import_handle()),
        ("VMMemoryImport:size", o.size_of_vmmemory_import()),
        ("VMMemoryDefinition.base", o.vmmemory_definition_base()),
        (
            "VMMemoryDefinition.current_length",
            o.vmmemory_definition_current_length(),
        ),
        ("VMMemoryDefinition:size", o.size_of_vmmemory_definition()),
        ("VMGlobalImport.definition", o.vmglobal_import_definition()),
        ("VMGlobalImport.handle", o.vmglobal_import_handle()),
        ("VMGlobalImport:size", o.size_of_vmglobal_import()),
        ("VMGlobalDefinition:size", o.size_of_vmglobal_local()),
        (
            "VMCallerCheckedAnyfunc.func_ptr",
            o.vmcaller_checked_anyfunc_func_ptr(),
        ),
        (
            "VMCallerCheckedAnyfunc.type_signature_hash",
            o.vmcaller_checked_anyfunc_signature_hash(),
        ),
        (
            "VMCallerCheckedAnyfunc.vmctx",
            o.vmcaller_checked_anyfunc_vmctx(),
        ),
        (
            "VMCallerCheckedAnyfunc.call_trampoline",
            o.vmcaller_checked_anyfunc_call_trampoline(),
        ),
        (
            "VMCallerCheckedAnyfunc:size",
            o.size_of_vmcaller_checked_anyfunc(),
        ),
        ("VMFuncRef:size", o.size_of_vm_funcref()),
        ("VMSharedTagIndex:size", o.size_of_vmshared_tag_index()),
    ]
}

macro_rules! slots {
    ($($name:ident: $index:ident,)*) => {
        vec![$((stringify!($name), VMBuiltinFunctionIndex::$index())),*]
    };
}

fn slots() -> Vec<(&'static str, VMBuiltinFunctionIndex)> {
    slots! {
        memory32_grow: get_memory32_grow_index,
        imported_memory32_grow: get_imported_memory32_grow_index,
        memory32_size: get_memory32_size_index,
        imported_memory32_size: get_imported_memory32_size_index,
        table_copy: get_table_copy_index,
        table_init: get_table_init_index,
        elem_drop: get_elem_drop_index,
        memory_copy: get_memory_copy_index,
        memory_fill: get_memory_fill_index,
        imported_memory_fill: get_imported_memory_fill_index,
        memory_init: get_memory_init_index,
        data_drop: get_data_drop_index,
        raise_trap: get_raise_trap_index,
        table_size: get_table_size_index,
        imported_table_size: get_imported_table_size_index,
        table_grow: get_table_grow_index,
        imported_table_grow: get_imported_table_grow_index,
        table_get: get_table_get_index,
        imported_table_get: get_imported_table_get_index,
        table_set: get_table_set_index,
        imported_table_set: get_imported_table_set_index,
        func_ref: get_func_ref_index,
        table_fill: get_table_fill_index,
        memory_atomic_wait32: get_memory_atomic_wait32_index,
        imported_memory_atomic_wait32: get_imported_memory_atomic_wait32_index,
        memory_atomic_wait64: get_memory_atomic_wait64_index,
        imported_memory_atomic_wait64: get_imported_memory_atomic_wait64_index,
        memory_atomic_notify: get_memory_atomic_notify_index,
        imported_memory_atomic_notify: get_imported_memory_atomic_notify_index,
        debug_usize: get_imported_debug_usize_index,
        debug_str: get_imported_debug_str_index,
        personality2: get_imported_personality2_index,
        alloc_exception: get_imported_alloc_exception_index,
        throw: get_imported_throw_index,
        read_exnref: get_imported_read_exnref_index,
        exception_into_exnref: get_imported_exception_into_exnref_index,
    }
}
