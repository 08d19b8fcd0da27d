"""What a comment says of a member, with what the runtime header has for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.peel import by_value
from vmgen.languages import notes
from vmgen.schema.types import INT_BITS, Atomic, Int, NonZero, children

if TYPE_CHECKING:
    from vmgen.layout.parts import Part
    from vmgen.schema.types import Type


def of_field(part: Part) -> str:
    """A member's documentation."""
    if not part.little_endian:
        return notes.of_field(part)
    return notes.of_field(part, _little_endian(part.type))


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
