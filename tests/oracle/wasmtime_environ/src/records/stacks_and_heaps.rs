//! What the macros of `shapes` list since Wasmtime 49, by the methods of the releases before.

use super::Line;
use wasmtime_environ::PtrSize;

pub fn describe(ptr: u8) -> Vec<Line> {
    vec![
        stack_switching(ptr),
        #[cfg(since_46)]
        heap_data(ptr),
    ]
    .concat()
}

fn stack_switching(ptr: u8) -> Vec<Line> {
    vec![
        (
            "VMStackLimits.stack_limit",
            ptr.vmstack_limits_stack_limit().into(),
        ),
        (
            "VMStackLimits.last_wasm_entry_fp",
            ptr.vmstack_limits_last_wasm_entry_fp().into(),
        ),
        #[cfg(since_48)]
        (
            "VMStackLimits.last_wasm_entry_sp",
            ptr.vmstack_limits_last_wasm_entry_sp().into(),
        ),
        #[cfg(since_48)]
        (
            "VMStackLimits.last_wasm_entry_trap_handler",
            ptr.vmstack_limits_last_wasm_entry_trap_handler().into(),
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

#[cfg(since_46)]
fn heap_data(ptr: u8) -> Vec<Line> {
    vec![
        (
            "VMDrcHeapData.over_approximated_stack_roots",
            ptr.vmdrc_heap_data_over_approximated_stack_roots().into(),
        ),
        (
            "VMDrcHeapData.current_over_approximated_stack_roots_len",
            ptr.vmdrc_heap_data_current_over_approximated_stack_roots_len()
                .into(),
        ),
        (
            "VMDrcHeapData.over_approximated_stack_roots_len_after_last_gc",
            ptr.vmdrc_heap_data_over_approximated_stack_roots_len_after_last_gc()
                .into(),
        ),
        ("VMDrcHeapData:size", ptr.size_of_vmdrc_heap_data().into()),
        ("VMDrcHeapData:align", ptr.align_of_vmdrc_heap_data().into()),
        (
            "VMCopyingHeapData.bump_ptr",
            ptr.vmcopying_heap_data_bump_ptr().into(),
        ),
        (
            "VMCopyingHeapData.active_space_end",
            ptr.vmcopying_heap_data_active_space_end().into(),
        ),
        (
            "VMCopyingHeapData:size",
            ptr.size_of_vmcopying_heap_data().into(),
        ),
        (
            "VMCopyingHeapData:align",
            ptr.align_of_vmcopying_heap_data().into(),
        ),
    ]
}
