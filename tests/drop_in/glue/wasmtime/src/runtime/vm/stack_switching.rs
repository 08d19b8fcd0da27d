pub use crate::runtime::vm::vmgen::wasmtime42::{
    VMCommonStackInformation, VMContObj, VMContRef, VMHostArray, VMStackChain, VMStackLimits,
    VMStackState,
};
