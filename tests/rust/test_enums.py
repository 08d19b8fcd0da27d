"""Enums in memory are what Rust itself makes of `repr(C, tag)`, without its dangers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import check, crate, execute
from tests.support import Ran, module_of

if TYPE_CHECKING:
    from pathlib import Path

TAGS = ("u8", "u16", "u32", "u64", "i8", "i32", "usize", "isize")

SCHEMA = """\
    types:
      Pair: {{kind: struct, copy: true, fields: {{first: u8, second: u64}}}}
      Mixed:
        kind: enum
        tag: {tag}
        variants:
          Nothing: null
          Byte: u8
          Bytes: "[u8; 3]"
          Quad: {{type: u64, value: 7}}
          Pair: Pair
          Link: VmPtr<u8>
      Small: {{kind: enum, tag: {tag}, variants: {{Only: {{type: u8, value: 5}}}}}}
    """

PROGRAM = """\
use bindings::sample::{{Mixed, MixedValue, Pair, Small, SmallValue}};
use bindings::VmPtr;

#[repr(C, {tag})]
#[allow(dead_code)]
enum RealMixed {{
    Nothing,
    Byte(u8),
    Bytes([u8; 3]),
    Quad(u64) = 7,
    Pair(Pair),
    Link(VmPtr<u8>),
}}

#[repr(C, {tag})]
#[allow(dead_code)]
enum RealSmall {{
    Only(u8) = 5,
}}

fn main() {{
    assert_eq!(size_of::<Mixed>(), size_of::<RealMixed>());
    assert_eq!(align_of::<Mixed>(), align_of::<RealMixed>());
    assert_eq!(size_of::<Small>(), size_of::<RealSmall>());
    let pair = Pair {{ first: 1, second: 2 }};
    let link = VmPtr::dangling();
    let same: [(MixedValue, RealMixed); 6] = [
        (MixedValue::Nothing, RealMixed::Nothing),
        (MixedValue::Byte(3), RealMixed::Byte(3)),
        (MixedValue::Bytes([4, 5, 6]), RealMixed::Bytes([4, 5, 6])),
        (MixedValue::Quad(7), RealMixed::Quad(7)),
        (MixedValue::Pair(pair), RealMixed::Pair(pair)),
        (MixedValue::Link(link), RealMixed::Link(link)),
    ];
    for (ours, real) in same {{
        let record = Mixed::new(ours);
        let seen: RealMixed = unsafe {{ core::mem::transmute_copy(&record) }};
        assert_eq!(core::mem::discriminant(&seen), core::mem::discriminant(&real));
        let back: Mixed = unsafe {{ core::mem::transmute_copy(&real) }};
        let Ok(value) = back.get() else {{ panic!("an unknown tag") }};
        match (ours, value, seen) {{
            (MixedValue::Nothing, MixedValue::Nothing, RealMixed::Nothing) => {{}}
            (MixedValue::Byte(a), MixedValue::Byte(b), RealMixed::Byte(c)) => {{
                assert_eq!((a, a), (b, c));
            }}
            (MixedValue::Bytes(a), MixedValue::Bytes(b), RealMixed::Bytes(c)) => {{
                assert_eq!((a, a), (b, c));
            }}
            (MixedValue::Quad(a), MixedValue::Quad(b), RealMixed::Quad(c)) => {{
                assert_eq!((a, a), (b, c));
            }}
            (MixedValue::Pair(a), MixedValue::Pair(b), RealMixed::Pair(c)) => {{
                assert_eq!((a.first, a.second), (b.first, b.second));
                assert_eq!((a.first, a.second), (c.first, c.second));
            }}
            (MixedValue::Link(a), MixedValue::Link(b), RealMixed::Link(c)) => {{
                assert_eq!((a.as_ptr(), a.as_ptr()), (b.as_ptr(), c.as_ptr()));
            }}
            _ => panic!("another variant came back"),
        }}
    }}
    let seen: RealSmall = unsafe {{ core::mem::transmute_copy(&Small::new(SmallValue::Only(9))) }};
    assert!(matches!(seen, RealSmall::Only(9)));
    let zeroed: Mixed = unsafe {{ core::mem::zeroed() }};
    assert!(matches!(zeroed.get(), Ok(MixedValue::Nothing)));
    let unknown: Small = unsafe {{ core::mem::zeroed() }};
    assert_eq!((unknown.tag(), unknown.get().is_err()), (0, true));
    println!("same");
}}
"""


@pytest.mark.parametrize("tag", TAGS)
def test_a_tagged_enum_is_laid_out_as_rusts_own(tmp_path: Path, tag: str) -> None:
    module = module_of(tmp_path, SCHEMA.format(tag=tag))
    assert execute(crate(tmp_path, module), PROGRAM.format(tag=tag)) == "same\n"


def test_a_payload_that_cannot_be_copied_stays_where_it_is(tmp_path: Path) -> None:
    module = module_of(
        tmp_path,
        """\
        types:
          Counter: {kind: struct, fields: {count: AtomicUsize}}
          Held:
            kind: enum
            tag: u32
            variants: {Nothing: null, Counter: Counter, Number: usize}
        """,
    )
    program = """\
use bindings::sample::{Counter, Held, HeldRef, HeldValue};
use std::sync::atomic::{AtomicUsize, Ordering};

fn main() {
    let counter = Counter { count: AtomicUsize::new(1) };
    let held = Held::new(HeldValue::Counter(counter));
    let Ok(HeldRef::Counter(seen)) = held.get() else { panic!() };
    seen.count.fetch_add(41, Ordering::Relaxed);
    let Ok(HeldRef::Counter(again)) = held.get() else { panic!() };
    println!("{} {}", held.tag(), again.count.load(Ordering::Relaxed));
}
"""
    assert execute(crate(tmp_path, module), program) == "1 42\n"


def test_a_plain_enum_is_an_integer_with_names(tmp_path: Path) -> None:
    module = module_of(
        tmp_path,
        """\
        types:
          State:
            kind: enum
            tag: i16
            variants: {Idle: 0, Busy: null, Gone: -3, Late: 0x100}
        """,
    )
    program = """\
use bindings::sample::State;
use bindings::sample_offsets::StateTag;

fn named(state: State) -> &'static str {
    match state {
        State::Idle => "idle",
        State::Busy => "busy",
        State::Gone => "gone",
        _ => "other",
    }
}

fn main() {
    println!("{:?} {:?} {:?}", State::Gone, State(1), State(9));
    println!("{} {} {}", named(State::Gone), named(State(1)), named(State::Late));
    println!("{} {}", StateTag::Gone, StateTag::Late);
}
"""
    assert execute(crate(tmp_path, module), program) == (
        "Gone Busy State(9)\ngone busy other\n-3 256\n"
    )


def test_an_enum_that_is_little_endian_is_so_on_every_host(tmp_path: Path) -> None:
    schema = """\
        types:
          Level: {kind: enum, tag: u32, variants: {Low: 1}}
          State: {kind: struct, fields: {level: {type: Level, endian: little}}}
        """
    folder = crate(tmp_path, module_of(tmp_path, schema))
    text = (folder / "src/sample.rs").read_text(encoding="utf-8")
    assert "    pub level: Le<u32>,\n" in text
    assert check(folder) == Ran(0, "", "")
