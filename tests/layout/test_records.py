"""Sizes, alignments and offsets of records, a row per case.

The expected numbers are what rustc says of the same ``repr(C)`` types; the tests of
`tests/oracle` ask it. A row names a target because no target is like all others.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from vmgen.layout.layouts import Layouts
from vmgen.layout.place import LayoutError, RecordLayout
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render
from vmgen.schema import load_module

X64 = "x86_64-unknown-linux-gnu"
I686 = "i686-unknown-linux-gnu"
WIN32 = "i686-pc-windows-msvc"
ARM = "armv7-unknown-linux-gnueabihf"
S390X = "s390x-unknown-linux-gnu"
AIX = "powerpc64-ibm-aix"
M68K = "m68k-unknown-linux-gnu"
CSKY = "csky-unknown-linux-gnuabiv2"
AVR = "avr-none"
MSP430 = "msp430-none-elf"


class Row(NamedTuple):
    """A type `T` on a target: its size, its alignment, its parts' offsets, its holes."""

    what: str
    declaration: str
    target: str
    size: int
    align: int
    offsets: tuple[int, ...] = ()
    holes: tuple[tuple[int, int], ...] = ()


def struct(*types: str, more: str = "") -> str:
    fields = ", ".join(f"f{index}: '{type}'" for index, type in enumerate(types))
    return f"T: {{kind: struct, fields: {{{fields}}}{more}}}"


def union(*types: str, more: str = "") -> str:
    return struct(*types, more=more).replace("struct", "union", 1)


INNER = "Inner: {kind: struct, fields: {a: u8, b: u32}}\n  "
WIDE = "Wide: {kind: struct, align: 32, fields: {a: u64}}\n  "

