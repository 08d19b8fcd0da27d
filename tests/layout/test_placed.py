"""Records byte by byte: padding after parts, regions with their counts, cache lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import module_of
from vmgen.layout.cache_lines import CacheLine, cache_line, cache_lines
from vmgen.layout.expr import OffsetOverflow
from vmgen.layout.layouts import Layouts
from vmgen.layout.placed import Placed, PlacedPart, placed

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
vmgen: 1
module: t
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
types:
  Holes: {kind: struct, fields: {a: u8, b: u32, c: u8, d: u8}}
  Longest: {kind: union, align: 8, fields: {a: "[u8; 9]", b: u64, c: "[u8; 9]"}}
  Alone: {kind: struct, align: 16, fields: {a: u8}}
  Word: {kind: newtype, of: u32}
  Varies:
    kind: context
    align: 8
    counts: [n]
    flags: [late]
    fields: {a: u32}
    regions:
      bytes: "[u8; n]"
      words:
        type: "[u64; n]"
        align: none
        allow: {misaligned-region: a test}
      last: {type: u16, when: late}
"""


@pytest.fixture
def layouts(tmp_path: Path) -> Layouts:
    return Layouts(module_of(tmp_path, SCHEMA))


@pytest.mark.parametrize(
    ("name", "padding"),
    [
        ("Holes", [(1, 3), None, None, (10, 2)]),
        ("Longest", [None, None, (9, 7)]),
        ("Alone", [(1, 15)]),
        ("Word", []),
        ("Varies", [None]),
    ],
)
def test_padding_is_after_the_part_that_ends_there(
    layouts: Layouts, name: str, padding: list[tuple[int, int] | None]
) -> None:
    record = layouts.of(name)
    assert [part.padding for part in record.parts] == [(hole,) * 2 for hole in padding]
    assert layouts.parts(name) == record.parts
    shown = placed(record, 0, None)
    assert [part.padding for part in shown.parts] == padding
    assert list(shown.holes) == [hole for hole in padding if hole]


def test_what_is_used_and_what_is_padding(layouts: Layouts) -> None:
    holes = placed(layouts.of("Holes"), 0, None)
    assert (holes.size, holes.used, holes.inner_holes, holes.tail) == (12, 7, [3], 2)


def test_counts_make_regions_parts(layouts: Layouts) -> None:
    context = layouts.of("Varies")
    assert placed(context, 0, None) == Placed(
        4, 8, (PlacedPart("a", "u32", 0, 4, 4, None),), ()
    )
    assert placed(context, 0, {"n": 3, "late": 1}).parts[1:] == (
        PlacedPart("bytes", "[u8; 3]", 4, 3, 1, None),
        PlacedPart("words", "[u64; 3]", 7, 24, 8, (31, 1), remainder=7),
        PlacedPart("last", "[u16; 1]", 32, 2, 2, None),
    )


def test_a_region_without_elements_is_nowhere_misaligned(layouts: Layouts) -> None:
    shown = placed(layouts.of("Varies"), 1, {})
    assert [(p.offset, p.size, p.remainder) for p in shown.parts] == [
        (0, 4, 0),
        (4, 0, 0),
        (4, 0, 0),
        (4, 0, 0),
    ]


def test_counts_that_no_offset_reaches(layouts: Layouts) -> None:
    with pytest.raises(OffsetOverflow):
        placed(layouts.of("Varies"), 0, {"n": 0xFFFF_FFFF})


def test_cache_lines() -> None:
    assert [cache_line(n) for n in (0, 63, 64, 130)] == [
        CacheLine(0, 0, 0),
        CacheLine(0, 0, 63),
        CacheLine(1, 64, 0),
        CacheLine(2, 128, 2),
    ]
    assert [cache_lines(n) for n in (0, 1, 64, 65)] == [0, 1, 1, 2]
