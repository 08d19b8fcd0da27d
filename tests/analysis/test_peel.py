"""Each way through wrappers, and what ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import module_of
from vmgen.analysis import peel

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.types import Type

SCHEMA = """\
types:
  Id: {kind: newtype, of: UnsafeCell<Number>}
  Number: {kind: newtype, of: u32}
  Holder: {kind: struct, fields: {part: "PART"}}
"""


def part(folder: Path, type: str) -> tuple[Type, peel._Types]:
    types = module_of(folder, SCHEMA.replace("PART", type)).types
    return types["Holder"].fields[0].text.type, types  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("type", "cells", "by_value", "laid_out", "copied"),
    [
        ("u8", "u8", "u8", "u8", "u8"),
        ("UnsafeCell<[u8; 2]>", "[u8; 2]", "u8", "u8", "UnsafeCell<[u8; 2]>"),
        ("[UnsafeCell<Id>; 4]", "[UnsafeCell<Id>; 4]", "Id", "Id", "UnsafeCell<Id>"),
        ("[Option<VmPtr<Id>>; 4]",) * 2
        + ("Option<VmPtr<Id>>", "VmPtr<Id>", "VmPtr<Id>"),
    ],
)
def test_what_is_inside(
    tmp_path: Path, type: str, cells: str, by_value: str, laid_out: str, copied: str
) -> None:
    found, _ = part(tmp_path, type)
    assert str(peel.below_cells(found)) == cells
    assert str(peel.by_value(found)) == by_value
    assert str(peel.laid_out(found)) == laid_out
    assert str(peel.copied(found)) == copied


def test_what_newtypes_wrap(tmp_path: Path) -> None:
    array, types = part(tmp_path, "[[Id; 3]; 2]")
    id, _ = part(tmp_path, "Id")
    assert str(peel.below_names(id, types)) == "UnsafeCell<Number>"
    assert str(peel.below_newtypes(id, types)) == "u32"
    assert str(peel.below_newtypes(array, types)) == "[[Id; 3]; 2]"
    assert str(peel.innermost(array, types)) == "u32"
    assert [*map(str, peel.layers(array, types))] == [
        *("[[Id; 3]; 2]", "[Id; 3]", "Id", "UnsafeCell<Number>", "Number", "u32")
    ]


def test_what_is_passed_and_how_many_are_held(tmp_path: Path) -> None:
    option, types = part(tmp_path, "Option<VmPtr<Id>>")
    assert str(peel.passed(option, types)) == "VmPtr<Id>"
    run, types = part(tmp_path, "[[Id; 3]; 2]")
    found, count = peel.run(run, types)
    assert (str(found), count) == ("u32", 6)
