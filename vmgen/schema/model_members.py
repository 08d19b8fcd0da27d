"""What declarations are made of: fields, variants, slots, counts, regions.

`vmgen.schema.model` is where others import them from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import msgspec

from vmgen.schema.besides import (
    AS_IN_SCHEMA,
    NO_ALLOWS,
    PLAIN_ITEM,
    Allow,
    Called,
    Expectation,
    Given,
    RustItem,
    TypeText,
    Word,
)
from vmgen.schema.types import Option

if TYPE_CHECKING:
    from vmgen.reading.source import Scalar, Span
    from vmgen.schema.model_accesses import Alias, PointsTo
    from vmgen.schema.types import FnPointer, Type
    from vmgen.targets.conditions import Condition


class Owner(msgspec.Struct, frozen=True):
    """What holds a type in place, while it is made: its name, whether Rust may copy it,
    what it derives, and what is allowed in it."""

    name: str
    copied: bool = False
    derive: tuple[Scalar, ...] | None = None
    allow: Mapping[str, Allow] = NO_ALLOWS


class InPlace(msgspec.Struct, frozen=True):
    """Where a type is declared that has no declaration of its own: in a field of the record
    `of`, which if `anonymous` has no name in C."""

    of: str
    field: str
    anonymous: bool


class Accessor(msgspec.Struct, frozen=True):
    """What makes a union of a member, and reads that, in Rust: its name, and the type that
    it has for the member, None for the member's own."""

    name: str
    span: Span
    text: TypeText | None


class Field(msgspec.Struct, frozen=True):
    """A field of a struct, a member of a union, or a fixed field of a context.

    `alias`, `atomic` and `points_to` are None where nothing is said, `access_span` where
    there is no `access`; `align` is what it is aligned to at least (bytes), where its type
    alone doesn't say that, and `bits` how wide a bit-field is. What is `anonymous` has no
    name in C, where what it is made of is as if it were the record's. `on` is the condition
    on targets without which the field takes no byte. Of a member whose union has accessors,
    `accessors` are its
    own, None where nothing is said.
    """

    name: str
    span: Span
    text: TypeText
    doc: str = ""
    access: frozenset[str] = frozenset()
    endian: Literal["native", "little"] = "native"
    expect_offset: Expectation | None = None
    value: str | None = None
    allow: Mapping[str, Allow] = NO_ALLOWS
    in_rust: RustItem = PLAIN_ITEM
    was: tuple[str, ...] = ()
    called: Called = AS_IN_SCHEMA
    alias: Alias | None = None
    atomic: Word | None = None
    points_to: PointsTo | None = None
    access_span: Span | None = None
    anonymous: bool = False
    accessors: tuple[Accessor, ...] | None = None
    volatile: Span | None = None
    on: Condition | None = None
    on_span: Span | None = None
    align: Given | None = None
    bits: Given | None = None

    @property
    def type(self) -> Type:
        return self.text.type


class Variant(msgspec.Struct, frozen=True):
    """A variant of an enum: its discriminant and, in a tagged enum, its payload."""

    name: str
    span: Span
    value: int
    text: TypeText | None = None
    doc: str = ""
    allow: Mapping[str, Allow] = NO_ALLOWS
    was: tuple[str, ...] = ()
    in_rust: RustItem = PLAIN_ITEM
    called: Called = AS_IN_SCHEMA

    @property
    def payload(self) -> Type | None:
        return self.text.type if self.text else None


class OtherType(msgspec.Struct, frozen=True):
    """What a type of signatures is in Rust, where the functions have another there."""

    type: TypeText
    rust: TypeText


class Slot(msgspec.Struct, frozen=True):
    """A slot of a table of function pointers. `rust_types` and `rust_result` are its own,
    and `rust_signature` is the signature with these and the types of the table. A
    `nullable` one may hold no function."""

    name: str
    span: Span
    signature: FnPointer
    text: TypeText
    doc: str = ""
    allow: Mapping[str, Allow] = NO_ALLOWS
    was: tuple[str, ...] = ()
    in_rust: RustItem = PLAIN_ITEM
    rust_types: tuple[OtherType, ...] = ()
    rust_result: TypeText | None = None
    with_rust_types: FnPointer | None = None
    called: Called = AS_IN_SCHEMA
    nullable: bool = False

    @property
    def type(self) -> Type:
        """What is in the slot: the function's address, or an option of it."""
        return Option(self.signature) if self.nullable else self.signature

    @property
    def rust_signature(self) -> FnPointer:
        return self.with_rust_types or self.signature


class Count(msgspec.Struct, frozen=True):
    """A number that a context's size depends on: a u32, or a flag that is 0 or 1.

    `index` is the name of the type of the numbers that elements are told apart by,
    `stored` the path of fields from the context on by which the count can be read.
    """

    name: str
    span: Span
    doc: str = ""
    flag: bool = False
    was: tuple[str, ...] = ()
    index: Word | None = None
    stored: Word | None = None


class Region(msgspec.Struct, frozen=True):
    """A part of a context whose place depends on the counts.

    Holds `count` elements; a single record when `count` is None; present only when
    the flag `when` is set, if there is one. `align` is None for the element's natural
    alignment, 1 for the historic ``align: none``, or a number of bytes to round to.
    `alias`, `atomic`, `points_to` and `access_span` are as of a `Field`.
    """

    name: str
    span: Span
    text: TypeText
    element: Type
    count: str | int | None = None
    when: str | None = None
    align: int | None = None
    doc: str = ""
    access: frozenset[str] = frozenset()
    allow: Mapping[str, Allow] = NO_ALLOWS
    was: tuple[str, ...] = ()
    called: Called = AS_IN_SCHEMA
    alias: Alias | None = None
    atomic: Word | None = None
    points_to: PointsTo | None = None
    access_span: Span | None = None
