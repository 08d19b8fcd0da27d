"""Members of unions as values: what makes a union of one, and what reads one.

A union that has accessors is written whole, so that all of its bytes are known and any
member can be read. That takes members of which any bytes are a value.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from vmgen.analysis.peel import below_names
from vmgen.schema import model as m
from vmgen.schema.types import (
    INT_BITS,
    Array,
    Int,
    Named,
    Option,
    RawPointer,
    Type,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    _Types = Mapping[str, m.Declaration]

_POINTERS = ("*mut", "*const")


class Conversion(Enum):
    """How a member becomes the type that an accessor has for it, and back."""

    SAME = "it is of that type"
    SIGN = "an integer of the same width, with or without a sign"
    BYTES = "bytes, of which the first are an integer's lowest"
    POINTER = "a pointer to something else"


def accessors_of(union: m.Union) -> Iterator[tuple[m.Field, m.Accessor]]:
    """The accessors of a union, each with its member, in the order written."""
    for field in union.fields if union.accessors else ():
        if field.accessors is None:
            yield field, m.Accessor(field.name, field.span, None)
        else:
            yield from ((field, accessor) for accessor in field.accessors)


def methods_of(accessor: m.Accessor) -> tuple[str, str]:
    """The names of what makes a union, and of what reads it."""
    return accessor.name, f"get_{accessor.name}"


def value_of(field: m.Field, types: _Types) -> Type | None:
    """What a member is as a value, without a byte order; None if not all bytes are one."""
    if field.endian == "little":
        inner = below_names(field.type, types)
        return inner if isinstance(inner, Int) or _is_pointer(inner) else None
    return field.type if _takes_any_bytes(field.type, types) else None


def conversion(value: Type, wanted: Type) -> Conversion | None:
    """How a value becomes one of another type with the same bytes; None if it can't."""
    if value == wanted:
        return Conversion.SAME
    match value, wanted:
        case Int(one), Int(other) if _width(one) == _width(other):
            return Conversion.SIGN
        case Array(Int("u8"), length), Int(name) if INT_BITS.get(name) == length * 8:
            return Conversion.BYTES
        case RawPointer(spelling=one), RawPointer(spelling=other) if one == other:
            return Conversion.POINTER if _is_pointer(wanted) else None
        case _:
            return None


def _width(name: str) -> int | None:
    """The bits of an integer; None for one that is as wide as a pointer."""
    return INT_BITS[name]


def _is_pointer(type: Type) -> bool:
    return isinstance(type, RawPointer) and type.spelling in _POINTERS


def _takes_any_bytes(type: Type, types: _Types) -> bool:
    match type:
        case Int():
            return True
        case RawPointer():
            return _is_pointer(type)
        case Option(VmPtr()):
            return True
        case Array(inner, _):
            return _takes_any_bytes(inner, types)
        case Named(name):
            match types[name]:
                case m.Newtype(inner=inner):
                    return _takes_any_bytes(inner, types)
                case m.PlainEnum(trusted=trusted):
                    return not trusted
    return False
