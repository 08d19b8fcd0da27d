use core::ffi::c_char;
use core::marker::PhantomPinned;
use core::mem::ManuallyDrop;
use core::ptr::{null, null_mut, NonNull};
use forms::forms::{Device, Event, Event_body, Event_body_pair, Event_named, Head, Ops, Rows, Tight};
use forms::vmptr::VmPtr;

unsafe extern "C" fn released(_: VmPtr<Event>) {}

unsafe extern "C" fn same(x: u32) -> u32 {
    x
}

fn event() -> Event {
    let pair = ManuallyDrop::new(Event_body_pair { first: 7, second: -2 });
    let (body, named) = (Event_body { pair }, Event_named { x: 3, y: 4 });
    Event { sort: 1, body, named, flag: true }
}

#[repr(align(4))]
struct Space(#[allow(dead_code, reason = "it is read as rows")] [u16; 6]);

#[allow(dead_code, reason = "a debugger reads it")]
struct Watched {
    event: Event,
    tight: Tight,
    head: Head,
    rows: *const Rows,
    device: Device,
    ops: Ops,
    none: Ops,
}

#[no_mangle]
#[inline(never)]
fn stop(watched: &Watched) {
    std::hint::black_box(watched);
    std::process::abort();
}

fn main() {
    let mut other = event();
    let event_at = VmPtr::from(NonNull::from(&mut other));
    let mut last = Tight { tag: 9, value: 10, next: null_mut() };
    let space = Space([2, 0, 1, 10, 2, 20]);
    let names: [*const c_char; 3] = [c"one".as_ptr(), c"two".as_ptr(), null()];
    stop(&Watched {
        event: event(),
        tight: Tight { tag: 5, value: 0x1122_3344_5566_7788, next: &raw mut last },
        head: Head { magic: 42, name: c"a head".as_ptr(), event: event_at, _marker: PhantomPinned },
        rows: (&raw const space).cast(),
        device: Device { status: 3, letter: 120, number: -5, ratio: 0.5 },
        ops: Ops { release: Some(released), same, names: names.as_ptr() },
        none: Ops { release: None, same, names: null() },
    });
}
