"""Enums as Rust items.

Neither kind becomes a Rust enum in memory: a discriminant that no variant has, which
compiled code or another version may write, would be undefined behaviour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.emit.rust.docs import INDENT, doc
from vmgen.emit.rust.items import Item
from vmgen.emit.rust.members import type_doc
from vmgen.emit.rust.names import naming, spelled
from vmgen.emit.rust.spelling import DERIVES

if TYPE_CHECKING:
    from vmgen.emit.rust.items import Items
    from vmgen.schema import model as m
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


def plain_enum(declared: m.PlainEnum, items: Items) -> Item:
    """An integer with names for some of its values."""
    return Item(
        "plain_enum",
        declared.name,
        type_doc(declared),
        attributes=naming(declared.name),
        inner=declared.tag.name,
        variants=[
            VariantView(doc(v.doc, INDENT), spelled(v.name), str(v.value))
            for v in declared.variants
        ],
        safety=items.safety.comment((), {}, "transparent"),
        held=items.safety.held(declared.name, [(declared.tag, False)]),
        check=items.checks.of(declared),
    )


def tagged_enum(declared: m.TaggedEnum, items: Items) -> Item:
    """A tag, and a union of the payloads."""
    payloads = [v.text.type for v in declared.variants if v.text]
    line = declared.span.line
    return Item(
        "tagged_enum",
        declared.name,
        type_doc(declared),
        attributes=naming(declared.name),
        inner=declared.tag.name,
        variants=[_variant(v, items) for v in declared.variants],
        derives=", ".join(_common(payloads, items)),
        copy=items.spelling.is_copy(declared.name),
        safety=items.safety.comment(declared.variants, declared.allow),
        held=items.safety.held(
            declared.name, [(t, False) for t in (declared.tag, *payloads)]
        ),
        check=items.checks.of(declared, [("tag", line), ("payload", line)]),
    )


def _common(payloads: list[Type], items: Items) -> list[str]:
    """The traits that an enum of Rust's own with these payloads can derive."""
    traits = [items.spelling.traits(payload) for payload in payloads]
    return [t for t in DERIVES if all(t in each for each in traits)]


def _variant(variant: m.Variant, items: Items) -> VariantView:
    described = doc(variant.doc, INDENT)
    name = spelled(variant.name)
    if variant.text is None:
        return VariantView(described, name, str(variant.value))
    payload = items.spelling.type(variant.text.type)
    member = items.spelling.member(variant.text.type)
    return VariantView(
        described, name, str(variant.value), payload, member, member != payload
    )
