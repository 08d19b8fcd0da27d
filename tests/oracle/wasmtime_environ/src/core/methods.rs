//! Wasmtime 42 to 48 have a method for each offset.

use super::index;
use crate::region;
#[cfg(since_46)]
use crate::single;
use wasmtime_environ::{PtrSize, VMOffsets};

pub fn describe(o: &VMOffsets<u8>) -> String {
    let ptr = o.ptr;
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
            |i| o.vmctx_vmmemory_import(index(i)),
        ),
        region(
            "defined_memories",
            o.vmctx_memories_begin(),
            o.num_defined_memories,
            |i| o.vmctx_vmmemory_pointer(index(i)),
        ),
        region(
            "owned_memories",
            o.vmctx_owned_memories_begin(),
            o.num_owned_memories,
            |i| o.vmctx_vmmemory_definition(index(i)),
        ),
        region(
            "imported_functions",
            o.vmctx_imported_functions_begin(),
            o.num_imported_functions,
            |i| o.vmctx_vmfunction_import(index(i)),
        ),
        region(
            "imported_tables",
            o.vmctx_imported_tables_begin(),
            o.num_imported_tables,
            |i| o.vmctx_vmtable_import(index(i)),
        ),
        region(
            "imported_globals",
            o.vmctx_imported_globals_begin(),
            o.num_imported_globals,
            |i| o.vmctx_vmglobal_import(index(i)),
        ),
        region(
            "imported_tags",
            o.vmctx_imported_tags_begin(),
            o.num_imported_tags,
            |i| o.vmctx_vmtag_import(index(i)),
        ),
        region(
            "defined_tables",
            o.vmctx_tables_begin(),
            o.num_defined_tables,
            |i| o.vmctx_vmtable_definition(index(i)),
        ),
        region(
            "defined_globals",
            o.vmctx_globals_begin(),
            o.num_defined_globals,
            |i| o.vmctx_vmglobal_definition(index(i)),
        ),
        region(
            "defined_tags",
            o.vmctx_tags_begin(),
            o.num_defined_tags,
            |i| o.vmctx_vmtag_definition(index(i)),
        ),
        region(
            "func_refs",
            o.vmctx_func_refs_begin(),
            o.num_escaped_funcs,
            |i| o.vmctx_func_ref(index(i)),
        ),
        #[cfg(since_46)]
        single("startup_func_ref", o.has_startup_func, || {
            o.vmctx_startup_func_ref()
        }),
        #[cfg(since_46)]
        region(
            "runtime_data_bases",
            o.vmctx_runtime_data_bases_begin(),
            o.num_runtime_data,
            |i| o.vmctx_runtime_data_base(index(i)),
        ),
        #[cfg(since_46)]
        region(
            "runtime_data_lengths",
            o.vmctx_runtime_data_lengths_begin(),
            o.num_runtime_data,
            |i| o.vmctx_runtime_data_length(index(i)),
        ),
        format!("size={}", o.size_of_vmctx()),
    ]
    .join(" ")
}
