//! Records of fixed size, and the tables of function pointers.
//!
//! Names are those of Wasmtime's types and fields, whatever its offset methods are called.

#[cfg(not(since_48))]
mod definitions;
mod gc;
#[cfg(since_48)]
mod shapes;
#[cfg(not(since_49))]
mod stacks_and_heaps;

use crate::component;
use wasmtime_environ::component::ComponentBuiltinFunctionIndex;
use wasmtime_environ::{BuiltinFunctionIndex, PtrSize};

pub fn describe(ptr: u8) -> String {
    let mut lines = Vec::new();
    lines.extend(vm_context(ptr));
    lines.extend(by_hand(ptr));
    #[cfg(not(since_48))]
    lines.extend(definitions::describe(ptr));
    #[cfg(not(since_49))]
    lines.extend(stacks_and_heaps::describe(ptr));
    #[cfg(since_48)]
    lines.extend(shapes::describe(ptr));
    lines.extend(component_records(ptr));
    lines.extend(gc::describe(ptr));
    let numbers = lines.into_iter().map(|(name, n)| format!("{name}={n}"));
    let slots = function_tables(ptr).map(|(name, n)| format!("{name}={n}"));
    numbers.chain(slots).collect::<Vec<_>>().join(" ")
}

type Line = (&'static str, u64);

#[cfg(not(since_49))]
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

#[cfg(since_49)]
fn vm_context(ptr: u8) -> Vec<Line> {
    let fixed = ptr.vmctx();
    vec![
        ("VMContext.magic", fixed.magic().into()),
        ("VMContext.store_context", fixed.store_context().into()),
        (
            "VMContext.builtin_functions",
            fixed.builtin_functions().into(),
        ),
        ("VMContext.epoch_ptr", fixed.epoch_ptr().into()),
        ("VMContext.gc_heap_data", fixed.gc_heap_data().into()),
        ("VMContext.type_ids", fixed.type_ids().into()),
        ("VMContext:fixed", fixed.end_of_static_fields().into()),
        (
            "VMComponentContext:fixed",
            ptr.vmcomponent().end_of_static_fields().into(),
        ),
    ]
}

/// What Wasmtime has written by hand in every release.
fn by_hand(ptr: u8) -> Vec<Line> {
    let o = crate::core::offsets(ptr, [0; crate::core::COUNTS.len()]);
    vec![
        (
            "VMSharedTypeIndex:size",
            o.size_of_vmshared_type_index().into(),
        ),
        (
            "VMArrayCallHostFuncContext.func_ref",
            ptr.vmarray_call_host_func_context_func_ref().into(),
        ),
        ("VMStackChain:size", ptr.size_of_vmstack_chain().into()),
        ("VMContObj.contref", ptr.vmcontobj_contref().into()),
        ("VMContObj.revision", ptr.vmcontobj_revision().into()),
        ("VMContObj:size", ptr.size_of_vmcontobj().into()),
    ]
}

fn component_records(ptr: u8) -> Vec<Line> {
    let o = component::offsets(ptr, [1; 10]);
    vec![
        ("VMLowering.callee", o.lowering_callee_offset().into()),
        ("VMLowering.data", o.lowering_data_offset().into()),
        ("VMLowering:size", o.lowering_size().into()),
        #[cfg(not(since_48))]
        // Components have a constant of their own for this record.
        ("VMTableImport:size", o.size_of_vmtable_import().into()),
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
