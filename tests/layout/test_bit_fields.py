"""Where bit-fields are, a row per rule: to the bit, as clang has them (tests/oracle)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support import load_at, write_schema
from vmgen.layout.bit_runs import runs
from vmgen.layout.layouts import Layouts
from vmgen.layout.place import BitPlace
from vmgen.reading.diagnostics import Report

if TYPE_CHECKING:
    from pathlib import Path

X64 = "x86_64-unknown-linux-gnu"
I686 = "i686-unknown-linux-gnu"
S390X = "s390x-unknown-linux-gnu"
MSVC = "x86_64-pc-windows-msvc"
MINGW = "x86_64-pc-windows-gnu"
CYGWIN = "x86_64-pc-cygwin"
WATCH = "armv7k-apple-watchos"
AIX = "powerpc64-ibm-aix"


class Row(NamedTuple):
    """A type `T` on a target: its size, its alignment, and the first bit of each field,
    counted from the begin."""

    what: str
    fields: str
    target: str
    size: int
    align: int
    bits: tuple[int, ...]
    packed: int = 0


ROWS = [
    Row("types share a unit", "u8:4 u32:4", X64, 4, 4, (0, 4)),
    Row("so they do on big-endian", "u8:4 u32:4", S390X, 4, 4, (0, 4)),
    Row("Microsoft's types don't", "u8:4 u32:4", MSVC, 8, 4, (0, 32)),
    Row("nor do MinGW's", "u8:4 u32:4", MINGW, 8, 4, (0, 32)),
    Row("Cygwin's do", "u8:4 u32:4", CYGWIN, 4, 4, (0, 4)),
    Row("none crosses its unit", "u32:20 u32:20 u8", X64, 8, 4, (0, 32, 56)),
    Row("a byte goes into the unit", "u32:4 u8", X64, 4, 4, (0, 8)),
    Row("Microsoft's unit is taken whole", "u32:4 u8", MSVC, 8, 4, (0, 32)),
    Row("a unit begins before it", "u8 u64:33 u32", X64, 16, 8, (0, 8, 64)),
    Row("u64 aligned to 4", "u64:40 u64:20 u64:10", I686, 12, 4, (0, 40, 60)),
    Row("sizes decide, not signs", "u32:4 i32:4", MSVC, 4, 4, (0, 4)),
    Row("Apple's watch knows no units", "u8:3 u8:6", WATCH, 2, 1, (0, 3)),
    Row("AIX has units of four bytes", "u8:3 u8:6", AIX, 4, 4, (0, 3)),
    Row("packed, they cross units", "u8:3 u8:6", X64, 2, 1, (0, 3), 1),
    Row("packed units are whole", "u8:3 u32:6", MSVC, 5, 1, (0, 8), 1),
]  # fmt: skip


def layouts_of(folder: Path, fields: str, target: str, packed: int = 0) -> Layouts:
    words = []
    for index, word in enumerate(fields.split()):
        type, _, bits = word.partition(":")
        more = f", bits: {bits}" if bits else ""
        words.append(f"f{index}: {{type: {type}{more}}}")
    pack = f"packed: {packed}, " if packed else ""
    text = f"targets: [{target}]\ntypes:\n  T: {{kind: struct, {pack}fields: {{{', '.join(words)}}}}}\n"
    path = write_schema(folder, text)
    module = load_at(path, path.name, Report())
    assert module is not None
    return Layouts(module)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_bit_fields_are_where_the_targets_rule_has_them(
    tmp_path: Path, row: Row
) -> None:
    layouts = layouts_of(tmp_path, row.fields, row.target, row.packed)
    (layout,) = layouts.row("T")
    assert (layout.size, layout.align, layout.first_bits) == row[3:6]


def test_a_bit_field_has_the_bytes_that_it_has_a_bit_in(tmp_path: Path) -> None:
    layouts = layouts_of(tmp_path, "u8:3 u64:64 u16:2", X64, 1)
    _, wide, last = layouts.of("T").parts
    assert (wide.offsets, wide.extents) == ((0,), ((9, 1),))
    assert wide.bits == (BitPlace(3, 64),)
    assert (last.offsets, last.bits) == ((8,), (BitPlace(3, 2),))
    assert (last.shown_type, last.shown_offset(0)) == ("u16:2", "8.3")
    assert BitPlace(3, 2).shift(little_endian=True) == 3
    assert BitPlace(3, 2).shift(little_endian=False) == 3
    assert BitPlace(3, 64).shift(little_endian=False) == 5


def test_a_run_is_all_bytes_between_the_fields_around_it(tmp_path: Path) -> None:
    layouts = layouts_of(tmp_path, "u8 u32:4 u32:4 u8 u8:1", MSVC)
    record = layouts.of("T")
    first, second = runs(record.parts, record.layouts)
    assert (first.begins, first.lengths, first.first_bits) == (
        (1,), (7,), ((24,), (28,)),
    )  # fmt: skip
    assert (second.begins, second.lengths, second.first_bits) == ((9,), (3,), ((0,),))


def test_targets_of_another_rule_are_a_class_of_their_own(tmp_path: Path) -> None:
    both = f"{X64}, {MSVC}"
    layouts = layouts_of(tmp_path, "u8:4 u32:4", both)
    assert [c.bit_rule for c in layouts.classes] == ["sysv", "microsoft"]
    layouts = layouts_of(tmp_path, "u8 u32", both)
    assert [c.bit_rule for c in layouts.classes] == [None]
