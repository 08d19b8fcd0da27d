//! Wasmtime 42 to 48 have a method for each offset.

use super::index;
use crate::region;
use wasmtime_environ::component::{UnsafeIntrinsic, VMComponentOffsets};

#[cfg(not(since_47))]
const FLAGS: &str = "flags";
#[cfg(since_47)]
const FLAGS: &str = "may_leave";

#[cfg(not(since_47))]
fn flag(o: &VMComponentOffsets<u8>, position: u32) -> u32 {
    o.instance_flags(index(position))
}

#[cfg(since_47)]
fn flag(o: &VMComponentOffsets<u8>, position: u32) -> u32 {
    o.may_leave(index(position))
}

pub fn describe(o: &VMComponentOffsets<u8>) -> String {
    // Wasmtime has no accessor for the begin of the flags, only for a flag that exists; where the
    // region begins does not depend on the counts.
    let one_flag = super::offsets(o.ptr, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let flags = flag(&one_flag, 0);
    [
        format!("magic={}", o.magic()),
        format!("builtins={}", o.builtins()),
        format!("vm_store_context={}", o.vm_store_context()),
        region(FLAGS, flags, o.num_runtime_component_instances, |i| {
            flag(o, i)
        }),
        format!("task_may_block={}", o.task_may_block()),
        region(
            "trampoline_func_refs",
            o.trampoline_func_refs(),
            o.num_trampolines,
            |i| o.trampoline_func_ref(index(i)),
        ),
        region(
            "intrinsic_func_refs",
            o.unsafe_intrinsic_func_refs(),
            o.num_unsafe_intrinsics,
            |i| o.unsafe_intrinsic_func_ref(UnsafeIntrinsic::from_u32(i)),
        ),
        region("lowerings", o.lowerings(), o.num_lowerings, |i| {
            o.lowering(index(i))
        }),
        region(
            "memories",
            o.runtime_memories(),
            o.num_runtime_memories,
            |i| o.runtime_memory(index(i)),
        ),
        region("tables", o.runtime_tables(), o.num_runtime_tables, |i| {
            o.runtime_table(index(i))
        }),
        region(
            "reallocs",
            o.runtime_reallocs(),
            o.num_runtime_reallocs,
            |i| o.runtime_realloc(index(i)),
        ),
        region(
            "callbacks",
            o.runtime_callbacks(),
            o.num_runtime_callbacks,
            |i| o.runtime_callback(index(i)),
        ),
        region(
            "post_returns",
            o.runtime_post_returns(),
            o.num_runtime_post_returns,
            |i| o.runtime_post_return(index(i)),
        ),
        region(
            "resource_destructors",
            o.resource_destructors(),
            o.num_resources,
            |i| o.resource_destructor(index(i)),
        ),
        format!("size={}", o.size_of_vmctx()),
    ]
    .join(" ")
}
