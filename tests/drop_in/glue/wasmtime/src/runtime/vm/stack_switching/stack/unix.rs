pub use crate::runtime::vm::vmgen::wasmtime42::{Allocator, VMContinuationStack};
