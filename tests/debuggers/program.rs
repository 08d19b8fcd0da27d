use core::ptr::NonNull;
use core::sync::atomic::AtomicUsize;

use small::small::*;
use small::vmptr::VmPtr;

pub struct Watched<'a> {
    pub memory: &'a Memory,
    pub store: &'a Store,
    pub hidden: HiddenRef,
    pub places: [Place; 4],
    pub levels: [Level; 2],
    pub value: Value,
    pub index: TypeIndex,
    pub context: &'a Context,
    pub pointer: VmPtr<Memory>,
    pub listed: Listed<Memory>,
    pub state: State,
}

#[inline(never)]
pub fn look(watched: &Watched, pointer: VmPtr<Memory>, level: Level) -> usize {
    println!("{watched:p} {pointer:?} {level:?}");
    std::process::abort()
}

fn pointer<T>(address: usize) -> VmPtr<T> {
    VmPtr::from(NonNull::new(address as *mut T).unwrap())
}

fn main() {
    let memory = Memory {
        base: pointer(0x1000),
        current_length: AtomicUsize::new(4096),
    };
    let mut words = [0u128; 64];
    words[0] = u128::from((-5i64) as u64) | 0x3000 << 64;
    // SAFETY: zeros are a store, but for its pointers, which nobody follows.
    let store = unsafe { &mut *words.as_mut_ptr().cast::<Store>() };
    store.place = Place::new(PlaceValue::InMemory(pointer(0x5000)));
    store.level = Level::High;
    let mut space = [0u128; 64];
    let context = space.as_mut_ptr().cast::<ContextFixed>();
    // SAFETY: there is room for it.
    unsafe { (*context).magic = CONTEXT_MAGIC };
    // SAFETY: a place is a tag and a payload.
    let unknown = unsafe { core::mem::transmute::<[u64; 2], Place>([77, 0]) };
    let watched = Watched {
        memory: &memory,
        store,
        hidden: HiddenRef(Some(pointer(0x2000))),
        places: [
            Place::new(PlaceValue::Nowhere),
            Place::new(PlaceValue::InMemory(pointer(0x5000))),
            Place::new(PlaceValue::AtIndex(TypeIndex(9))),
            unknown,
        ],
        levels: [Level::Low, Level(7)],
        value: Value {
            bits: 77u64.into(),
        },
        index: TypeIndex(9),
        // SAFETY: it is one.
        context: unsafe { &*context.cast::<Context>() },
        pointer: pointer(0x5000),
        listed: Listed {
            count: 2,
            head: Some(pointer(0x5000)),
        },
        state: State::Busy,
    };
    look(&watched, pointer(0x5000), Level::High);
}
