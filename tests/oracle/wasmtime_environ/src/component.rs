//! `VMComponentContext`: `wasmtime_environ::component::VMComponentOffsets` over given counts.
//!
//! Unlike the core offsets these are only built from a whole `Component`, so an empty one gets the
//! counts. Two of them are lengths of its tables rather than numbers, which is what limits them.

use wasmtime_environ::component::{Component, UnsafeIntrinsic, VMComponentOffsets};
use wasmtime_environ::{EntityRef, ModuleInternedTypeIndex};

#[cfg(not(since_49))]
#[path = "component/methods.rs"]
mod describe;
#[cfg(since_49)]
#[path = "component/arrays.rs"]
mod describe;

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
        trampolines: (0..counts[1]).map(|_| some_type).collect(),
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

fn index<I: EntityRef>(position: u32) -> I {
    I::new(position as usize)
}

pub fn describe(ptr: u8, counts: [u32; 10]) -> String {
    describe::describe(&offsets(ptr, counts))
}
