"""A schema that isn't written yet: declarations by target, with what they were measured.

Names are the schema's, and `types.Named` has them. Sizes, alignments and offsets are in
bytes, by target.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from vmgen.schema import types as t

Kind = Literal["struct", "union", "enum", "newtype", "opaque", "foreign", "functions"]

NO_NUMBERS: Mapping[str, int] = MappingProxyType({})


UNSAID = "A schema can't state its layout, which may change with the compiler."
"""What is said of every foreign type."""

MAX_GUESSED = 16
"""The largest alignment that a type is taken to have if nobody states one, in bytes."""


class Part(msgspec.Struct, frozen=True):
    """A field, member, variant or function: what all of these have. `value` is a
    variant's, `offsets` are None of what has no place of its own. What is `anonymous` has no
    name in the source."""

    name: str
    type: t.Type | None = None
    value: int | None = None
    doc: str = ""
    offsets: Mapping[str, int] = NO_NUMBERS
    anonymous: bool = False


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A type. `align` is what the schema asks for, `packed` the most that it aligns what is
    in it to, in bytes; `sizes` and `aligns` are what compilers say, where they say it. `payload` is where those of a tagged enum begin. What is
    `in_place` has no name in the source, where one field of another type is of it."""

    name: str
    kind: Kind
    doc: str = ""
    parts: tuple[Part, ...] = ()
    tag: t.Int | None = None
    params: tuple[str, ...] = ()
    pinned: bool = False
    align: int | None = None
    packed: int | None = None
    rust_path: str | None = None
    sizes: Mapping[str, int] = NO_NUMBERS
    aligns: Mapping[str, int] = NO_NUMBERS
    payload: Mapping[str, int] = NO_NUMBERS
    in_place: bool = False


def foreign(declared: Declared) -> Declared:
    """A type of which only the size is said, and the alignment: where that isn't known,
    the largest that a type of its size may have on all targets."""
    aligns = {
        target: declared.aligns.get(target) or min(size & -size, MAX_GUESSED)
        for target, size in declared.sizes.items()
    }
    return Declared(
        name=declared.name,
        kind="foreign",
        doc=f"{declared.doc} {UNSAID}".strip(),
        rust_path=declared.rust_path,
        sizes=declared.sizes,
        aligns=aligns,
    )


class Draft(msgspec.Struct, frozen=True):
    """A schema's declarations, in the order in which they are to stand."""

    targets: tuple[str, ...]
    declared: Mapping[str, Declared]
