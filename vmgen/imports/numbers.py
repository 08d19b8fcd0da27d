"""Integers, floats and the like, as C and Rust name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Sequence

_TYPEDEFS: dict[str, t.Int | t.CNumber] = {
    "size_t": t.CNumber("size_t"), "ssize_t": t.CNumber("ssize_t"),
    "uintptr_t": t.Int("usize"), "intptr_t": t.Int("isize"), "ptrdiff_t": t.Int("isize"),
    **{f"uint{bits}_t": t.Int(f"u{bits}") for bits in (8, 16, 32, 64)},
    **{f"int{bits}_t": t.Int(f"i{bits}") for bits in (8, 16, 32, 64)},
}  # fmt: skip
"""What C's headers call integers whose width they promise."""

_FIXED = re.compile(r"(?i)(?:\w*int|(?:\w*_)?[usi])_?(8|16|32|64)(?:_t)?")
"""How others call theirs: `__u32`, `u_int32_t`, `sqlite3_int64`."""

_IN_C = {
    "char": "c_char", "signed char": "i8", "unsigned char": "u8", "short": "c_short",
    "unsigned short": "c_ushort", "int": "c_int", "unsigned int": "c_uint",
    "long": "c_long", "unsigned long": "c_ulong", "long long": "c_longlong",
    "unsigned long long": "c_ulonglong", "float": "f32", "double": "f64", "_Bool": "bool",
    "bool": "bool",
}  # fmt: skip
"""C's numbers by their names, in the order of words that `plain_name` gives."""
_WORDS = ("signed", "unsigned", "char", "short", "long", "int", "float", "double")

_ATOMIC = {plain: name for name, plain in t.ATOMIC_OF.items()}
_BYTES = {"bool": 1, "char": 4, "f32": 4, "f64": 8}

_SIGNED, _UNSIGNED = (5, 6, 13), (7, 8, 16)
"""Values of `DW_AT_encoding` for integers and characters (DWARF 5, section 7.8)."""
_BOOLEAN, _FLOAT = 2, 4


def of_typedef(name: str) -> t.Int | t.CNumber | None:
    """The integer that a name of C's headers stands for on every target."""
    return _TYPEDEFS.get(name)


def as_named(name: str, made: t.Type, size: int) -> t.Type:
    """A number of so many bytes, as a typedef of it says: `u32` of what C calls `__u32`."""
    width = _FIXED.fullmatch(name)
    if width is None or int(width[1]) != size * 8:
        return made
    signed = made.is_signed if isinstance(made, t.CNumber) else None
    if isinstance(made, t.Int):
        signed = made.name.startswith("i")
    return made if signed is None else integer(size, signed=signed) or made


def atomic_of(type: t.Type, size: int) -> t.Type:
    """What C has as an `_Atomic` of a type that has so many bytes, or the type itself."""
    plain = str(type)
    if isinstance(type, t.CNumber):
        number = integer(size, signed=bool(type.is_signed))
        plain = type.plain or str(number)
    if isinstance(type, t.RawPointer):
        plain = "usize"
    return t.Atomic(_ATOMIC[plain]) if plain in _ATOMIC else type


def of_c(name: str, size: int) -> t.Type | None:
    """The number that C calls so, `long unsigned int` or `unsigned long`, which has so many
    bytes on the target; None where no schema has it."""
    known = _IN_C.get(_plain_name(name))
    if known is None:
        return None
    if known in _BYTES:
        if _BYTES[known] == size:
            return t.Primitive(known)
        return t.CNumber("c_double") if known == "f64" and size == 4 else None
    return t.CNumber(known) if known in t.C_NUMBERS else t.Int(known)


def _plain_name(name: str) -> str:
    """`unsigned long` of `long unsigned int`: debug information has its own order."""
    words = name.split()
    if not set(words) <= set(_WORDS):
        return name
    if len(words) > 1 and ("short" in words or "long" in words):
        words = [word for word in words if word not in ("int", "signed")]
    if words in (["unsigned"], ["signed"]):
        words.append("int")
    if words == ["signed", "int"]:
        words = ["int"]
    return " ".join(sorted(words, key=_WORDS.index))


def of_rust(name: str) -> t.Type | None:
    """A primitive of Rust's; None of `()` and of what no schema has."""
    if name in t.INT_BITS:
        return t.Int(name)
    return t.Primitive(name) if name in _BYTES else None


def of_encoding(encoding: int, size: int, name: str) -> t.Type | None:
    """A primitive of C's, by the encoding that debug information states."""
    known = of_c(name, size)
    if known is not None:
        return known
    if encoding == _BOOLEAN and size == 1:
        return t.Primitive("bool")
    if encoding == _FLOAT and size in (4, 8):
        return t.Primitive(f"f{size * 8}")
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
