"""Enums as Rust items.

Neither kind becomes a Rust enum in memory: a discriminant that no variant has, which
compiled code or another version may write, would be undefined behaviour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.rust.constants import number
from vmgen.languages.rust.docs import INDENT, WIDTH, doc
from vmgen.languages.rust.items import Item
from vmgen.languages.rust.members import COMPLEX, SKIP, is_complex, type_doc
from vmgen.languages.rust.names import spelled
from vmgen.languages.rust.spelling import DERIVES
from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.languages.rust.items import Items
    from vmgen.schema.types import Type


class VariantView(msgspec.Struct, frozen=True):
    """A variant. `payload` is empty without one; `member` is its type in the union
    of payloads, which is `wrapped` where it may not be dropped."""

    doc: str
    name: str
    value: str
    payload: str = ""
    member: str = ""
    wrapped: bool = False


LONGEST_NAME = 44
"""Columns of a name that fits every line about an enum whatever else is there."""


def enum(declared: m.PlainEnum | m.TaggedEnum, items: Items) -> Item:
    if isinstance(declared, m.TaggedEnum):
        return _tagged_enum(declared, items)
    return _plain_enum(declared, items)


def _plain_enum(declared: m.PlainEnum, items: Items) -> Item:
    """An integer with names for some of its values."""
    return Item(
        "plain_enum",
        declared.name,
        type_doc(declared),
        inner=declared.tag.name,
        kept=SKIP if len(declared.name) > LONGEST_NAME else "",
        variants=[
            VariantView(doc(v.doc, INDENT), spelled(v.name), number(v.value))
            for v in declared.variants
        ],
        safety=items.safety.comment((), {}, "transparent"),
        held=items.safety.held(declared.name, [(declared.tag, False)]),
        check=items.checks.of(declared),
    )


def _tagged_enum(declared: m.TaggedEnum, items: Items) -> Item:
    """A tag, and a union of the payloads."""
    payloads = [v.text.type for v in declared.variants if v.text]
    line = declared.span.line
    variants = [_variant(v, items) for v in declared.variants]
    longest = max(_longest_line(declared.name, v) for v in variants)
    return Item(
        "tagged_enum",
        declared.name,
        type_doc(declared),
        inner=declared.tag.name,
        kept=(SKIP if longest > WIDTH else "")
        + (COMPLEX if any(is_complex(v.member) for v in variants) else ""),
        variants=variants,
        derives=", ".join(_common(payloads, items)),
        copy=items.spelling.is_copy(declared.name),
        safety=items.safety.comment(declared.variants, declared.allow),
        held=items.safety.held(
            declared.name, [(t, False) for t in (declared.tag, *payloads)]
        ),
        check=items.checks.of(declared, [("tag", line), ("payload", line)]),
    )


def _longest_line(enum: str, variant: VariantView) -> int:
    """Columns of the longest line about a variant, or more than fit if rustfmt breaks
    one that would fit."""
    name, payload = variant.name, variant.payload
    if max(len(name), len(enum)) > LONGEST_NAME or len(payload) > 60:
        return WIDTH + 1
    wrapped = "::core::mem::ManuallyDrop::new(held)" if variant.wrapped else "held"
    return max(
        len(f"    {name}: {variant.member},"),
        len(f"    {name}(&'a {payload}),"),
        len(f"            {enum}Value::{name}(held) => {{"),
        len(f"                payload.{name} = {wrapped};"),
        len(
            f"                {variant.value} => {enum}Value::{name}(&self.payload.{name}),"
        ),
    )


def _common(payloads: list[Type], items: Items) -> list[str]:
    """The traits that an enum of Rust's own with these payloads can derive."""
    traits = [items.spelling.traits(payload) for payload in payloads]
    return [t for t in DERIVES if all(t in each for each in traits)]


def _variant(variant: m.Variant, items: Items) -> VariantView:
    described = doc(variant.doc, INDENT)
    name = spelled(variant.name)
    if variant.text is None:
        return VariantView(described, name, number(variant.value))
    payload = items.spelling.type(variant.text.type)
    member = items.spelling.member(variant.text.type)
    return VariantView(
        described, name, number(variant.value), payload, member, member != payload
    )
