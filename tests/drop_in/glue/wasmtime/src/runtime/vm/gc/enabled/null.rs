use crate::runtime::vm::vmgen::wasmtime42::{VMNullArrayHeader, VMNullExternRef};
