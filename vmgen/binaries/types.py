"""Types as debug information tells of them, alike for C and Rust.

Sizes, alignments and offsets are in bytes; an alignment is None where nothing states it.
Names are whole paths, as the debug information spells them.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Place(msgspec.Struct, frozen=True):
    """Where the source declares something, as far as that is known."""

    file: str
    line: int


class Scalar(msgspec.Struct, frozen=True):
    """A primitive. `sign` is of integers: ``u`` or ``i``."""

    name: str
    size: int
    kind: Literal["int", "float", "bool", "char"]
    sign: Literal["u", "i", ""] = ""


class Pointer(msgspec.Struct, frozen=True):
    """An address; `pointee` is the name of what is there, empty for ``void``."""

    size: int
    pointee: str = ""


class Array(msgspec.Struct, frozen=True):
    """`count` is None where the source leaves it open."""

    element: Type
    count: int | None


class Member(msgspec.Struct, frozen=True):
    """A member of a composite. `bits` is its width where it is a bit-field, whose
    `offset` is that of the byte that its first bit is in, and `bit` how many bits of that
    are in front of it, in the order in which the target fills bytes."""

    name: str
    offset: int
    type: Type
    bits: int | None = None
    align: int | None = None
    bit: int = 0


class Composite(msgspec.Struct, frozen=True):
    """A struct or a union."""

    kind: Literal["struct", "union"]
    name: str
    size: int
    align: int | None
    members: tuple[Member, ...]
    place: Place | None = None


class Enumeration(msgspec.Struct, frozen=True):
    """Named numbers."""

    name: str
    size: int
    values: tuple[tuple[str, int], ...]
    place: Place | None = None
    align: int | None = None


class Variant(msgspec.Struct, frozen=True):
    """A variant of a Rust enum; `value` is None for that which every other tag means."""

    name: str
    value: int | None
    payload: Composite | None


class Tagged(msgspec.Struct, frozen=True):
    """A Rust enum with a tag, which may be a niche of what its variants hold.

    `tag` has the offset and type of the tag; None where there is but one variant.
    """

    name: str
    size: int
    align: int | None
    tag: Member | None
    variants: tuple[Variant, ...]
    place: Place | None = None


class Unknown(msgspec.Struct, frozen=True):
    """What is only declared, or of a kind that no schema has."""

    name: str
    size: int = 0


Type = (
    Scalar | Pointer | Array | Composite | Enumeration | Tagged | Unknown
)  # fmt: skip


def size_of(type: Type) -> int:
    """Bytes of a value; 0 for an array of open length and for what isn't known."""
    if isinstance(type, Array):
        return size_of(type.element) * (type.count or 0)
    return type.size


def peel(type: Type) -> Type:
    """What a wrapper wraps: the one member that isn't zero-sized of a struct or a union
    that is as large as it, all the way down. `VmPtr`, `UnsafeCell`, `NonZero`, newtypes
    and `MaybeUninit` are such types."""
    while isinstance(type, Composite):
        inside = [m for m in type.members if size_of(m.type)]
        if len(inside) != 1 or inside[0].offset or inside[0].bits is not None:
            break
        if size_of(inside[0].type) != type.size:
            break
        type = inside[0].type
    return type
