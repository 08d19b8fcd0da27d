//! Records as a runtime of its own writes them: real enums, private fields, markers.
#![crate_type = "cdylib"]
#![allow(dead_code)]

pub mod vm {
    use core::cell::UnsafeCell;
    use core::marker::{PhantomData, PhantomPinned};
    use core::num::NonZeroUsize;
    use core::sync::atomic::AtomicUsize;

    #[repr(transparent)]
    pub struct VmPtr<T> {
        address: NonZeroUsize,
        pointee: PhantomData<*mut T>,
    }

    #[repr(u8)]
    pub enum Level {
        Low = 1,
        High = 200,
    }

    #[repr(transparent)]
    pub struct TypeIndex(u32);

    #[repr(C)]
    pub struct Memory {
        base: VmPtr<u8>,
        current_length: AtomicUsize,
    }

    #[repr(C, align(16))]
    pub struct Global {
        storage: [u8; 16],
    }

    #[repr(C)]
    pub union Value {
        word: i32,
        wide: u64,
        whole: core::mem::ManuallyDrop<Global>,
    }

    #[repr(C, u32)]
    pub enum Place {
        Nowhere,
        InMemory(TypeIndex),
        AtIndex(TypeIndex),
    }

    #[repr(C)]
    pub struct Store {
        fuel: UnsafeCell<i64>,
        parent: Option<VmPtr<Store>>,
        index: TypeIndex,
        place: Place,
        level: Level,
        rows: [[u16; 2]; 3],
        memory: Memory,
        builtins: VmPtr<Builtins>,
        _marker: PhantomPinned,
    }

    #[repr(C)]
    pub struct Builtins {
        grow: unsafe extern "C" fn(usize, u64) -> usize,
        stop: unsafe extern "C" fn(),
    }

    #[repr(C)]
    pub struct Instance {
        _marker: PhantomPinned,
    }
}

pub mod compiler {
    pub struct Memory {
        offset: u32,
        bound: u8,
    }

    pub enum Heap {
        Global { offset: u64, pinned: bool },
        Absent(u8),
    }
}

#[unsafe(no_mangle)]
pub fn use_all(
    store: &vm::Store,
    value: &vm::Value,
    builtins: &vm::Builtins,
    instance: &vm::Instance,
    memory: &compiler::Memory,
    heap: &compiler::Heap,
) -> usize {
    core::ptr::from_ref(store).addr()
        ^ core::ptr::from_ref(value).addr()
        ^ core::ptr::from_ref(builtins).addr()
        ^ core::ptr::from_ref(instance).addr()
        ^ core::ptr::from_ref(memory).addr()
        ^ core::ptr::from_ref(heap).addr()
}
