//! The flags of loads and stores, where Cranelift knows no more regions than its own three.

use cranelift_codegen::ir::{AliasRegion, Endianness, Function, MemFlags};

use super::cranelift_handles::Access;

/// What Cranelift is told of an access.
///
/// What only contexts have is in the region of the context, and everything else in none, which
/// Cranelift keeps apart from all three. So a field is in the same one by whatever way it is
/// reached.
pub(super) fn flags(_: &mut Function, access: &Access) -> MemFlags {
    let mut flags = MemFlags::new().with_trap_code(access.trap);
    if access.aligned {
        flags.set_aligned();
    }
    if access.assumed.readonly {
        flags.set_readonly();
    }
    if access.assumed.can_move {
        flags.set_can_move();
    }
    if access.assumed.little_endian {
        flags.set_endianness(Endianness::Little);
    }
    if access.region.of_context {
        flags.set_alias_region(Some(AliasRegion::Vmctx));
    }
    flags
}
