pub use crate::runtime::vm::vmgen::wasmtime42::{VMComponentContext, VMLowering};
use wasmtime_environ::PtrSize;
