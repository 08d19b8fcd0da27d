//! Since Wasmtime 49 every region is a value that knows its begin, its stride and its count.

use super::index;
use crate::{region, single};
use wasmtime_environ::{PtrSize, VMOffsets};

/// The region of this name.
macro_rules! array {
    ($offsets:ident.$name:ident) => {{
        let array = $offsets.$name();
        region(stringify!($name), array.begin(), array.count(), |i| {
            array.at(index(i))
        })
    }};
}

pub fn describe(o: &VMOffsets<u8>) -> String {
    let fixed = o.ptr.vmctx();
    [
        format!("magic={}", fixed.magic()),
        format!("store_context={}", fixed.store_context()),
        format!("builtin_functions={}", fixed.builtin_functions()),
        format!("epoch_ptr={}", fixed.epoch_ptr()),
        format!("gc_heap_data={}", fixed.gc_heap_data()),
        format!("type_ids={}", fixed.type_ids()),
        array!(o.imported_memories),
        array!(o.memories),
        array!(o.owned_memories),
        array!(o.imported_functions),
        array!(o.imported_tables),
        array!(o.imported_globals),
        array!(o.imported_tags),
        array!(o.tables),
        array!(o.globals),
        array!(o.tags),
        array!(o.func_refs),
        single("startup_func_ref", o.has_startup_func, || {
            o.startup_func_ref()
        }),
        array!(o.runtime_data_bases),
        array!(o.runtime_data_lengths),
        format!("size={}", o.size_of_vmctx()),
    ]
    .join(" ")
}
