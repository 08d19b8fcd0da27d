"""Types as a source declares them, whether a binary, a header or Rust.

Types of members are those of the schema language. `types.Named` has the key of another
type that was found; of a pointee, the key may be of one that wasn't, and is its name then.
Sizes, alignments and offsets are in bytes; an alignment is None where nothing states it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import msgspec

from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["struct", "union", "enum", "tagged", "newtype", "opaque", "hidden"]
"""`hidden` is a type of which the schema language can say size and alignment alone."""

PINNED = t.RustLayout("PhantomPinned", name="PhantomPinned")
"""What a member is that takes no room and keeps its struct where it is."""


class ImportFailed(Exception):
    """Nothing can be imported; the text says why."""


class Member(msgspec.Struct, frozen=True):
    """A member; `bits` are the first bit, counted from the struct's begin, and the width
    of a bit-field, whose type has `unit` bytes; one without a name has no other use. `alias` is what the source calls the type of a function's address, and
    `align` the alignment in bytes that it asks for, of this one member. What is `joined` is
    made of several that the source has, or of one that it has otherwise.
    """

    name: str
    type: t.Type
    offset: int | None
    doc: str = ""
    bits: tuple[int, int] | None = None
    alias: str = ""
    align: int | None = None
    volatile: bool = False
    joined: bool = False
    unit: int = 1


class Variant(msgspec.Struct, frozen=True):
    """A named value, with a payload if it is of a tagged enum. `offset` is the payload's."""

    name: str
    value: int
    payload: t.Type | None = None
    offset: int | None = None
    doc: str = ""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A type that a source declares.

    `name` is the last word of its path, empty where it has none; `arguments` are those of
    an instance of a generic type, with the names of its parameters. `tag` is the integer
    of an enum. `asked` is the alignment that the source asks for, where that is known,
    whether or not it is more than the members need. `in_c` is what C calls it, with `struct`
    before it if it has no typedef; empty where it has no name there. `why` says of a hidden
    one what the schema language lacks. Of one without a name `place` is where it is declared,
    in a form that is the same in each source file.
    """

    kind: Kind
    name: str
    size: int | None = None
    align: int | None = None
    asked: int | None = None
    members: tuple[Member, ...] = ()
    variants: tuple[Variant, ...] = ()
    tag: t.Int | None = None
    arguments: tuple[tuple[str, t.Type], ...] = ()
    doc: str = ""
    in_c: str = ""
    why: str = ""
    place: str = ""


class Owner(msgspec.Struct, frozen=True):
    """The headers that declare what was found, as `#include` names them, in order, and what
    is defined before them."""

    headers: tuple[str, ...]
    defines: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True):
    """Everything that was found for one target.

    `types` are by key, in the order of the source. `wanted` are the keys that were asked
    for by name, `places` the whole paths of these, and `paths` of those whose name others
    have, too. `flat` says that a name is a whole path, as in C. `in_c` is what C calls
    those of which only a pointee's key is known, by that, `aliases` are the keys that
    stand for others, and `macros` the names that macros have made something else of.
    """

    target: str
    types: Mapping[str, Found]
    wanted: tuple[str, ...]
    paths: Mapping[str, str]
    flat: bool = False
    places: Mapping[str, str] = MappingProxyType({})
    is_rust: bool = False
    aliases: Mapping[str, str] = MappingProxyType({})
    in_c: Mapping[str, str] = MappingProxyType({})
    owner: Owner | None = None
    macros: frozenset[str] = frozenset()


def add(types: dict[str, Found], found: Found) -> t.Named:
    """Add a type, under a key that tells it from others of its name."""
    key, number = found.name, 1
    while types.get(key, found) != found:
        number += 1
        key = f"{found.name}#{number}"
    types[key] = found
    return t.Named(key)
