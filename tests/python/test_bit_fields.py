"""Bit-fields of records in Python: what they are called, what they are in numpy, and what is
kept of the bytes around them."""

from __future__ import annotations

import ctypes
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.python.generated import import_from, write
from tests.support import missing, module_of

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

SCHEMA = """\
    profile: {c-abi: what C has}
    targets: [x86_64-unknown-linux-gnu, s390x-unknown-linux-gnu]
    types:
      Sort: {kind: enum, tag: u8, variants: {Low: 0, High: 3}}
      Flags:
        kind: struct
        fields:
          size: u16
          up: {type: bool, bits: 1}
          sort: {type: Sort, bits: 2}
          depth: {type: i8, bits: 4, access: [readonly]}
          length: {type: u32, bits: 21}
      Head:
        kind: struct
        prefix: true
        fields: {a: {type: u8, bits: 4}, b: {type: u32, bits: 20}}
    """


@pytest.fixture
def python(tmp_path: Path) -> ModuleType:
    package = tmp_path.name.replace("-", "_")
    folder = tmp_path / package
    folder.mkdir()
    write(folder, module_of(tmp_path, SCHEMA), options={"package": package})
    return import_from(folder, "sample")


def test_values_are_what_their_type_is(python: ModuleType) -> None:
    flags = python.Flags(size=7, up=True, sort=python.Sort.High, depth=-8, length=9)
    assert repr(flags) == (
        "Flags(size=7, up=True, sort=<Sort.High: 3>, depth=-8, length=9)"
    )
    flags.sort = 2
    assert (type(flags.sort), flags.sort, flags.up) == (int, 2, True)
    with pytest.raises(OverflowError, match=r"4 doesn't fit 2 bits of Sort: 0 to 3"):
        flags.sort = 4
    with pytest.raises(AttributeError, match="depth"):
        flags.depth = 1
    assert bytes(flags) == python.Flags.pack(flags)


def test_what_is_around_them_stays(python: ModuleType) -> None:
    flags = python.Flags()
    ctypes.memset(ctypes.addressof(flags), 0xFF, ctypes.sizeof(flags))
    flags.length = 0
    flags.up = False
    assert (flags.size, flags.up, flags.sort, flags.depth) == (0xFFFF, False, 3, -1)
    assert bytes(flags) == bytes.fromhex("fffffeff0000e0ff")


def test_numpy_has_the_bytes_that_have_a_bit_of_each(python: ModuleType) -> None:
    if find_spec("numpy") is None:
        missing("numpy is not installed")
    dtype = python.Flags.dtype()
    assert {n: (str(t), at) for n, (t, at) in dtype.fields.items()} == {
        "size": ("uint16", 0),
        "up": ("|V1", 2),
        "sort": ("|V1", 2),
        "depth": ("|V1", 2),
        "length": ("|V3", 4),
    }
    assert dtype.itemsize == 8


def test_of_a_prefix_the_bits_that_are_described_are_there(python: ModuleType) -> None:
    room = (ctypes.c_uint8 * 8)()
    head = python.Head.at(ctypes.addressof(room))
    head.a, head.b = 9, 0xABCDE
    assert (head.a, head.b) == (9, 0xABCDE)
    assert bytes(room).hex() == "e9cdab0000000000"
