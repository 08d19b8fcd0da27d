"""Bit-fields in Rust: names of their methods, types that others declare, and the schema as a
macro. What the methods do is in tests/agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rust.crates import EDITIONS, check, crate, execute, texts_of, write
from tests.support import Ran, module_of

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
    targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, s390x-unknown-linux-gnu]
    profile: {c-abi: what C has}
    types:
      Sort: {kind: enum, tag: u8, variants: {Low: 0, High: 3}}
      Flags:
        kind: struct
        derive: [Copy, Clone, Default, Debug, PartialEq]
        fields:
          up: {type: bool, bits: 1}
          sort: {type: Sort, bits: 2}
          length: {type: u32, bits: 29, doc: In pages.}
          whole: u32
    """


def test_names_of_methods_and_rows_are_not_those_of_others(tmp_path: Path) -> None:
    schema = """\
        types:
          Flags:
            kind: struct
            fields:
              x: {type: u8, bits: 1}
              set_x: {type: u8, bits: 1}
              __y: {type: u8, bits: 1}
              _bits0: {type: u8, bits: 1}
              _unit0: {type: u8, bits: 1}
              x_bit: u8
        """
    program = """
        use bindings::sample::Flags;
        fn main() {
            let mut it: Flags = unsafe { core::mem::zeroed() };
            it.set_x_(1);
            print!("{} {} ", it.x(), it.set_x());
            it.set_set_x(1);
            it.set_y(1);
            it.set_bits0(1);
            it.set_unit0(1);
            println!("{} {} {} {}", it.set_x(), it.__y(), it._bits0(), it._unit0());
        }
        """
    made = crate(tmp_path, module_of(tmp_path, schema))
    for edition in EDITIONS:
        assert check(made, edition=edition) == Ran(0, "", "")
    assert execute(made, program) == "1 0 1 1 1 1\n"


def test_a_record_that_derives_has_all_bits_in_what_it_derives(tmp_path: Path) -> None:
    program = """
        use bindings::sample::{Flags, Sort};
        fn main() {
            let mut it = Flags::default();
            it.set_up(true);
            it.set_sort(Sort::High);
            it.set_length(u32::MAX);
            let copy = it;
            it.set_sort(Sort::Low);
            println!("{:?} {:?} {} {:#x}", copy.sort(), it.sort(), copy == it, it.length());
        }
        """
    made = crate(tmp_path, module_of(tmp_path, SCHEMA))
    assert check(made) == Ran(0, "", "")
    assert execute(made, program) == "High Low false 0x1fffffff\n"


THEIRS = """
#[repr(C)]
pub struct Flags { pub bits: [u32; 1], pub whole: u32 }
unsafe impl crate::VmSafe for Flags {}
#[repr(transparent)]
pub struct Sort(u8);
"""


def beside_theirs(folder: Path, theirs: str) -> Ran:
    """What rustc says where the project has the record and the enum already."""
    existing = "Flags = crate::theirs::Flags\nSort = crate::theirs::Sort"
    schema = SCHEMA + "  Other: {kind: struct, fields: {sort: {type: Sort, bits: 2}}}\n"
    schema = schema.replace(
        "derive: [Copy, Clone, Default, Debug, PartialEq]", "doc: Theirs."
    )
    texts = texts_of([module_of(folder, schema)], existing=existing)
    texts["src/theirs.rs"] = theirs
    texts["src/lib.rs"] += "\n#[allow(dead_code)]\npub mod theirs;\n"
    return check(write(folder, texts))


def test_of_a_record_that_exists_all_but_bit_fields_are_compared(
    tmp_path: Path,
) -> None:
    assert beside_theirs(tmp_path, THEIRS) == Ran(0, "", "")
    text = (tmp_path / "src/sample.rs").read_text(encoding="utf-8")
    # No value of an enum that others declare is made out of bits.
    assert "pub const fn sort(&self) -> u8 {" in text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[u32; 1]", "[u32; 2]", "the offset of Flags.whole is 8 here, and 4 accord"),
        ("pub whole: u32", "pub whole: u16", "the size of Flags.whole is 2 here"),
        (
            "pub bits: [u32; 1], pub whole: u32",
            "pub whole: u32, pub bits: [u32; 1]",
            "the offset of Flags.whole is 0 here, and 4 accord",
        ),
    ],
)
def test_what_exists_is_held_against_the_schema(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert said in beside_theirs(tmp_path, THEIRS.replace(old, new)).err


def test_the_schema_as_a_macro_has_no_type_for_them(tmp_path: Path) -> None:
    texts = texts_of([module_of(tmp_path, SCHEMA)], modules="for_each")
    text = texts["src/sample_for_each.rs"]
    assert "                sort: _ = [0] [bits];\n" in text
    assert "                length: _ = [0] [bits];\n" in text
    assert "                whole: u32 = [4] [];\n" in text


def test_compilers_have_the_address_of_their_bytes_and_nothing_to_load(
    tmp_path: Path,
) -> None:
    texts = texts_of([module_of(tmp_path, SCHEMA)], modules="places")
    text = texts["src/sample_places.rs"]
    assert "        sort: Part::of(Kind::Other);\n" in text
    assert "        whole: U32;\n" in text


def test_of_a_prefix_the_bits_that_are_described_are_there(tmp_path: Path) -> None:
    schema = """\
        profile: {c-abi: what C has}
        types:
          Head:
            kind: struct
            prefix: true
            fields: {a: {type: u8, bits: 4}, n: u32, b: {type: u32, bits: 20}}
        """
    program = """
        use bindings::sample::Head;
        fn main() {
            let mut room = [0u64; 2];
            let head = room.as_mut_ptr().cast::<Head>();
            unsafe {
                (*head).set_a(9);
                (*head).set_b(0xABCDE);
                println!("{} {:#x} {:x?}", (*head).a(), (*head).b(), room);
            }
        }
        """
    made = crate(tmp_path, module_of(tmp_path, schema))
    assert check(made) == Ran(0, "", "")
    assert execute(made, program) == "9 0xabcde [9, abcde]\n"
