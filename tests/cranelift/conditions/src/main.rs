//! Index types of a project, which give their number by a method and may not be there.

#![deny(warnings)]

mod bindings;

use bindings::frames_offsets::{DataModel, FrameCounts};
use bindings::{calls_cranelift, calls_offsets, frames_cranelift};

/// The project's.
pub mod numbers {
    /// What has a number.
    pub trait Numbered {
        /// The number.
        fn index(self) -> usize;
    }

    /// Defines one.
    macro_rules! numbered {
        ($($(#[$cfg:meta])? $index:ident)*) => {$(
            $(#[$cfg])?
            #[derive(Clone, Copy)]
            pub struct $index(pub u64);

            $(#[$cfg])?
            impl Numbered for $index {
                fn index(self) -> usize {
                    self.0 as usize
                }
            }
        )*};
    }

    numbered! {
        CodeIndex
        #[cfg(feature = "gc")]
        HeapIndex
        #[cfg(any(feature = "gc", feature = "threads"))]
        SlotIndex
    }
}

fn main() {
    let code = numbers::CodeIndex;
    let frames = frames_cranelift::Handles::new(DataModel::P64).unwrap();
    let counts = FrameCounts { num_codes: 3 };
    let codes = frames.frame().with_counts(counts).unwrap().codes();
    println!("{}", codes.at(code(2)).unwrap().offset());
    for number in [3, u32::MAX.into(), 1 << 32] {
        println!("{}", codes.at(code(number)).unwrap_err());
    }

    // Another module may have the same type.
    let calls = calls_cranelift::Handles::new(calls_offsets::DataModel::P64).unwrap();
    let counts = calls_offsets::CallsCounts { num_codes: 2 };
    let calls = calls.calls().with_counts(counts).unwrap().codes();
    println!("{}", calls.at(code(1)).unwrap().at(1).unwrap().offset());

    #[cfg(feature = "gc")]
    {
        use bindings::frames_offsets::HeapCounts;

        let counts = HeapCounts {
            num_cells: 2,
            num_slots: 4,
        };
        let heap = frames.heap().with_counts(counts).unwrap();
        println!("{}", heap.cells().at(numbers::HeapIndex(1)).unwrap().offset());
        println!("{}", heap.slots().at(numbers::SlotIndex(3)).unwrap().offset());
    }
    #[cfg(feature = "threads")]
    {
        use bindings::frames_offsets::ThreadCounts;

        let counts = ThreadCounts { num_slots: 2 };
        let thread = frames.thread().with_counts(counts).unwrap();
        println!("{}", thread.slots().at(numbers::SlotIndex(1)).unwrap().offset());
    }
}
