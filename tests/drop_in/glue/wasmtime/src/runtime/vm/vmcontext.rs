pub use crate::runtime::vm::vmgen::wasmtime42::*;

macro_rules! define_builtin_array {
    ($($(#[$attr:meta])* $name:ident($($pname:ident: $param:ident),*) $(-> $result:ident)?;)*) => {
        crate::runtime::vm::functions! {
            VMBuiltinFunctionsArray { $($name: define_builtin_array!(@slot $name),)* }
        }
    };
    (@slot i8x16_swizzle) => { define_builtin_array!(@vectors i8x16_swizzle) };
    (@slot i8x16_shuffle) => { define_builtin_array!(@vectors i8x16_shuffle) };
    (@slot fma_f32x4) => { define_builtin_array!(@vectors fma_f32x4) };
    (@slot fma_f64x2) => { define_builtin_array!(@vectors fma_f64x2) };
    (@slot $name:ident) => { crate::runtime::vm::libcalls::raw::$name };
    // SAFETY: compiled code alone calls it, as Wasmtime's compilers pass vectors.
    (@vectors $name:ident) => {
        unsafe { mem::transmute(crate::runtime::vm::libcalls::raw::$name as *const ()) }
    };
}
wasmtime_environ::foreach_builtin_function!(define_builtin_array);
