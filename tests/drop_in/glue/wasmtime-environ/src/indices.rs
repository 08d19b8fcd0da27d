//! The types by which elements of contexts are told apart.

#[cfg(feature = "component-model")]
pub use crate::component::*;
use crate::vmgen::wasmtime42_places::Index;
pub use crate::*;

macro_rules! indices {
    ($($type:ident)*) => { $(
        impl Index for $type { fn number(self) -> u32 { self.index().try_into().unwrap() } }
    )* };
}

#[cfg(feature = "component-model")]
indices! {
    LoweredIndex ResourceIndex RuntimeCallbackIndex RuntimeComponentInstanceIndex
    RuntimeMemoryIndex RuntimePostReturnIndex RuntimeReallocIndex RuntimeTableIndex
    TrampolineIndex UnsafeIntrinsic
}
indices! {
    DefinedGlobalIndex DefinedMemoryIndex DefinedTableIndex DefinedTagIndex FuncIndex
    FuncRefIndex GlobalIndex MemoryIndex OwnedMemoryIndex TableIndex TagIndex
}
