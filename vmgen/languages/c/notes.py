"""What a comment says of a member besides its documentation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.peel import by_value
from vmgen.schema import model as m
from vmgen.schema.types import INT_BITS, Atomic, Int, NonZero, children

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.layout.parts import Part
    from vmgen.schema.types import Type


def allowed(allow: Mapping[str, m.Allow]) -> list[str]:
    """What a declaration may do against the rules, and why; a paragraph each."""
    return [f"Allows {rule}: {a.reason}" for rule, a in allow.items()]


def access_notes(access: frozenset[str]) -> list[str]:
    """What the words of `access` promise, a sentence each."""
    return [note for word, note in m.ACCESS_NOTES.items() if word in access]


def part_notes(part: Part) -> list[str]:
    """The paragraphs of a member's comment."""
    notes = [f"Always {part.value}."] if part.value else []
    notes += access_notes(part.access)
    if part.little_endian:
        notes.append(_little_endian(part.type))
    return [part.doc, " ".join(notes), *allowed(part.allow)]


def _little_endian(type: Type) -> str:
    """Which helpers of the runtime header read and write such a field."""
    always = "Little-endian on every host"
    match by_value(type):
        case Int(name) | NonZero(inner=name) | Atomic(inner=name):
            bits = INT_BITS.get(name, 0)
            if bits in (16, 32, 64):
                return f"{always}: vm_le{bits}_load, vm_le{bits}_store."
            if bits is not None:
                return f"{always}."
        case other if not children(other):
            return f"{always}."
    return f"{always}: vm_le_usize_load, vm_le_usize_store."
