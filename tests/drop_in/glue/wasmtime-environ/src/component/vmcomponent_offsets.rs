use crate::vmgen::wasmtime42_offsets::{VMComponentContextCounts, VMComponentContextOffsets};
use crate::vmgen::wasmtime42_places::VMComponentContextPlaces;

pub use crate::vmgen::wasmtime42_offsets::{FLAG_MAY_LEAVE, VMCOMPONENT_MAGIC};

/// Where everything in a component's `VMComponentContext` is.
#[derive(Debug, Clone, Copy)]
pub struct VMComponentOffsets<P> {
    /// The size of a pointer on the target.
    pub ptr: P,
    /// Where the parts of the context are.
    pub places: VMComponentContextPlaces,
}

impl<P> core::ops::Deref for VMComponentOffsets<P> {
    type Target = VMComponentContextCounts;

    fn deref(&self) -> &VMComponentContextCounts {
        self.places.counts()
    }
}

impl<P: PtrSize> VMComponentOffsets<P> {
    /// The places in a component's context.
    pub fn new(ptr: P, component: &Component) -> Self {
        let used = component.unsafe_intrinsics.iter().rposition(|i| i.is_some());
        let counts = VMComponentContextCounts {
            num_runtime_component_instances: component.num_runtime_component_instances,
            num_trampolines: component.trampolines.len().try_into().unwrap(),
            num_unsafe_intrinsics: used.map_or(0, |last| last as u32 + 1),
            num_lowerings: component.num_lowerings,
            num_runtime_memories: component.num_runtime_memories,
            num_runtime_tables: component.num_runtime_tables,
            num_runtime_reallocs: component.num_runtime_reallocs,
            num_runtime_callbacks: component.num_runtime_callbacks,
            num_runtime_post_returns: component.num_runtime_post_returns,
            num_resources: component.num_resources,
        };
        let offsets = VMComponentContextOffsets::new(ptr.records().data_model(), counts).unwrap();
        VMComponentOffsets { ptr, places: VMComponentContextPlaces(offsets) }
    }
}
