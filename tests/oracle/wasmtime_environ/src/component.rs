//! `VMComponentContext`: `wasmtime_environ::component::VMComponentOffsets` over given counts.
//!
//! Unlike the core offsets these are only built from a whole `Component`, so an empty one gets the
//! counts. Two of them are lengths of its tables rather than numbers, which is what limits them.

use crate::region;
use wasmtime_environ::component::{
    Component, LoweredIndex, ResourceIndex, RuntimeCallbackIndex, RuntimeComponentInstanceIndex,
    RuntimeMemoryIndex, RuntimePostReturnIndex, RuntimeReallocIndex, RuntimeTableIndex,
    TrampolineIndex, UnsafeIntrinsic, VMComponentOffsets,
};
use wasmtime_environ::{ModuleInternedTypeIndex, PrimaryMap};

/// The order in which a question gives the counts: that of the regions in memory.
pub const COUNTS: [&str; 10] = [
    "num_runtime_component_instances",
    "num_trampolines",
    "num_unsafe_intrinsics",
    "num_lowerings",
    "num_runtime_memories",
    "num_runtime_tables",
    "num_runtime_reallocs",
    "num_runtime_callbacks",
    "num_runtime_post_returns",
    "num_resources",
];

/// Trampolines are a table of four-byte entries: this many are half a gigabyte, and the first
/// count whose func refs overflow for 8-byte pointers.
const MOST_TRAMPOLINES: u32 = 1 << 27;

/// Says why counts cannot be put into a `Component` at all.
pub fn check(counts: &[u32; 10]) -> Result<(), String> {
    if counts[1] > MOST_TRAMPOLINES {
        return Err(format!("num_trampolines is over {MOST_TRAMPOLINES}"));
    }
    if counts[2] > UnsafeIntrinsic::len() {
        return Err(format!(
            "num_unsafe_intrinsics is over {}",
            UnsafeIntrinsic::len()
        ));
    }
    Ok(())
}

fn component(counts: [u32; 10]) -> Component {
    let some_type = ModuleInternedTypeIndex::from_u32(0);
    let mut component = Component {
        num_runtime_component_instances: counts[0],
        trampolines: PrimaryMap::from(vec![some_type; counts[1] as usize]),
        num_lowerings: counts[3],
        num_runtime_memories: counts[4],
        num_runtime_tables: counts[5],
        num_runtime_reallocs: counts[6],
        num_runtime_callbacks: counts[7],
        num_runtime_post_returns: counts[8],
        num_resources: counts[9],
        ..Component::default()
    };
    // Wasmtime counts the intrinsics up to the last one in use, so one entry sets the number.
    if let Some(last) = counts[2].checked_sub(1) {
        component.unsafe_intrinsics[last as usize] = some_type.into();
    }
    component
}

/// The offsets for these counts; panics where Wasmtime does.
pub fn offsets(ptr: u8, counts: [u32; 10]) -> VMComponentOffsets<u8> {
    VMComponentOffsets::new(ptr, &component(counts))
}

pub fn describe(ptr: u8, counts: [u32; 10]) -> String {
    let o = offsets(ptr, counts);
    // Wasmtime has no accessor for the begin of `flags`, only for a flag that exists; where the
    // region begins does not depend on the counts.
    let flags = offsets(ptr, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        .instance_flags(RuntimeComponentInstanceIndex::from_u32(0));
    [
        format!("magic={}", o.magic()),
        format!("builtins={}", o.builtins()),
        format!("vm_store_context={}", o.vm_store_context()),
        region("flags", flags, counts[0], |i| {
            o.instance_flags(RuntimeComponentInstanceIndex::from_u32(i))
        }),
        format!("task_may_block={}", o.task_may_block()),
        region(
            "trampoline_func_refs",
            o.trampoline_func_refs(),
            o.num_trampolines,
            |i| o.trampoline_func_ref(TrampolineIndex::from_u32(i)),
        ),
        region(
            "intrinsic_func_refs",
            o.unsafe_intrinsic_func_refs(),
            o.num_unsafe_intrinsics,
            |i| o.unsafe_intrinsic_func_ref(UnsafeIntrinsic::from_u32(i)),
        ),
        region("lowerings", o.lowerings(), o.num_lowerings, |i| {
            o.lowering(LoweredIndex::from_u32(i))
        }),
        region(
            "memories",
            o.runtime_memories(),
            o.num_runtime_memories,
            |i| o.runtime_memory(RuntimeMemoryIndex::from_u32(i)),
        ),
        region("tables", o.runtime_tables(), o.num_runtime_tables, |i| {
            o.runtime_table(RuntimeTableIndex::from_u32(i))
        }),
        region(
            "reallocs",
            o.runtime_reallocs(),
            o.num_runtime_reallocs,
            |i| o.runtime_realloc(RuntimeReallocIndex::from_u32(i)),
        ),
        region(
            "callbacks",
            o.runtime_callbacks(),
            o.num_runtime_callbacks,
            |i| o.runtime_callback(RuntimeCallbackIndex::from_u32(i)),
        ),
        region(
            "post_returns",
            o.runtime_post_returns(),
            o.num_runtime_post_returns,
            |i| o.runtime_post_return(RuntimePostReturnIndex::from_u32(i)),
        ),
        region(
            "resource_destructors",
            o.resource_destructors(),
            o.num_resources,
            |i| o.resource_destructor(ResourceIndex::from_u32(i)),
        ),
        format!("size={}", o.size_of_vmctx()),
    ]
    .join(" ")
}