ROWS = [
    Row("one byte", struct("u8"), X64, 1, 1, (0,)),
    Row("hole before a wider field", struct("u8", "u32"), X64, 8, 4, (0, 4), ((1, 3),)),
    Row("tail padding", struct("u32", "u8"), X64, 8, 4, (0, 4), ((5, 3),)),
    Row("hole and tail", struct("u8", "u64", "u16"), X64, 24, 8, (0, 8, 16),
        ((1, 7), (18, 6))),
    Row("no order but the author's", struct("u8", "u16", "u8", "u32"), X64, 12, 4,
        (0, 2, 4, 8), ((1, 1), (5, 3))),
    Row("pointers", struct("u8", "VmPtr<u8>", "Option<VmPtr<u8>>"), X64, 24, 8,
        (0, 8, 16), ((1, 7),)),
    Row("pointers of four bytes", struct("u8", "VmPtr<u8>", "Option<VmPtr<u8>>"), ARM,
        12, 4, (0, 4, 8), ((1, 3),)),
    Row("pointers of two bytes", struct("u8", "VmPtr<u8>"), MSP430, 4, 2, (0, 2),
        ((1, 1),)),
    Row("nothing is aligned on AVR", struct("u8", "u64", "VmPtr<u8>"), AVR, 11, 1,
        (0, 1, 9)),
    Row("usize and isize", struct("u8", "usize", "isize"), X64, 24, 8, (0, 8, 16),
        ((1, 7),)),
    Row("a pointer at two on m68k", struct("u8", "usize"), M68K, 6, 2, (0, 2),
        ((1, 1),)),
    Row("u64 at eight", struct("u32", "u64"), X64, 16, 8, (0, 8), ((4, 4),)),
    Row("u64 at four on i686 Linux", struct("u32", "u64"), I686, 12, 4, (0, 4)),
    Row("u64 at eight on i686 Windows", struct("u32", "u64"), WIN32, 16, 8, (0, 8),
        ((4, 4),)),
    Row("u64 at eight on armv7", struct("u32", "u64"), ARM, 16, 8, (0, 8), ((4, 4),)),
    Row("u64 at four on m68k", struct("u32", "u64"), M68K, 12, 4, (0, 4)),
    Row("u64 at four on csky", struct("u32", "i64"), CSKY, 12, 4, (0, 4)),
    Row("u64 at two on MSP430", struct("u16", "u64"), MSP430, 10, 2, (0, 2)),
    Row("AtomicU64 at its size on i686 Linux", struct("u32", "AtomicU64"), I686, 16, 8,
        (0, 8), ((4, 4),)),
    Row("AtomicUsize", struct("u8", "AtomicUsize"), I686, 8, 4, (0, 4), ((1, 3),)),
    Row("AtomicUsize where a pointer is at two", struct("u16", "AtomicUsize"), M68K,
        8, 4, (0, 4), ((2, 2),)),
    Row("u128 at sixteen", struct("u64", "u128"), X64, 32, 16, (0, 16), ((8, 8),)),
    Row("u128 at sixteen on i686", struct("u64", "u128"), I686, 32, 16, (0, 16),
        ((8, 8),)),
    Row("u128 at eight on s390x", struct("u64", "u128"), S390X, 24, 8, (0, 8)),
    Row("u128 at eight on armv7", struct("u32", "i128"), ARM, 24, 8, (0, 8), ((4, 4),)),
    Row("u128 at four on csky", struct("u32", "u128"), CSKY, 20, 4, (0, 4)),
    Row("u128 at four on m68k", struct("u16", "u128"), M68K, 20, 4, (0, 4), ((2, 2),)),
    Row("u128 at two on MSP430", struct("u8", "u128"), MSP430, 18, 2, (0, 2),
        ((1, 1),)),
    Row("u128 anywhere on AVR", struct("u8", "u128"), AVR, 17, 1, (0, 1)),
    Row("f64 at four on AIX, u64 at eight",
        "T: {kind: struct, fields: {a: u32, b: {type: f64, allow: {floating-point: x}},"
        " c: u64}}", AIX, 24, 8, (0, 4, 16), ((12, 4),)),
    Row("an array is aligned like an element", struct("u8", "[u16; 3]"), X64, 8, 2,
        (0, 2), ((1, 1),)),
    Row("an array of arrays", struct("u8", "[[u32; 3]; 2]", "u8"), X64, 32, 4,
        (0, 4, 28), ((1, 3), (29, 3))),
    Row("an array of bytes needs no padding", struct("u8", "[u8; 7]", "u64"), X64,
        16, 8, (0, 1, 8)),
    Row("UnsafeCell changes nothing", struct("u8", "UnsafeCell<u64>"), X64, 16, 8,
        (0, 8), ((1, 7),)),
    Row("UnsafeCell of an array", struct("u8", "UnsafeCell<[u32; 2]>"), X64, 12, 4,
        (0, 4), ((1, 3),)),
    Row("a record in a record", INNER + struct("u8", "Inner", "u8"), X64, 16, 4,
        (0, 4, 12), ((1, 3), (13, 3))),
    Row("records in an array keep their tail", INNER + struct("[Inner; 3]", "u8"),
        X64, 28, 4, (0, 24), ((25, 3),)),
    Row("over-aligned", struct("u8", more=", align: 16"), X64, 16, 16, (0,), ((1, 15),)),
    Row("aligned to less than needed changes nothing",
        struct("u64", more=", align: 2"), X64, 8, 8, (0,)),
    Row("an over-aligned record inside", WIDE + struct("u8", "Wide", "u8"), X64, 96, 32,
        (0, 32, 64), ((1, 31), (65, 31))),
    Row("an array of over-aligned records", WIDE + struct("[Wide; 2]"), AVR, 64, 32,
        (0,)),
    Row("a union is as large as its largest member", union("u8", "u32", "[u8; 6]"),
        X64, 8, 4, (0, 0, 0), ((6, 2),)),
    Row("a union without padding", union("u64", "[u8; 16]"), X64, 16, 8, (0, 0)),
    Row("a union on i686 Linux", union("u64", "[u8; 16]"), I686, 16, 4, (0, 0)),
    Row("an over-aligned union", union("u32", more=", align: 16"), X64, 16, 16, (0,),
        ((4, 12),)),
    Row("a newtype is what it wraps", "T: {kind: newtype, of: u64}", I686, 8, 4),
    Row("a newtype of a record", INNER + "T: {kind: newtype, of: Inner}", X64, 8, 4),
    Row("foreign, by pointer width",
        "T: {kind: foreign, size: {64: 24, 32: 12}, align: {64: 8, 32: 4}}", ARM,
        12, 4),
    Row("foreign, the same everywhere", "T: {kind: foreign, size: 5, align: 1}", AVR,
        5, 1),
    Row("a table of functions",
        "T: {kind: functions, functions: {a: '()', b: '(x: u32) -> u64', c: '()'}}",
        X64, 24, 8, (0, 8, 16)),
    Row("a table of functions on 32 bits",
        "T: {kind: functions, functions: {a: '()', b: '(x: u32) -> u64', c: '()'}}",
        I686, 12, 4, (0, 4, 8)),
    Row("fixed fields of a context end where the last one does",
        "T: {kind: context, align: 16, fields: {a: u32, b: u64, c: u16}}", X64, 18, 16,
        (0, 8, 16), ((4, 4),)),
    Row("packed", struct("u8", "u64", "u16", more=", packed: true"), X64, 11, 1,
        (0, 1, 9)),
    Row("packed to two", struct("u8", "u64", "u8", more=", packed: 2"), X64, 12, 2,
        (0, 2, 10), ((1, 1), (11, 1))),
    Row("packed to more than anything needs", struct("u8", "u16", more=", packed: 8"),
        X64, 4, 2, (0, 2), ((1, 1),)),
    Row("packed to more than i686 needs", struct("u8", "u64", more=", packed: 8"), I686,
        12, 4, (0, 4), ((1, 3),)),
    Row("a packed union", union("u64", "[u8; 9]", more=", packed: 4"), X64, 12, 4,
        (0, 0), ((9, 3),)),
    Row("a record in a packed one keeps its padding",
        INNER + struct("u8", "Inner", more=", packed: true"), X64, 9, 1, (0, 1)),
    Row("a packed record in another one",
        "Tight: {kind: struct, packed: true, fields: {a: u8, b: u32}}\n  "
        + struct("u8", "Tight", "u32"), X64, 12, 4, (0, 1, 8), ((6, 2),)),
    Row("one aligned field", "T: {kind: struct, fields: "
        "{a: u8, b: {type: u32, align: 16}, c: u8}}", X64, 32, 16, (0, 16, 20),
        ((1, 15), (21, 11))),
    Row("an aligned field at the front", "T: {kind: struct, fields: "
        "{a: {type: u8, align: 8}, b: u8}}", X64, 8, 8, (0, 1), ((2, 6),)),
    Row("an aligned member", "T: {kind: union, fields: "
        "{a: u8, b: {type: u16, align: 8}}}", X64, 8, 8, (0, 0), ((2, 6),)),
]  # fmt: skip

