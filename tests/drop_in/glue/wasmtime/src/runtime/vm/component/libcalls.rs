pub use crate::runtime::vm::vmgen::wasmtime42::VMComponentBuiltins;

macro_rules! define_builtins {
    ($($(#[$attr:meta])* $name:ident($($pname:ident: $param:ident),*) $(-> $result:ident)?;)*) => {
        impl VMComponentBuiltins {
            pub const INIT: Self = Self { $($name: trampolines::$name),* };
        }
    };
}
wasmtime_environ::foreach_builtin_component_function!(define_builtins);
