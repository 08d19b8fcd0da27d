"""What bit-fields are bits of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import model as m
from vmgen.schema.types import CNumber, Int, Named, Primitive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.schema.types import Type

Number = Int | CNumber | Primitive
"""An integer, or `bool`, which is a byte of which one bit counts."""


def number_in(type: Type, types: Mapping[str, m.Declaration]) -> Number | None:
    """The number that a bit-field of that type has bits of: the type itself, or the tag of
    an enum. None of a type that no bit-field can have.

    A value of an enum that is trusted is one of Rust's, of which there are no other bits.
    """
    match type:
        case Int("u128" | "i128"):
            return None
        case Int() | Primitive("bool"):
            return type
        case CNumber() if not type.is_float and type.is_signed is not None:
            return type
        case Named(name):
            declared = types.get(name)
            if isinstance(declared, m.PlainEnum) and not declared.trusted:
                return number_in(declared.tag, types)
    return None


def is_signed(number: Number) -> bool:
    """Whether the highest bit of a bit-field is its sign."""
    match number:
        case CNumber():
            return bool(number.is_signed)
        case _:
            return number.name[0] == "i"
