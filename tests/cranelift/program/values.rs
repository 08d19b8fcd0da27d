//! Code that loads and stores every part of records, run on records of the host's.

use super::build::{function, Jit};
use crate::bindings::cranelift_handles::{Atomic, Handle, Path, ReadOnly, ReadWrite, Relaxed};
use cranelift_codegen::cursor::FuncCursor;
use cranelift_codegen::ir::{InstBuilder, Type, Value as Id};
use cranelift_codegen::isa::TargetIsa;
use std::alloc::{alloc, dealloc, Layout};

/// What a handle is here: of a value that is loaded, and stored if that may be.
pub trait Value {
    fn loads(&self) -> bool {
        true
    }

    fn held(&self) -> Type;
    fn load(&self, pos: &mut FuncCursor<'_>, base: Id) -> Id;
    fn store(&self, pos: &mut FuncCursor<'_>, base: Id, value: Id) -> bool;
}

impl<P: Path, K: Copy> Value for Handle<P, K, ReadWrite> {
    fn held(&self) -> Type {
        self.value_type()
    }

    fn load(&self, pos: &mut FuncCursor<'_>, base: Id) -> Id {
        (*self).load(pos, base)
    }

    fn store(&self, pos: &mut FuncCursor<'_>, base: Id, value: Id) -> bool {
        // In what is constant for compiled code it isn't stored.
        (*self).store(pos, base, value).is_ok()
    }
}

impl<P: Path, K: Copy> Value for Handle<P, K, ReadOnly> {
    fn held(&self) -> Type {
        self.value_type()
    }

    fn load(&self, pos: &mut FuncCursor<'_>, base: Id) -> Id {
        (*self).load(pos, base)
    }

    fn store(&self, _: &mut FuncCursor<'_>, _: Id, _: Id) -> bool {
        false
    }
}

impl<P: Path, K: Copy> Value for Handle<P, K, Relaxed> {
    fn held(&self) -> Type {
        self.value_type()
    }

    fn load(&self, pos: &mut FuncCursor<'_>, base: Id) -> Id {
        (*self).load(pos, base)
    }

    fn store(&self, pos: &mut FuncCursor<'_>, base: Id, value: Id) -> bool {
        self.store_atomic(pos, base, value).unwrap();
        true
    }
}

impl<P: Path, K: Copy> Value for Handle<P, K, Atomic> {
    fn held(&self) -> Type {
        self.value_type()
    }

    fn load(&self, pos: &mut FuncCursor<'_>, base: Id) -> Id {
        self.load_atomic(pos, base)
    }

    fn store(&self, pos: &mut FuncCursor<'_>, base: Id, value: Id) -> bool {
        self.store_atomic(pos, base, value).unwrap();
        true
    }
}

/// An atomic that may be where no instruction is one.
impl<P: Path, K: Copy> Value for Handle<P, K, ()> {
    fn loads(&self) -> bool {
        false
    }

    fn held(&self) -> Type {
        self.value_type()
    }

    fn load(&self, _: &mut FuncCursor<'_>, _: Id) -> Id {
        unreachable!()
    }

    fn store(&self, _: &mut FuncCursor<'_>, _: Id, _: Id) -> bool {
        unreachable!()
    }
}

/// Where the host has a value, and of how many bytes.
pub type Place = (*mut u8, usize);

/// Element `index` of `count` in what a pointer of the host's points to.
pub fn raw<T>(it: *mut T, count: usize, index: usize) -> Place {
    let size = size_of::<T>() / count;
    (unsafe { it.cast::<u8>().add(index * size) }, size)
}

/// What was tried, and what was wrong with it.
pub struct Test {
    jit: Jit,
    random: u64,
    read: usize,
    written: usize,
    left_out: usize,
}

impl Test {
    /// What code is compiled for.
    pub fn isa(&self) -> &dyn TargetIsa {
        self.jit.isa()
    }

    /// A record of that size, its bytes random.
    pub fn record(
        &mut self,
        size: usize,
        align: usize,
        each: impl FnOnce(&mut Self, *mut u8, usize),
    ) {
        let layout = Layout::from_size_align(size.max(1), align).unwrap();
        let at = unsafe { alloc(layout) };
        each(self, at, size);
        unsafe { dealloc(at, layout) };
    }

    /// Loads and stores one value of a record of so many bytes.
    pub fn value(&mut self, name: &str, record: (*mut u8, usize), place: Place, value: &dyn Value) {
        let held = value.held();
        let width = held.bytes() as usize;
        assert!(width <= place.1, "{name} is {} bytes, not {width}", place.1);
        if !value.loads() {
            self.left_out += 1;
            return;
        }
        let mut stores = false;
        let func = function(3, &[], |pos, at| {
            let flags = crate::flags::Flags::new();
            let loaded = value.load(pos, at[0]);
            pos.ins().store(flags, loaded, at[2], 0);
            let given = pos.ins().load(held, flags, at[1], 0);
            stores = value.store(pos, at[0], given);
            vec![]
        });
        let code = self.jit.compile(func);
        let code: extern "C" fn(*mut u8, *const u8, *mut u8) = unsafe { std::mem::transmute(code) };
        let (at, size) = record;
        let (before, given) = (self.bytes(size), self.bytes(width));
        let mut loaded = vec![0; width];
        unsafe { std::ptr::copy(before.as_ptr(), at, size) };
        code(at, given.as_ptr(), loaded.as_mut_ptr());
        let offset = place.0 as usize - at as usize;
        let inside = offset..offset + width;
        assert_eq!(loaded, before[inside.clone()], "{name} is loaded");
        let mut after = before;
        if stores {
            after[inside].copy_from_slice(&given);
            self.written += 1;
        }
        let found = unsafe { std::slice::from_raw_parts(at, size) };
        assert_eq!(found, after, "{name} is stored");
        self.read += 1;
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.number() as u8).collect()
    }

    /// The next random number.
    pub fn number(&mut self) -> u32 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 16) as u32
    }
}

/// Goes through all values of the modules.
pub fn print() {
    for (name, run) in crate::bindings::CASES {
        let mut test = Test {
            jit: Jit::new(&[]),
            random: 0x2545_f491_4f6c_dd1d,
            read: 0,
            written: 0,
            left_out: 0,
        };
        run(&mut test);
        println!(
            "{name}: {} loaded, {} stored, {} left out",
            test.read, test.written, test.left_out
        );
    }
}