TAGS = [
    # Tag, payload; size, alignment and the payload's offset on x86-64.
    ("u8", "u8", 2, 1, 1),
    ("u8", "u16", 4, 2, 2),
    ("u8", "u64", 16, 8, 8),
    ("u16", "u8", 4, 2, 2),
    ("u32", "u8", 8, 4, 4),
    ("u32", "u32", 8, 4, 4),
    ("u32", "[u8; 5]", 12, 4, 4),
    ("u64", "u8", 16, 8, 8),
    ("i8", "u32", 8, 4, 4),
    ("i64", "VmPtr<u8>", 16, 8, 8),
    ("usize", "VmPtr<u8>", 16, 8, 8),
    ("isize", "u16", 16, 8, 8),
]


def layouts_of(folder: Path, types: str, targets: str) -> Layouts:
    path = folder / "t.vm.yaml"
    path.write_text(
        f"vmgen: 1\nmodule: t\ntargets: [{targets}]\ntypes:\n  {types}\n",
        encoding="utf-8",
    )
    report = Report()
    module = load_module(path, path.name, report)
    assert module is not None, render(report)
    return Layouts(module)


def layout_of(folder: Path, types: str, target: str) -> RecordLayout:
    layouts = layouts_of(folder, types, target)
    return layouts.record("T", layouts.class_of(target))


