//! `VMContext`: `wasmtime_environ::VMOffsets` over given counts.

use crate::region;
use wasmtime_environ::{
    DefinedGlobalIndex, DefinedMemoryIndex, DefinedTableIndex, DefinedTagIndex, EntityRef,
    FuncIndex, FuncRefIndex, GlobalIndex, MemoryIndex, OwnedMemoryIndex, PtrSize, TableIndex,
    TagIndex, VMOffsets, VMOffsetsFields,
};

/// The order in which a question gives the counts: that of the regions in memory.
pub const COUNTS: [&str; 11] = [
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
];

/// The offsets for these counts; panics where Wasmtime does.
pub fn offsets(ptr: u8, counts: [u32; 11]) -> VMOffsets<u8> {
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
    })
}

/// Wasmtime's `u32::MAX` index means "none", so an index is built from a position that exists.
fn index<I: EntityRef>(position: u32) -> I {
    I::new(position as usize)
}

pub fn describe(ptr: u8, counts: [u32; 11]) -> String {
    let o = offsets(ptr, counts);
    [
        format!("magic={}", ptr.vmctx_magic()),
        format!("store_context={}", ptr.vmctx_store_context()),
        format!("builtin_functions={}", ptr.vmctx_builtin_functions()),
        format!("epoch_ptr={}", ptr.vmctx_epoch_ptr()),
        format!("gc_heap_data={}", ptr.vmctx_gc_heap_data()),
        format!("type_ids={}", ptr.vmctx_type_ids_array()),
        region(
            "imported_memories",
            o.vmctx_imported_memories_begin(),
            o.num_imported_memories,
            |i| o.vmctx_vmmemory_import(index::<MemoryIndex>(i)),
        ),
        region(
            "defined_memories",
            o.vmctx_memories_begin(),
            o.num_defined_memories,
            |i| o.vmctx_vmmemory_pointer(index::<DefinedMemoryIndex>(i)),
        ),
        region(
            "owned_memories",
            o.vmctx_owned_memories_begin(),
            o.num_owned_memories,
            |i| o.vmctx_vmmemory_definition(index::<OwnedMemoryIndex>(i)),
        ),
        region(
            "imported_functions",
            o.vmctx_imported_functions_begin(),
            o.num_imported_functions,
            |i| o.vmctx_vmfunction_import(index::<FuncIndex>(i)),
        ),
        region(
            "imported_tables",
            o.vmctx_imported_tables_begin(),
            o.num_imported_tables,
            |i| o.vmctx_vmtable_import(index::<TableIndex>(i)),
        ),
        region(
            "imported_globals",
            o.vmctx_imported_globals_begin(),
            o.num_imported_globals,
            |i| o.vmctx_vmglobal_import(index::<GlobalIndex>(i)),
        ),
        region(
            "imported_tags",
            o.vmctx_imported_tags_begin(),
            o.num_imported_tags,
            |i| o.vmctx_vmtag_import(index::<TagIndex>(i)),
        ),
        region(
            "defined_tables",
            o.vmctx_tables_begin(),
            o.num_defined_tables,
            |i| o.vmctx_vmtable_definition(index::<DefinedTableIndex>(i)),
        ),
        region(
            "defined_globals",
            o.vmctx_globals_begin(),
            o.num_defined_globals,
            |i| o.vmctx_vmglobal_definition(index::<DefinedGlobalIndex>(i)),
        ),
        region(
            "defined_tags",
            o.vmctx_tags_begin(),
            o.num_defined_tags,
            |i| o.vmctx_vmtag_definition(index::<DefinedTagIndex>(i)),
        ),
        region(
            "func_refs",
            o.vmctx_func_refs_begin(),
            o.num_escaped_funcs,
            |i| o.vmctx_func_ref(index::<FuncRefIndex>(i)),
        ),
        format!("size={}", o.size_of_vmctx()),
    ]
    .join(" ")
}
