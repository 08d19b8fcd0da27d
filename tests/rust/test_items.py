"""What a schema says for Rust alone: traits, who sees what, attributes, pinning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import EDITIONS, cargo, check, crate, execute, run, set_edition
from tests.support import Ran, module_of, need

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """
    targets: [x86_64-unknown-linux-gnu, aarch64-unknown-linux-gnu]
    types:
      Index: {kind: newtype, of: u32, derive: [Debug, Default], field_visibility: private}
      Level: {kind: enum, tag: u8, derive: [Ord, PartialOrd, Default], variants: {Low: , High: }}
      Place:
        kind: enum
        tag: u32
        derive: [Clone, Copy, Debug, Default]
        variants: {Nowhere: null, At: Index2, In: VmPtr<u8>}
      Index2: {kind: newtype, of: u32}
      Held:
        kind: enum
        tag: u32
        derive: [Debug]
        variants: {Count: AtomicUsize, Bytes: "[u8; 40]"}
      Bits: {kind: union, derive: [Copy, Clone, Default], fields: {whole: u64, half: "[u32; 2]"}}
      Memory:
        kind: struct
        derive: [Default, Debug]
        fields:
          base: Option<VmPtr<u8>>
          length: AtomicUsize
          cell: UnsafeCell<u64>
          storage: "[u8; 40]"
          word: {type: u32, endian: little}
          index: Index
          place: Place
          level: Level
      Hidden:
        kind: struct
        visibility: pub(crate)
        attrs: [must_use, 'doc(alias = "secret")', "cfg_attr(test,  derive(Debug))"]
        fields:
          shown: u32
          inner: {type: Inner, visibility: private, attrs: ["doc( hidden )"]}
      Inner: {kind: struct, visibility: private, copy: true, derive: [Debug], fields: {a: u8}}
      Gate: {kind: opaque, visibility: pub(crate), attrs: [must_use]}
      Frame:
        kind: context
        visibility: pub(crate)
        counts: [num]
        fields: {magic: u32, hidden: Option<VmPtr<Hidden>>}
        regions: {all: "[Hidden; num]"}
      Pinned:
        kind: struct
        pinned: true
        derive: [Debug, Default]
        fields: {_marker: u32}
      Old:
        kind: struct
        pinned: true
        attrs: [deprecated]
        fields: {_spare: u8, gone: {type: u8, attrs: ['deprecated(note = "use others")']}}
      Both: {kind: union, fields: {_a: u8, b: {type: u8, attrs: [deprecated]}}}
      Used: {kind: enum, tag: u8, attrs: [must_use], variants: {A: u8}}
      Sure: {kind: enum, tag: u8, visibility: private, trusted: all, variants: {A: 1}}
      Spare:
        kind: context
        counts: [num]
        fields: {_first: u64}
        regions: {_all: "[u64; num]", _last: Both}
      Table:
        kind: functions
        derive: [Clone, Debug]
        functions: {grow: "(a: VmPtr<Memory>) -> u32"}
    """


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_judges_find_nothing(tmp_path: Path, edition: str) -> None:
    module = module_of(tmp_path, SCHEMA)
    folder = crate(tmp_path, module, modules="places for_each")
    set_edition(folder, edition)
    assert check(folder, edition=edition) == Ran(0, "", "")
    formatted = [need("rustfmt"), "--check", "--edition", edition, "src/lib.rs"]
    assert run(formatted, folder) == Ran(0, "", "")
    pedantic = "-Dwarnings -Dclippy::pedantic"
    assert cargo(folder, "clippy", RUSTFLAGS=pedantic) == Ran(0, "", "")
    assert cargo(folder, "doc", RUSTDOCFLAGS="-Dwarnings") == Ran(0, "", "")


def test_they_stand_where_a_person_writes_them(tmp_path: Path) -> None:
    folder = crate(tmp_path, module_of(tmp_path, SCHEMA))
    text = (folder / "src/sample.rs").read_text(encoding="utf-8")
    assert "#[derive(Debug)]\n#[repr(transparent)]\npub struct Index(u32);" in text
    assert "#[derive(Clone, Debug)]\n#[repr(C)]\npub struct Table {" in text
    assert """\
