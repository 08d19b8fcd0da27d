"""Layout classes that agree: columns of a record, data models of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import module_of
from vmgen.layout.groups import grouped, split
from vmgen.layout.layouts import Layouts
from vmgen.layout.models import Models

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """\
vmgen: 1
module: t
targets: [x86_64-unknown-linux-gnu, s390x-unknown-linux-gnu, i686-pc-windows-msvc,
  i686-unknown-linux-gnu]
types:
"""


def laid_out(folder: Path, types: str) -> Layouts:
    """The layout classes are 64, 64-u128a8, 32 and 32-u64a4-f64a4."""
    return Layouts(module_of(folder, HEAD + types))


def models(folder: Path, types: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(m.name, m.classes) for m in Models(laid_out(folder, types)).all]


def test_groups_are_in_the_order_of_their_first_ones() -> None:
    assert grouped("abac") == ((0, 2), (1,), (3,))
    assert grouped([]) == ()


def test_a_group_is_divided_and_none_joined() -> None:
    groups = grouped("aabb")
    assert split(groups, "xxxx") == groups
    assert split(groups, "xyxx") == ((0,), (1,), (2, 3))
    assert split(groups, "xyyx") == ((0,), (1,), (2,), (3,))
    assert split(((0, 3), (1, 2)), "xxxy") == ((0,), (1, 2), (3,))


def test_how_a_part_is_aligned_does_not_show(tmp_path: Path) -> None:
    layouts = laid_out(
        tmp_path,
        "  Same: {kind: struct, align: 16, fields: {it: u128}}\n"
        "  Moves: {kind: struct, fields: {a: u8, it: u64}}\n",
    )
    same = layouts.of("Same")
    assert [align for _, align in same.parts[0].extents] == [16, 8, 16, 16]
    assert same.columns == ((0, 1, 2, 3),)
    assert layouts.of("Moves").columns == ((0, 1, 2), (3,))


def test_the_size_of_a_part_shows_where_nothing_else_differs(tmp_path: Path) -> None:
    layouts = laid_out(
        tmp_path, "  T: {kind: union, fields: {a: '[usize; 2]', b: '[u8; 16]'}}\n"
    )
    align = [layout.align for layout in layouts.row("T")]
    assert align == [8, 8, 4, 4]
    layouts = laid_out(
        tmp_path,
        "  T: {kind: union, align: 8, fields: {a: '[usize; 2]', b: '[u8; 16]'}}\n",
    )
    assert {(r.size, r.align, r.offsets) for r in layouts.row("T")} == {(16, 8, (0, 0))}
    assert layouts.of("T").columns == ((0, 1), (2, 3))


def test_models_are_told_apart_by_what_code_states(tmp_path: Path) -> None:
    assert models(tmp_path, "  T: {kind: struct, fields: {a: u8, b: u32}}\n") == [
        ("64", (0, 1, 2, 3))
    ]
    alike = "  T: {kind: struct, fields: {a: usize, b: u64}}\n"
    assert models(tmp_path, alike) == [("64", (0, 1, 2)), ("32_U64A4", (3,))]
    apart = alike.replace("a: usize", "a: usize, c: usize")
    assert models(tmp_path, apart) == [
        ("64", (0, 1)),
        ("32", (2,)),
        ("32_U64A4", (3,)),
    ]
    # The length of an array is written, though it moves nothing here.
    array = "  T: {kind: union, align: 8, fields: {a: '[usize; 2]', b: '[u8; 16]'}}\n"
    assert models(tmp_path, array) == [("64", (0, 1)), ("32", (2, 3))]
    (only,) = Models(laid_out(tmp_path, array), stated_lengths=False).all
    assert only.classes == (0, 1, 2, 3)


def test_a_models_strides_and_roundings_are_its_own(tmp_path: Path) -> None:
    context = (
        "  T:\n    kind: context\n    align: 16\n    counts: [n]\n"
        "    fields: {a: u32}\n    regions: {bytes: '[u8; n]', words: '[u64; n]'}\n"
    )
    layouts = laid_out(tmp_path, context)
    found = [r.round_to for r in layouts.of("T").regions[1].layouts]
    assert found == [8, 8, 8, 4]
    assert [m.classes for m in Models(layouts).all] == [(0, 1, 2), (3,)]
