//! The host's side of the records: it makes and reads them by their Rust declarations.

use std::alloc::{alloc_zeroed, dealloc, handle_alloc_error, Layout};
use std::cell::UnsafeCell;
use std::ptr::NonNull;

use toy_bindings::toy::{
    VMContext, VMContextAccess, VMContextFixed, VMHost, VMMemory, VMStore, TOY_MAGIC,
};
use toy_bindings::toy_offsets::{DataModel, OffsetOverflow, VMContextCounts, VMContextOffsets};
use toy_bindings::VmPtr;

use crate::compile::{Code, Outcome};
use crate::language::Program;

/// How many numbers a program's memory has.
const MEMORY: usize = 1024;

/// What a program is run with.
pub struct Instance {
    context: NonNull<VMContext>,
    offsets: VMContextOffsets,
    // What the context points to.
    store: NonNull<VMStore>,
    host: NonNull<VMHost>,
    memory: NonNull<[i64; MEMORY]>,
}

impl Instance {
    /// Everything that a program needs, with its variables and its memory zero.
    pub fn new(program: &Program, fuel: i64) -> Result<Self, OffsetOverflow> {
        let num_globals = u32::try_from(program.variables.len()).expect("it was parsed");
        let model = DataModel::HOST.expect("the schema's targets have this one");
        let offsets = VMContextOffsets::new(model, VMContextCounts { num_globals })?;
        let store = leak(VMStore {
            fuel: UnsafeCell::new(fuel),
            printed: UnsafeCell::new(0),
        });
        let host = leak(VMHost { print });
        let memory = leak([0; MEMORY]);
        let instance = Self {
            context: allocate(layout(&offsets)).cast(),
            offsets,
            store,
            host,
            memory,
        };
        // SAFETY: the context was allocated for these offsets, and nobody else knows it.
        unsafe {
            let access = VMContextAccess::new(instance.context, &instance.offsets);
            access.magic().write(TOY_MAGIC);
            access.globals_count().write(num_globals);
            access.store().write(VmPtr::from(store));
            access.host().write(VmPtr::from(host));
            access.memory().write(VMMemory {
                base: VmPtr::from(memory.cast::<u8>()),
                length: size_of::<[i64; MEMORY]>(),
            });
        }
        Ok(instance)
    }

    pub fn offsets(&self) -> &VMContextOffsets {
        &self.offsets
    }

    /// Where the context is.
    pub fn address(&self) -> usize {
        self.context.addr().get()
    }

    pub fn fuel(&self) -> i64 {
        // SAFETY: the store is there as long as this is, and no compiled code runs.
        unsafe { *self.store.as_ref().fuel.get() }
    }

    pub fn run(&self, code: &Code) -> Outcome {
        // SAFETY: the code was compiled for contexts like this one.
        unsafe { code.call(self.context) }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // SAFETY: all of them were allocated in `new`, and nobody points to them any more.
        unsafe {
            dealloc(self.context.as_ptr().cast(), layout(&self.offsets));
            drop(Box::from_raw(self.store.as_ptr()));
            drop(Box::from_raw(self.host.as_ptr()));
            drop(Box::from_raw(self.memory.as_ptr()));
        }
    }
}

fn leak<T>(value: T) -> NonNull<T> {
    NonNull::from(Box::leak(Box::new(value)))
}

fn layout(offsets: &VMContextOffsets) -> Layout {
    let align = align_of::<VMContext>();
    Layout::from_size_align(offsets.size() as usize, align).expect("it fits 32 bits")
}

fn allocate(layout: Layout) -> NonNull<u8> {
    // SAFETY: a context has fields, so that its size isn't 0.
    let memory = unsafe { alloc_zeroed(layout) };
    NonNull::new(memory).unwrap_or_else(|| handle_alloc_error(layout))
}

/// What compiled code calls to print a number.
unsafe extern "C" fn print(context: VmPtr<VMContext>, value: i64) {
    // SAFETY: compiled code gives the context that it was called with, which begins with its
    // fields, and only this thread knows the store.
    unsafe {
        let fields = context.as_non_null().cast::<VMContextFixed>();
        let store = fields.as_ref().store;
        *store.as_non_null().as_ref().printed.get() += 1;
    }
    println!("{value}");
}