#[rustfmt::skip]
#[must_use]
#[doc(alias = "secret")]
#[cfg_attr(test, derive(Debug))]
#[allow(dead_code, reason = "not every user needs all")]
#[repr(C)]
pub(crate) struct Hidden {
    pub shown: u32,
    #[doc( hidden )]
    inner: Inner,
}
""" in text
    assert "#[derive(Clone, Copy, Debug)]\n#[repr(C)]\nstruct Inner {" in text
    assert (
        "    pub _marker: u32,\n    pub _marker_: ::core::marker::PhantomPinned,\n"
        in (text)
    )
    assert re.findall(r"^pub\(crate\) struct (\w+)", text, re.MULTILINE) == [
        "Frame",
        "FrameFixed",
        "Gate",
        "Hidden",
        "FrameAccess",
    ]


def test_defaults_are_zero_and_traits_are_there(tmp_path: Path) -> None:
    program = r"""
        use bindings::sample::*;
        use bindings::VmPtr;
        fn bytes<T>(value: &T) -> Vec<u8> {
            let at = std::ptr::from_ref(value).cast::<u8>();
            unsafe { std::slice::from_raw_parts(at, size_of::<T>()) }.to_vec()
        }
        trait Unpinned { const IS: bool = false; }
        impl<T> Unpinned for T {}
        struct Asked<T>(std::marker::PhantomData<T>);
        impl<T: Unpin> Asked<T> { const IS: bool = true; }
        fn main() {
            let memory = Memory::default();
            println!("{}", bytes(&memory).iter().all(|byte| *byte == 0));
            println!("{memory:?}");
            println!("{:?} {:?}", Place::default(), Held::new(HeldValue::Count(3.into())));
            println!("{:?}", Place::new(PlaceValue::At(Index2(7))));
            let _: Option<VmPtr<u8>> = memory.base;
            println!("{:?} {:?}", Level::default() < Level::High, Pinned::default());
            println!("{} {}", Asked::<Memory>::IS, Asked::<Pinned>::IS);
            println!("{}", unsafe { Bits::default().whole });
        }
        """
    printed = execute(crate(tmp_path, module_of(tmp_path, SCHEMA)), program)
    first, second, *rest = printed.splitlines()
    assert first == "true"
    assert second.startswith("Memory { base: None, length: 0, cell: UnsafeCell { .. }")
    assert rest == [
        "Nowhere Count(3)",
        "At(Index2(7))",
        "true Pinned { _marker: 0, _marker_: PhantomPinned }",
        "true false",
        "0",
    ]


PARTS = """
    constants:
      FRAME_MAGIC: {type: u32, value: 7}
      FRAME_STEP: {type: usize, value: 16}
    types:
      Leaf: {kind: struct, fields: {a: u32}}
      Frame:
        kind: context
        counts: [num]
        fields: {magic: {type: u32, value: FRAME_MAGIC}}
        regions: {leaves: "[Leaf; num]"}
    """


@pytest.mark.parametrize("without", ["access", "constants", "access constants"])
def test_types_are_made_without_what_nobody_wants(tmp_path: Path, without: str) -> None:
    folder = crate(tmp_path, module_of(tmp_path, PARTS), without=without)
    for edition in EDITIONS:
        assert check(folder, edition=edition) == Ran(0, "", "")
    text = (folder / "src/sample.rs").read_text(encoding="utf-8")
    assert ("FrameAccess" in text) == ("access" not in without)
    assert ("FRAME_STEP" in text) == ("constants" not in without)
    assert ("FRAME_MAGIC}" in text) == ("constants" not in without)
    offsets = (folder / "src/sample_offsets.rs").read_text(encoding="utf-8")
    assert "pub const FRAME_STEP: u64 = 16;" in offsets
    assert "pub struct FrameOffsets" in offsets
    formatted = [need("rustfmt"), "--check", "--edition", "2021", "src/lib.rs"]
    assert run(formatted, folder) == Ran(0, "", "")


def test_a_table_exposes_what_compiled_code_calls(tmp_path: Path) -> None:
    schema = """
        types:
          Table: {kind: functions, functions: {twice: "(n: u32) -> u32", none: "()"}}
        """
    program = """
        use bindings::sample::Table;

        unsafe extern "C" fn twice(n: u32) -> u32 {
            2 * n
        }

        unsafe extern "C" fn none() {}

        static TABLE: Table = Table { twice, none };

        fn main() {
            let at = TABLE.expose_provenance();
            assert_eq!(at.as_ptr().cast_const(), &raw const TABLE);
            // As compiled code does, which knows addresses alone.
            let slots: [usize; 2] = unsafe { at.cast().read() };
            assert_eq!(slots[1], none as *const () as usize);
            let function = core::ptr::with_exposed_provenance::<()>(slots[0]);
            let function: unsafe extern "C" fn(u32) -> u32 =
                unsafe { core::mem::transmute(function) };
            println!("{}", unsafe { function(21) });
        }
        """
    folder = crate(tmp_path, module_of(tmp_path, schema))
    assert execute(folder, program) == "42\n"
