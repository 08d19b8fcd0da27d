//! Headers of objects in the GC heap, by the constants that Wasmtime's compiler uses.

use super::Line;
#[cfg(since_45)]
use wasmtime_environ::copying;
use wasmtime_environ::{VM_GC_HEADER_SIZE, drc, null};

pub fn describe(ptr: u8) -> Vec<Line> {
    let mut lines = vec![
        ("VMGcHeader:size", VM_GC_HEADER_SIZE.into()),
        ("VMDrcHeader:size", drc::HEADER_SIZE.into()),
        ("VMDrcArrayHeader.length", drc::ARRAY_LENGTH_OFFSET.into()),
        ("VMNullArrayHeader.length", null::ARRAY_LENGTH_OFFSET.into()),
        #[cfg(since_45)]
        ("VMCopyingHeader:size", copying::HEADER_SIZE.into()),
        #[cfg(since_45)]
        (
            "VMCopyingArrayHeader.length",
            copying::ARRAY_LENGTH_OFFSET.into(),
        ),
        #[cfg(since_45)]
        (
            "VMCopyingHeaderAndForwardingRef.forwarding_ref",
            copying::FORWARDING_REF_OFFSET.into(),
        ),
    ];
    lines.extend(headers(ptr));
    lines
}

#[cfg(not(since_50))]
fn headers(ptr: u8) -> Vec<Line> {
    let o = crate::core::offsets(ptr, [0; crate::core::COUNTS.len()]);
    vec![
        ("VMGcHeader.kind", o.vm_gc_header_kind().into()),
        ("VMGcHeader.ty", o.vm_gc_header_ty().into()),
        ("VMDrcHeader.ref_count", o.vm_drc_header_ref_count().into()),
        (
            "VMDrcHeader.next_over_approximated_stack_root",
            o.vm_drc_header_next_over_approximated_stack_root().into(),
        ),
    ]
}

/// The two headers are among the shapes; their constants remain.
#[cfg(since_50)]
fn headers(_: u8) -> Vec<Line> {
    use wasmtime_environ::{VM_GC_HEADER_KIND_OFFSET, VM_GC_HEADER_TYPE_INDEX_OFFSET};
    vec![
        ("VMGcHeader.kind", VM_GC_HEADER_KIND_OFFSET.into()),
        ("VMGcHeader.ty", VM_GC_HEADER_TYPE_INDEX_OFFSET.into()),
    ]
}