@pytest.mark.parametrize("row", ROWS, ids=[f"{r.what}, {r.target}" for r in ROWS])
def test_record(tmp_path: Path, row: Row) -> None:
    layout = layout_of(tmp_path, row.declaration, row.target)
    assert (layout.size, layout.align) == (row.size, row.align)
    assert layout.offsets == row.offsets
    assert layout.holes == row.holes


@pytest.mark.parametrize(("tag", "payload", "size", "align", "offset"), TAGS)
def test_tagged_enum(
    tmp_path: Path, tag: str, payload: str, size: int, align: int, offset: int
) -> None:
    declaration = (
        f"T: {{kind: enum, tag: {tag}, variants: {{A: null, B: '{payload}'}}}}"
    )
    layout = layout_of(tmp_path, declaration, X64)
    assert (layout.size, layout.align) == (size, align)
    assert layout.offsets == (0, offset)


@pytest.mark.parametrize("tag", [tag for tag, *_ in TAGS])
def test_an_enum_without_payloads_is_its_tag(tmp_path: Path, tag: str) -> None:
    plain = f"T: {{kind: enum, tag: {tag}, variants: {{A: 0, B: null}}}}"
    layouts = layouts_of(tmp_path, plain, X64)
    layout = layouts.record("T", layouts.class_of(X64))
    of_the_tag = layout_of(tmp_path, struct(tag), X64)
    assert (layout.size, layout.align) == (of_the_tag.size, of_the_tag.align)
    assert layout.offsets == ()


def test_payloads_share_one_place_and_the_strictest_alignment(tmp_path: Path) -> None:
    declaration = (
        "T: {kind: enum, tag: u8, variants: {A: 'u8', B: '[u8; 9]', C: u32, D: null}}"
    )
    layout = layout_of(tmp_path, declaration, X64)
    assert layout.offsets == (0, 4)
    assert layout.extents == ((1, 1), (12, 4))
    assert (layout.size, layout.align) == (16, 4)


def test_a_tagged_enum_with_a_u64_differs_between_targets_of_one_width(
    tmp_path: Path,
) -> None:
    declaration = "T: {kind: enum, tag: u32, variants: {A: u64}}"
    assert layout_of(tmp_path, declaration, I686).offsets == (0, 4)
    assert layout_of(tmp_path, declaration, WIN32).offsets == (0, 8)


def test_an_opaque_type_has_neither_size_nor_parts(tmp_path: Path) -> None:
    types = "T: {kind: opaque}\n  Holder: {kind: struct, fields: {t: VmPtr<T>}}"
    layouts = layouts_of(tmp_path, types, X64)
    assert layouts.record("T", layouts.class_of(X64)).offsets == ()
    assert layouts.record("Holder", layouts.class_of(X64)).size == 8


def test_a_foreign_type_needs_a_size_for_each_width(tmp_path: Path) -> None:
    types = "T: {kind: foreign, size: {64: 8}, align: {64: 8}}"
    with pytest.raises(LayoutError, match="no size for 32-bit targets"):
        layouts_of(tmp_path, types, f"{X64}, {I686}")


def test_targets_that_agree_share_one_layout(tmp_path: Path) -> None:
    types = struct("u32", "VmPtr<u8>")
    layouts = layouts_of(tmp_path, types, f"{X64}, {S390X}, {ARM}, {I686}")
    assert len(layouts.classes) == 4
    assert layouts.of("T").columns == ((0, 1), (2, 3))
    assert layouts.row("T")[0] is layouts.row("T")[1]
    assert layouts.row("T")[2] is layouts.row("T")[3]


def test_a_data_model_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "t.vm.yaml"
    path.write_text(
        "vmgen: 1\nmodule: t\ntargets: [toy]\n"
        "data_models: {toy: {pointer: 32, align: {u64: 2, pointer: 2}}}\n"
        f"types:\n  {struct('u8', 'VmPtr<u8>', 'u64')}\n",
        encoding="utf-8",
    )
    module = load_module(path, path.name, Report())
    assert module is not None
    layouts = Layouts(module)
    layout = layouts.record("T", layouts.class_of("toy"))
    assert (layout.size, layout.align, layout.offsets) == (14, 2, (0, 2, 6))
