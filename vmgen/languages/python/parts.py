"""Slots of tables of functions and variants of enums, as classes have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages import notes
from vmgen.languages.python.view import below, documented

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.layout.parts import Part
    from vmgen.schema import model as m


def slot_doc(part: Part) -> str:
    """The documentation of a slot, with its signature."""
    doc = f"`{part.type}`\n\n{part.doc}"
    return notes.joined(doc, notes.allow_notes(part.allow))


def enum_members(
    members: Sequence[str], variants: Iterable[m.Variant], indent: int
) -> str:
    lines = [
        documented(f"{name} = {variant.value}", notes.of_variant(variant), indent)
        for name, variant in zip(members, variants, strict=True)
    ]
    return below(lines, indent)
