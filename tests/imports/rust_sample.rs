//! Types of every kind, for the tests of `vmgen import`.
#![allow(dead_code, non_camel_case_types)]

use std::cell::{Cell, UnsafeCell};
use std::marker::{PhantomData, PhantomPinned};
use std::mem::MaybeUninit;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicPtr, AtomicU64, AtomicUsize};

pub mod vm {
    use super::*;

    /// An address that is never null.
    #[repr(transparent)]
    pub struct VmPtr<T> {
        at: NonZeroUsize,
        of: PhantomData<*mut T>,
    }

    /// Which type a function has.
    #[repr(transparent)]
    pub struct TypeIndex(u32);

    /// A vector of whatever it is about.
    #[repr(C)]
    pub struct List<T> {
        pub length: u32,
        pub data: *mut T,
    }

    /// Two of what it is about.
    #[repr(C)]
    pub struct Pair<T> {
        pub first: T,
        pub second: T,
    }

    /// Where a task is in its life.
    #[repr(u8)]
    pub enum State {
        /// It hasn't begun.
        Fresh = 1,
        Running = 7,
    }

    #[repr(C, u32)]
    pub enum Event {
        Nothing,
        /// Something was written.
        Wrote(u64),
        Moved { from: u32, to: u32 },
    }

    #[repr(C)]
    pub union Bits {
        pub word: u32,
        pub float: f32,
    }

    #[repr(C)]
    pub struct Calls {
        pub grow: unsafe extern "C" fn(pages: u64) -> usize,
        pub stop: extern "C" fn(),
    }

    /// Zero-sized, and known by its address.
    #[repr(C)]
    pub struct Host {
        marker: PhantomPinned,
    }

    /// What a task needs.
    ///
    /// It doesn't move.
    #[repr(C, align(32))]
    pub struct Task {
        /// Who began it.
        pub parent: Option<VmPtr<Task>>,
        pub host: VmPtr<Host>,
        pub fuel: UnsafeCell<i64>,
        pub flags: Cell<u8>,
        pub epoch: AtomicU64,
        pub length: AtomicUsize,
        pub last: AtomicPtr<u8>,
        pub state: State,
        pub id: Option<NonZeroU32>,
        pub r#type: TypeIndex,
        pub owner: NonNull<Task>,
        pub event: Event,
        pub bits: Bits,
        pub words: List<u32>,
        pub tasks: List<Task>,
        pub halves: Pair<u16>,
        pub callback: Option<extern "C" fn(u32)>,
        pub calls: Calls,
        pub scratch: MaybeUninit<[u8; 4]>,
        pub name: &'static str,
        pub started: bool,
        pub marker: PhantomData<u8>,
        pub pin: PhantomPinned,
    }

    /// Its fields are in an order of Rust's choice.
    pub struct Unordered {
        pub small: u8,
        pub large: u64,
        pub medium: u16,
    }

    #[repr(C)]
    pub struct Holder {
        pub inside: Unordered,
    }
}

pub mod other {
    #[repr(C)]
    pub struct Calls {
        pub number: u32,
    }
}

#[unsafe(no_mangle)]
pub fn probe(_: &vm::Task, _: &vm::Holder, _: &other::Calls) {}
