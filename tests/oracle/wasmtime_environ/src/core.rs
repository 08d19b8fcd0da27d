//! `VMContext`: `wasmtime_environ::VMOffsets` over given counts.

use wasmtime_environ::{EntityRef, VMOffsets, VMOffsetsFields};

#[cfg(not(since_49))]
#[path = "core/methods.rs"]
mod describe;
#[cfg(since_49)]
#[path = "core/arrays.rs"]
mod describe;

/// The order in which a question gives the counts: that of the regions in memory.
pub const COUNTS: &[&str] = &[
    "num_imported_memories",
    "num_defined_memories",
    "num_owned_memories",
    "num_imported_functions",
    "num_imported_tables",
    "num_imported_globals",
    "num_imported_tags",
    "num_defined_tables",
    "num_defined_globals",
    "num_defined_tags",
    "num_escaped_funcs",
    #[cfg(since_46)]
    "has_startup_func",
    #[cfg(since_46)]
    "num_runtime_data",
];

const NUMBER: usize = COUNTS.len();

pub type Counts = [u32; NUMBER];

/// Says why counts can't be those of a module.
pub fn check(counts: &Counts) -> Result<(), String> {
    let flags = COUNTS
        .iter()
        .zip(counts)
        .filter(|(name, _)| name.starts_with("has_"));
    match flags.into_iter().find(|(_, value)| **value > 1) {
        Some((name, value)) => Err(format!("{name} is a flag, 0 or 1, not {value}")),
        None => Ok(()),
    }
}

/// The offsets for these counts; panics where Wasmtime does.
pub fn offsets(ptr: u8, counts: Counts) -> VMOffsets<u8> {
    let [
        num_imported_memories,
        num_defined_memories,
        num_owned_memories,
        num_imported_functions,
        num_imported_tables,
        num_imported_globals,
        num_imported_tags,
        num_defined_tables,
        num_defined_globals,
        num_defined_tags,
        num_escaped_funcs,
        ..,
    ] = counts;
    VMOffsets::from(VMOffsetsFields {
        ptr,
        num_imported_functions,
        num_imported_tables,
        num_imported_memories,
        num_imported_globals,
        num_imported_tags,
        num_defined_tables,
        num_defined_memories,
        num_owned_memories,
        num_defined_globals,
        num_defined_tags,
        num_escaped_funcs,
        #[cfg(since_46)]
        has_startup_func: counts[11] == 1,
        #[cfg(since_46)]
        num_runtime_data: counts[12],
    })
}

/// The counts that Wasmtime has of a module, in the order of `COUNTS`.
pub fn counts_of(o: &VMOffsets<u8>) -> Counts {
    [
        o.num_imported_memories,
        o.num_defined_memories,
        o.num_owned_memories,
        o.num_imported_functions,
        o.num_imported_tables,
        o.num_imported_globals,
        o.num_imported_tags,
        o.num_defined_tables,
        o.num_defined_globals,
        o.num_defined_tags,
        o.num_escaped_funcs,
        #[cfg(since_46)]
        o.has_startup_func.into(),
        #[cfg(since_46)]
        o.num_runtime_data,
    ]
}

/// Wasmtime's `u32::MAX` index means "none", so an index is built from a position that exists.
fn index<I: EntityRef>(position: u32) -> I {
    I::new(position as usize)
}

pub fn describe(ptr: u8, counts: Counts) -> String {
    describe::describe(&offsets(ptr, counts))
}
