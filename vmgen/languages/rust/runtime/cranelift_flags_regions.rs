//! The flags of loads and stores, where Cranelift takes as many regions as it is told of.

use cranelift_codegen::ir::{AliasRegionData, Endianness, Function, MemFlagsData};

use super::cranelift_handles::Access;

/// What Cranelift is told of an access, whose region is made known to the function.
pub(super) fn flags(func: &mut Function, access: &Access) -> MemFlagsData {
    let region = func.dfg.alias_regions.insert(AliasRegionData {
        user_id: access.region.of_element(access.element),
        description: access.region.name.into(),
    });
    let mut flags = MemFlagsData::new()
        .with_trap_code(access.trap)
        .with_alias_region(Some(region));
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
    flags
}
