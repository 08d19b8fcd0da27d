"""A schema that isn't written yet: declarations by target, with what they were measured.

Names are the schema's, and `types.Named` has them. Sizes, alignments and offsets are in
bytes, by target.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

if TYPE_CHECKING:
    from vmgen.imports.found import Owner
    from vmgen.schema import types as t

Kind = Literal["struct", "union", "enum", "newtype", "opaque", "foreign", "functions"]

NO_NAMES: Mapping[str, str] = MappingProxyType({})
NO_NUMBERS: Mapping[str, int] = MappingProxyType({})


UNSAID = "Rust promises no layout of it."
"""What is said of a type of Rust's of which only the size is known."""

LAID_OUT_OTHERWISE = "It is laid out as no schema can say."
"""What is said of another one."""

_OTHERS = ("union ", "enum ")
MAX_GUESSED = 16
"""The largest alignment that a type is taken to have if nobody states one, in bytes."""


class Part(msgspec.Struct, frozen=True):
    """A field, member, variant or function: what all of these have. `value` is a
    variant's, `offsets` are None of what has no place of its own. What is `anonymous` has no
    name in the source, and `called` are the names that it has in languages, by their keys.
    `align` is in bytes. An `open` array has as many elements as there are; its type here is
    that of an element. A `nullable` slot may be null."""

    name: str
    type: t.Type | None = None
    value: int | None = None
    doc: str = ""
    offsets: Mapping[str, int] = NO_NUMBERS
    anonymous: bool = False
    called: Mapping[str, str] = NO_NAMES
    align: int | None = None
    volatile: bool = False
    open: bool = False
    nullable: bool = False
    unnamed: bool = False
    bits: int | None = None
    begins: Mapping[str, int] = NO_NUMBERS
    there: tuple[str, ...] = ()
    on: str = ""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """A type. `align` is what the schema asks for, `packed` the most that it aligns what is
    in it to, in bytes; `sizes` and `aligns` are what compilers say, where they say it.
    `payload` is where those of a tagged enum begin. What is `in_place` has no name in the
    source, where one field of another type is of it, and what is `unnamed` has none there for
    another reason. `called` are the names that it has in languages, by their keys. Where bit-fields can't
    be said, the parts `instead` are integers that they are parts of."""

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
    unnamed: bool = False
    called: Mapping[str, str] = NO_NAMES
    instead: tuple[Part, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is a struct that ends in an array of any length."""
        return self.kind == "struct" and any(part.open for part in self.parts)

    def without_end(self) -> Declared:
        """The type without the array that it ends in, of which its documentation tells."""
        doc = with_sentence(self.doc, follows(self.parts[-1].name))
        return replace(self, parts=self.parts[:-1], doc=doc)

    def with_part(self, part: Part, **changed: object) -> Declared:
        """The type with something else said of one of its parts."""
        made = replace(part, **changed)
        parts = tuple(made if one is part else one for one in self.parts)
        return replace(self, parts=parts)


def foreign(declared: Declared, why: str) -> Declared:
    """A type of which only the size is said, for the reason `why`, and the alignment: where
    that isn't known, the largest that a type of its size may have on all targets."""
    aligns = {
        target: declared.aligns.get(target) or min(size & -size, MAX_GUESSED)
        for target, size in declared.sizes.items()
    }
    return Declared(
        name=declared.name,
        kind="foreign",
        doc=f"{declared.doc} {why}".strip(),
        rust_path=declared.rust_path,
        # C's bindings declare a struct, and so may not call it a union.
        called={k: v for k, v in declared.called.items() if not v.startswith(_OTHERS)},
        unnamed=declared.unnamed,
        sizes=declared.sizes,
        aligns=aligns,
    )


class Draft(msgspec.Struct, frozen=True):
    """A schema's declarations, in the order in which they are to stand. With `c_abi` they
    live by the profile of that name."""

    targets: tuple[str, ...]
    declared: Mapping[str, Declared]
    c_abi: bool = False
    owner: Owner | None = None
    is_rust: bool = False


def with_sentence(doc: str, sentence: str) -> str:
    """A text with a sentence behind it, in a paragraph of its own."""
    return f"{doc}\n\n{sentence}" if doc else sentence


def follows(name: str) -> str:
    """What is said of an array of any length that a schema hasn't."""
    return f"What C calls `{name}` follows."
