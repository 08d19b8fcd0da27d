//! Since Wasmtime 49 every region is a value that knows its begin, its stride and its count.

use super::index;
use crate::region;
use wasmtime_environ::PtrSize;
use wasmtime_environ::component::{UnsafeIntrinsic, VMComponentOffsets};

/// The region of this name, and how its index is made.
macro_rules! array {
    ($offsets:ident.$name:ident) => {
        array!($offsets.$name, index)
    };
    ($offsets:ident.$name:ident, $index:expr) => {{
        let array = $offsets.$name();
        region(stringify!($name), array.begin(), array.count(), |i| {
            array.at($index(i))
        })
    }};
}

pub fn describe(o: &VMComponentOffsets<u8>) -> String {
    let fixed = o.ptr.vmcomponent();
    [
        format!("magic={}", fixed.magic()),
        format!("builtins={}", fixed.builtins()),
        format!("store_context={}", fixed.store_context()),
        array!(o.may_leave),
        array!(o.trampoline_func_refs),
        array!(o.intrinsic_func_refs, UnsafeIntrinsic::from_u32),
        array!(o.lowerings),
        array!(o.memories),
        array!(o.tables),
        array!(o.reallocs),
        array!(o.callbacks),
        array!(o.post_returns),
        array!(o.resource_destructors),
        format!("size={}", o.size_of_vmctx()),
    ]
    .join(" ")
}
