pub use crate::runtime::vm::vmgen::wasmtime42::*;
pub use crate::runtime::vm::vmgen::wasmtime42::ValRaw;

macro_rules! define_builtin_array {
    ($($(#[$attr:meta])* $name:ident($($pname:ident: $param:ident),*) $(-> $result:ident)?;)*) => {
        impl VMBuiltinFunctionsArray {
            pub const INIT: Self = Self { $($name: crate::runtime::vm::libcalls::raw::$name),* };
        }
    };
}
wasmtime_environ::foreach_builtin_function!(define_builtin_array);

/// The bits of a reference; without a collector all are null.
fn reference(bits: u32) -> u32 {
    assert!(cfg!(feature = "gc") || bits == 0);
    bits
}

macro_rules! references {
    ($($name:ident $get:ident: $bits:ident $get_bits:ident;)*) => { impl ValRaw { $(
        /// One that is this reference.
        pub fn $name(bits: u32) -> ValRaw { ValRaw::$bits(reference(bits)) }
        /// The reference that it is.
        pub fn $get(&self) -> u32 { reference(self.$get_bits()) }
    )* } };
}
references! {
    externref get_externref: externref_bits get_externref_bits;
    anyref get_anyref: anyref_bits get_anyref_bits;
    exnref get_exnref: exnref_bits get_exnref_bits;
}

impl ValRaw {
    /// The reference that is null, of any kind.
    pub fn null() -> ValRaw {
        ValRaw::default()
    }
}
