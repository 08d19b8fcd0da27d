//! The program with a version of Cranelift that has three alias regions of its own.

mod bindings;
#[path = "../../program/mod.rs"]
mod program;

/// What a version of Cranelift takes for flags, by hand.
pub mod flags {
    use cranelift_codegen::ir::{AliasRegion, Function, MemFlags};

    pub type Flags = MemFlags;

    /// Those of an access in the region of a context, or in none.
    pub fn in_region(_: &mut Function, _: u32, _: &'static str, context: bool) -> Flags {
        let region = context.then_some(AliasRegion::Vmctx);
        MemFlags::trusted().with_alias_region(region)
    }
}

fn main() {
    program::main();
}
