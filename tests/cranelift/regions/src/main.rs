//! The program with a version of Cranelift that is told of alias regions.

mod bindings;
#[path = "../../program/mod.rs"]
mod program;

/// What a version of Cranelift takes for flags, by hand.
pub mod flags {
    use cranelift_codegen::ir::{AliasRegionData, Function, MemFlagsData};

    pub type Flags = MemFlagsData;

    /// Those of an access in a region, which is made known to the function.
    pub fn in_region(func: &mut Function, id: u32, name: &'static str, _: bool) -> Flags {
        let region = func.dfg.alias_regions.insert(AliasRegionData {
            user_id: id,
            description: name.into(),
        });
        MemFlagsData::trusted().with_alias_region(Some(region))
    }
}

fn main() {
    program::main();
}
