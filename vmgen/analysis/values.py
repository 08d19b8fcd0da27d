"""What a value in memory is to a compiler: the kind, the width, and what it can be.

Arrays, cells, options and newtypes are looked through. The answer is the same on every
target but for the width of what is as wide as a pointer, and for what the target's C
decides; these are left open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from vmgen.analysis.peel import layers
from vmgen.schema import model as m
from vmgen.schema.built_in import BUILT_IN
from vmgen.schema.types import (
    INT_BITS,
    VECTORS,
    Array,
    Atomic,
    CNumber,
    FnPointer,
    Int,
    Named,
    NonZero,
    Option,
    Primitive,
    RawPointer,
    Type,
    Vector,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Kind = Literal["int", "float", "pointer", "vector"]

Ranges = tuple[tuple[int, int], ...]
"""Ranges of integers, each with its first and its last number, in order; between two of
them there is at least one number that is in none."""

_CHARS: Ranges = ((0, 0xD7FF), (0xE000, 0x10_FFFF))


class Scalar(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is loaded and stored as one value.

    `bytes` is its width, None if that is the target's pointer width: so it is of each
    pointer and of `usize` and `isize`. `signed` is of integers.

    `of_c` is the number of C's whose width or sign is that of the target's C, which
    `vmgen.layout.accesses` tells: None where `bytes` and `signed` say all. `bytes` is None
    where the width is the target's, and `signed` False where the sign is.

    `nullable` is of pointers, functions among them: whether null is a value. `pointee` is
    the type that a data pointer leads to; None of a pointer to a function, and of
    whatever isn't a pointer.

    `nonzero` is of integers of which 0 is no value, `ranges` what else is known of the
    values, as of the tag of a trusted enum and of `bool`; None where nothing is. Both are
    about the value after it was brought into the host's byte order.

    `atomic` says that its type is one of Rust's atomics.
    """

    kind: Kind
    bytes: int | None
    signed: bool = False
    nullable: bool = False
    nonzero: bool = False
    ranges: Ranges | None = None
    atomic: bool = False
    pointee: Type | None = None
    of_c: CNumber | None = None

    def width(self, pointer: int) -> int:
        """Its width in bytes, where a pointer is as wide as told; of what isn't as wide as
        the target's C has it."""
        assert self.of_c is None or self.bytes is not None
        return pointer if self.bytes is None else self.bytes

    def valid(self, pointer: int) -> Ranges | None:
        """The values that it can have, as numbers of its own sign, where a pointer is so
        many bytes wide; None where every pattern of bits is one, and of what is no
        integer."""
        if self.ranges is not None:
            return self.ranges
        if not self.nonzero:
            return None
        bits = self.width(pointer) * 8
        if self.signed:
            half = 1 << (bits - 1)
            return ((-half, -1), (1, half - 1))
        return ((1, (1 << bits) - 1),)

    @property
    def passed(self) -> tuple[Kind, int | None, bool]:
        """What decides how it is passed to a function: kind, bytes and sign."""
        return self.kind, self.bytes, self.signed


class Value(msgspec.Struct, frozen=True):
    """What a part, an element or a parameter holds: a scalar, or a record of which
    `record` is the name; an array of either if `array` says so.

    `count` is how many there are one after the other, those of arrays in arrays too: 6 of
    `[[u32; 3]; 2]`, and 1 of what is no array. Each begins a multiple of the size of
    `element`, its type, behind the first.
    """

    element: Type
    scalar: Scalar | None = None
    record: str = ""
    count: int = 1
    array: bool = False

    @property
    def is_aggregate(self) -> bool:
        """Whether it is more than one value: no load or store is of it as a whole."""
        return self.array or self.scalar is None


def value_of(type: Type, types: Mapping[str, m.Declaration]) -> Value | None:
    """What something of this type holds, `types` being the module's declarations; None
    of what has no size that is known here: `()`, an opaque type."""
    count = 1
    array = optional = False
    element = inside = type
    for inside in layers(type, types):
        if isinstance(inside, Array):
            array = True
            count *= inside.length if isinstance(inside.length, int) else 1
            element = inside.element
        elif isinstance(inside, Option):
            optional = True
    if isinstance(inside, Named):
        declared = types[inside.name]
        if isinstance(declared, m.Newtype | m.Opaque):
            return None
        if not isinstance(declared, m.PlainEnum):
            return Value(element, None, inside.name, count, array)
    scalar = _scalar(inside, types, optional=optional)
    if scalar is None:
        return None
    return Value(element, scalar, count=count, array=array)


def ranges_of(numbers: Iterable[int]) -> Ranges:
    """The ranges that hold these numbers and no others."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return tuple(found)


def _scalar(
    type: Type, types: Mapping[str, m.Declaration], *, optional: bool
) -> Scalar | None:
    """The scalar that a type is below all wrappers; `optional` says that one of them was
    `Option`, which gives the value that the type has not to `None`."""
    match type:
        case Int(name):
            return _integer(name)
        case CNumber(plain=str(name)):
            return _scalar(BUILT_IN[name], types, optional=optional)
        case CNumber():
            width = 1 if type.column is None else None
            return Scalar("int", width, signed=bool(type.is_signed), of_c=type)
        case Atomic("AtomicBool"):
            return Scalar("int", 1, ranges=((0, 1),), atomic=True)
        case Atomic():
            return _integer(type.inner, atomic=True)
        case NonZero():
            return _integer(type.inner, nonzero=not optional)
        case Primitive("bool"):
            return Scalar("int", 1, ranges=None if optional else ((0, 1),))
        case Primitive("char"):
            return Scalar("int", 4, ranges=None if optional else _CHARS)
        case Primitive(name):
            return Scalar("float", int(name[1:]) // 8)
        case Vector(name):
            return Scalar("vector", VECTORS[name])
        case VmPtr(pointee):
            return Scalar("pointer", None, nullable=optional, pointee=pointee)
        case RawPointer(_, pointee):
            nullable = optional or type.nullable
            return Scalar("pointer", None, nullable=nullable, pointee=pointee)
        case FnPointer():
            return Scalar("pointer", None, nullable=optional)
        case Named(name):
            declared = types[name]
            assert isinstance(declared, m.PlainEnum)
            tag = _integer(declared.tag.name)
            if optional:
                return tag
            return msgspec.structs.replace(tag, ranges=tag_ranges(declared))
        case _:
            return None


def tag_ranges(declared: m.PlainEnum | m.TaggedEnum) -> Ranges | None:
    """The values that an enum's tag can have: those of its variants if it is trusted;
    None if any can be there."""
    if not declared.trusted or not declared.variants:
        return None
    return ranges_of(variant.value for variant in declared.variants)


def _integer(name: str, *, nonzero: bool = False, atomic: bool = False) -> Scalar:
    bits = INT_BITS[name]
    return Scalar(
        "int",
        bits // 8 if bits else None,
        signed=name.startswith("i"),
        nonzero=nonzero,
        atomic=atomic,
    )
