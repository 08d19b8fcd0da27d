use crate::vmgen::wasmtime42_offsets::{DataModel, VMContextCounts, VMContextOffsets};
use crate::vmgen::wasmtime42_places::{Places, VMContextPlaces};

pub use crate::vmgen::wasmtime42_offsets::{VM_ARRAY_CALL_HOST_FUNC_MAGIC, VMCONTEXT_MAGIC};

/// What is known of a target: the size of its pointers.
pub trait PtrSize {
    /// The size of a pointer, in bytes.
    fn size(&self) -> u8;

    /// Where the parts of records are, which is the same on all targets with such pointers.
    fn records(&self) -> &'static dyn Places {
        if self.size() == 8 { &DataModel::P64 } else { &DataModel::P32 }
    }
}

/// Where everything in a module's `VMContext` is.
#[derive(Debug, Clone, Copy)]
pub struct VMOffsets<P> {
    /// The size of a pointer on the target.
    pub ptr: P,
    /// Where the parts of the context are.
    pub places: VMContextPlaces,
}

impl<P> core::ops::Deref for VMOffsets<P> {
    type Target = VMContextCounts;

    fn deref(&self) -> &VMContextCounts {
        self.places.counts()
    }
}

impl<P: PtrSize> From<VMOffsetsFields<P>> for VMOffsets<P> {
    fn from(fields: VMOffsetsFields<P>) -> VMOffsets<P> {
        macro_rules! counts { ($($n:ident)*) => { VMContextCounts { $($n: fields.$n),* } } }
        let counts = counts! {
            num_imported_memories num_defined_memories num_owned_memories num_imported_functions
            num_imported_tables num_imported_globals num_imported_tags num_defined_tables
            num_defined_globals num_defined_tags num_escaped_funcs
        };
        let offsets = VMContextOffsets::new(fields.ptr.records().data_model(), counts).unwrap();
        VMOffsets { ptr: fields.ptr, places: VMContextPlaces(offsets) }
    }
}

impl<P: PtrSize> VMOffsets<P> {
    /// The bytes of each region, up to the one behind it.
    pub fn region_sizes(&self) -> impl Iterator<Item = (&str, u32)> {
        let mut end = self.places.size();
        let sizes = self.places.regions().into_iter().rev().map(move |(name, region)| {
            (name, core::mem::replace(&mut end, region.begin()) - region.begin())
        });
        sizes.chain([("static vmctx data", self.ptr.records().size_of_fixed_vm_context().into())])
    }
}
