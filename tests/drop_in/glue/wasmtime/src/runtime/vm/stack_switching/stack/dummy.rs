pub use crate::runtime::vm::vmgen::wasmtime42::VMContinuationStack;
