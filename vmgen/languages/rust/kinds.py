"""What a value is to a compiler: the kind of it, and how many of it there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.peel import innermost, layers
from vmgen.schema import model as m
from vmgen.schema.types import (
    INT_BITS,
    VECTORS,
    Array,
    Atomic,
    FnPointer,
    Int,
    Named,
    NonZero,
    Primitive,
    RawPointer,
    Vector,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.schema.types import Type

CONSTANTS = {
    **{
        f"{sign}{bits}": f"{kind}({bits // 8})"
        for sign, kind in (("U", "Unsigned"), ("I", "Signed"))
        for bits in (8, 16, 32, 64, 128)
    },
    "USIZE": "UnsignedWord",
    "ISIZE": "SignedWord",
    "F32": "Float(4)",
    "F64": "Float(8)",
    "V128": "Vector(16)",
    "POINTER": "Pointer",
}
"""The constants of the generated file, and the kind that each is."""

_PRIMITIVES = {"bool": "U8", "char": "U32", "f32": "F32", "f64": "F64"}


class Held(msgspec.Struct, frozen=True):
    """What a part holds: `count` times, which is 1 but for arrays, a value of a kind that
    is a constant of the generated file, or a record of which `record` is the name."""

    kind: str
    record: str = ""
    count: int = 1


def held(type: Type, types: Mapping[str, m.Declaration]) -> Held | None:
    """What a part of this type holds; None of what has no size that is known here."""
    count = 1
    for layer in layers(type, types):
        if isinstance(layer, Array) and isinstance(layer.length, int):
            count *= layer.length
    inside = innermost(type, types)
    if isinstance(inside, Named):
        declared = types[inside.name]
        if isinstance(declared, m.PlainEnum):
            return Held(_integer(declared.tag.name), count=count)
        if isinstance(declared, m.Newtype | m.Opaque):
            return None
        return Held("", inside.name, count)
    kind = _kind(inside)
    return Held(kind, count=count) if kind else None


def _kind(type: Type) -> str:
    match type:
        case Int(name):
            return _integer(name)
        case Atomic() | NonZero():
            return _PRIMITIVES.get(type.inner) or _integer(type.inner)
        case Primitive(name):
            return _PRIMITIVES[name]
        case Vector(name):
            return f"V{VECTORS[name] * 8}"
        case VmPtr() | RawPointer() | FnPointer():
            return "POINTER"
        case _:
            return ""


def _integer(name: str) -> str:
    assert name in INT_BITS
    return name.upper()
