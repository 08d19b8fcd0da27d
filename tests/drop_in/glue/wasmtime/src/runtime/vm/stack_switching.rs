pub use crate::runtime::vm::vmgen::wasmtime42::{
    VMCommonStackInformation, VMContObj, VMContRef, VMStackChain, VMStackLimits, VMStackState,
};
