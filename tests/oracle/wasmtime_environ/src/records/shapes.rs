//! Since Wasmtime 48 a macro lists the shapes of records, and methods are made of it.
//!
//! So everything that it lists is here, whatever its names: the macro is asked for them.

use super::Line;
use wasmtime_environ::PtrSize;

/// Takes the list, and makes `every_shape` of it.
macro_rules! shapes {
    ($(
        $( #[doc = $doc:literal] )*
        $( #[cfg $condition:tt] )?
        $( #[derive $derived:tt] )?
        #[repr $representation:tt]
        #[snake_name = $method:ident]
        $visibility:vis struct $record:ident { $( $fields:tt )* }
    )*) => {
        fn every_shape(ptr: u8) -> Vec<Line> {
            let mut lines: Vec<Line> = Vec::new();
            $(
                let shape = ptr.$method();
                fields!(lines, shape, $record, $( $fields )*);
                lines.push((concat!(stringify!($record), ":size"), shape.size().into()));
                lines.push((concat!(stringify!($record), ":align"), shape.align().into()));
            )*
            lines
        }
    };
}

/// One line for each field; the tokens of its type are passed over, up to the comma.
macro_rules! fields {
    (@type $lines:ident, $shape:ident, $record:ident, , $( $rest:tt )*) => {
        fields!($lines, $shape, $record, $( $rest )*);
    };
    (@type $lines:ident, $shape:ident, $record:ident, $token:tt $( $rest:tt )*) => {
        fields!(@type $lines, $shape, $record, $( $rest )*);
    };
    ($lines:ident, $shape:ident, $record:ident, ) => {};
    ($lines:ident, $shape:ident, $record:ident,
        $( #[$( $attribute:tt )*] )* $visibility:vis $field:ident : $( $rest:tt )*
    ) => {
        $lines.push((
            concat!(stringify!($record), ".", stringify!($field)),
            $shape.$field().into(),
        ));
        fields!(@type $lines, $shape, $record, $( $rest )*);
    };
}

wasmtime_environ::for_each_vm_type!(shapes);

pub fn describe(ptr: u8) -> Vec<Line> {
    let mut lines = every_shape(ptr);
    // Markers of size zero, which tell compilers of Rust something and memory nothing.
    lines.retain(|(name, _)| !name.ends_with("._marker"));
    let store = ptr.vm_store_context();
    lines.push(("VMStoreContext.gc_heap.base", store.gc_heap_base().into()));
    lines.push((
        "VMStoreContext.gc_heap.current_length",
        store.gc_heap_current_length().into(),
    ));
    lines
}
