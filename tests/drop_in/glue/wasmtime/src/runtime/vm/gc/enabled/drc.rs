use crate::runtime::vm::vmgen::wasmtime42::{VMDrcArrayHeader, VMDrcExternRef, VMDrcHeader};
