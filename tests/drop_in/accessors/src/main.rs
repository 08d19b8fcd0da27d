//! Asks Wasmtime's own offset code and the one that was put in its place for everything,
//! over random counts and both pointer widths, and prints what differs as
//! `METHOD WIDTH OLD NEW`, and last how many answers were compared.
//!
//! `calls.rs` has a line for each method, made of Wasmtime's own source.

mod random;

use new::PtrSize as _;
use random::Random;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

const VECTORS: usize = 300;

thread_local! {
    static SEEN: RefCell<(usize, BTreeSet<String>)> = RefCell::default();
}

/// What a call gives, or that it panics.
fn asked(call: impl FnOnce() -> u64) -> Option<u64> {
    catch_unwind(AssertUnwindSafe(call)).ok()
}

fn compare(name: &str, width: u64, old: Option<u64>, new: Option<u64>) {
    SEEN.with_borrow_mut(|(count, different)| {
        *count += 1;
        if old != new {
            let said = |a: Option<u64>| a.map_or("panic".into(), |n| n.to_string());
            different.insert(format!("{name} {width} {} {}", said(old), said(new)));
        }
    });
}

/// One accessor of both.
macro_rules! plain {
    ($name:ident, $width:expr, $old:expr, $new:expr) => {
        compare(
            stringify!($name),
            $width.into(),
            asked(|| $old.into()),
            asked(|| $new.into()),
        )
    };
}

/// One accessor of both that takes an index, over these.
macro_rules! indexed {
    ($name:ident, $width:expr, $indices:expr, $i:ident, $old:expr, $new:expr) => {
        for &$i in $indices {
            compare(
                stringify!($name),
                $width.into(),
                asked(|| $old.into()),
                asked(|| $new.into()),
            );
        }
    };
}

include!("calls.rs");

/// Fields that hold a count.
macro_rules! fields {
    ($old:expr, $new:expr, $width:expr; $($field:ident)*) => {
        $(compare(stringify!($field), $width.into(), Some($old.$field.into()), Some($new.$field.into()));)*
    };
}

fn module(random: &mut Random, width: u8) {
    macro_rules! offsets {
        ($($count:ident)*) => {{
            let scale = random.below(4);
            $(let $count = random.count(scale);)*
            let indices = random.indices(&[$($count),*]);
            let old = asked_for(|| old::VMOffsets::from(old::VMOffsetsFields { ptr: width, $($count),* }));
            let new = asked_for(|| new::VMOffsets::from(new::VMOffsetsFields { ptr: width, $($count),* }));
            compare("VMOffsets", width.into(), old.as_ref().map(|_| 0), new.as_ref().map(|_| 0));
            let (Some(old), Some(new)) = (old, new) else { return };
            fields!(old, new, width; $($count)*);
            ask_vm_offsets(&old, &new, width, &indices);
            for (old, new) in old.region_sizes().zip(new.region_sizes()) {
                compare("region_sizes", width.into(), Some(old.1.into()), Some(new.1.into()));
            }
            compare("region_sizes", width.into(), Some(old.region_sizes().count() as u64),
                Some(new.region_sizes().count() as u64));
        }};
    }
    offsets!(
        num_imported_functions num_imported_tables num_imported_memories num_imported_globals
        num_imported_tags num_defined_tables num_defined_memories num_owned_memories
        num_defined_globals num_defined_tags num_escaped_funcs
    );
}

fn component(random: &mut Random, width: u8) {
    macro_rules! component {
        ($crate_:ident, $trampolines:expr, $intrinsics:expr, $($count:ident)*) => {{
            let some_type = $crate_::ModuleInternedTypeIndex::from_u32(0);
            let mut component = $crate_::component::Component {
                trampolines: vec![some_type; $trampolines].into_iter().collect(),
                $($count,)*
                ..Default::default()
            };
            if let Some(last) = usize::checked_sub($intrinsics, 1) {
                component.unsafe_intrinsics[last] = some_type.into();
            }
            asked_for(|| $crate_::component::VMComponentOffsets::new(width, &component))
        }};
    }
    macro_rules! offsets {
        ($($count:ident)*) => {{
            let scale = random.below(4);
            $(let $count = random.count(scale);)*
            let trampolines = random.below(50);
            let intrinsics = random.below(u64::from(old::component::UnsafeIntrinsic::len()) + 1);
            let indices = random.indices(&[$($count,)* trampolines as u32, intrinsics as u32]);
            let old = component!(old, trampolines as usize, intrinsics as usize, $($count)*);
            let new = component!(new, trampolines as usize, intrinsics as usize, $($count)*);
            compare("VMComponentOffsets", width.into(), old.as_ref().map(|_| 0), new.as_ref().map(|_| 0));
            let (Some(old), Some(new)) = (old, new) else { return };
            fields!(old, new, width; $($count)* num_trampolines num_unsafe_intrinsics);
            ask_vm_component_offsets(&old, &new, width, &indices);
        }};
    }
    offsets!(
        num_lowerings num_runtime_memories num_runtime_tables num_runtime_reallocs
        num_runtime_callbacks num_runtime_post_returns num_runtime_component_instances
        num_resources
    );
}

/// What is made, or nothing where that panics.
fn asked_for<T>(make: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(make)).ok()
}

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let mut random = Random(42);
    for width in [4, 8] {
        ask_ptr_size(&width, &width, width, &[]);
        for _ in 0..VECTORS {
            module(&mut random, width);
            component(&mut random, width);
        }
    }
    ask_ptr_size(&old::HostPtr, &new::HostPtr, size_of::<usize>() as u8, &[]);
    let constant = |name, old: u64, new: u64| compare(name, 0, Some(old), Some(new));
    constant("VMCONTEXT_MAGIC", old::VMCONTEXT_MAGIC.into(), new::VMCONTEXT_MAGIC.into());
    constant(
        "VM_ARRAY_CALL_HOST_FUNC_MAGIC",
        old::VM_ARRAY_CALL_HOST_FUNC_MAGIC.into(),
        new::VM_ARRAY_CALL_HOST_FUNC_MAGIC.into(),
    );
    constant(
        "VMCOMPONENT_MAGIC",
        old::component::VMCOMPONENT_MAGIC.into(),
        new::component::VMCOMPONENT_MAGIC.into(),
    );
    constant(
        "FLAG_MAY_LEAVE",
        old::component::FLAG_MAY_LEAVE as u64,
        new::component::FLAG_MAY_LEAVE as u64,
    );
    SEEN.with_borrow(|(count, different)| {
        for line in different {
            println!("{line}");
        }
        println!("{count}");
    });
}
