"""Integers, floats and the like, as C and Rust name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Sequence

_TYPEDEFS = {
    "size_t": "usize", "uintptr_t": "usize", "ssize_t": "isize", "intptr_t": "isize",
    "ptrdiff_t": "isize",
    **{f"uint{bits}_t": f"u{bits}" for bits in (8, 16, 32, 64)},
    **{f"int{bits}_t": f"i{bits}" for bits in (8, 16, 32, 64)},
}  # fmt: skip
"""What C's headers call integers whose width they promise."""

_BYTES = {"bool": 1, "char": 4, "f32": 4, "f64": 8}

_SIGNED, _UNSIGNED = (5, 6, 13), (7, 8, 16)
"""Values of `DW_AT_encoding` for integers and characters (DWARF 5, section 7.8)."""
_BOOLEAN, _FLOAT = 2, 4


def of_typedef(name: str) -> t.Int | None:
    """The integer that a name of C's headers stands for on every target."""
    known = _TYPEDEFS.get(name)
    return t.Int(known) if known else None


def of_rust(name: str) -> t.Type | None:
    """A primitive of Rust's; None of `()` and of what no schema has."""
    if name in t.INT_BITS:
        return t.Int(name)
    return t.Primitive(name) if name in _BYTES else None


def of_encoding(encoding: int, size: int, name: str) -> t.Type | None:
    """A primitive of C's, by the encoding that debug information states."""
    if encoding == _BOOLEAN and size == 1:
        return t.Primitive("bool")
    if encoding == _FLOAT and size in (4, 8):
        return t.Primitive(f"f{size * 8}")
    if name == "char":
        # Whether it is signed differs between targets; nobody counts with it.
        return t.Int("u8")
    if encoding in _SIGNED + _UNSIGNED:
        return integer(size, signed=encoding in _SIGNED)
    return None


def integer(size: int, *, signed: bool) -> t.Int | None:
    """The integer of so many bytes."""
    name = f"{'i' if signed else 'u'}{size * 8}"
    return t.Int(name) if name in t.INT_BITS else None


def of_values(values: Sequence[int], size: int) -> t.Int:
    """The integer of so many bytes that has these values."""
    return integer(size, signed=min(values, default=0) < 0) or t.Int("u32")


def within(value: int, type: t.Int) -> int:
    """A value as one of its type: debug information may state it as another's bits."""
    bits = t.INT_BITS[type.name] or 64
    value &= (1 << bits) - 1
    if type.name.startswith("i") and value >> (bits - 1):
        value -= 1 << bits
    return value


def size_of(name: str, pointer: int) -> int:
    """Bytes of a primitive where pointers have so many."""
    if name in _BYTES:
        return _BYTES[name]
    bits = t.INT_BITS[name]
    return bits // 8 if bits else pointer
