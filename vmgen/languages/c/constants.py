"""Integers as C writes them, and the values of enums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.schema.types import INT_BITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.schema import model as m
    from vmgen.schema.types import Int

SMALLEST_INT = (-(1 << 15), (1 << 15) - 1)
"""What every C's `int` holds, and so what a constant of an `enum` may be."""

FIRST_IN_HEX = 1 << 16
"""From here on a number is more likely a mask, a magic or a tag than an amount."""


class ConstantView(msgspec.Struct, frozen=True):
    """A macro: its comment, its name, its value as a C expression."""

    doc: list[str]
    name: str
    value: str


def integer_constant(type: Int, value: int) -> str:
    """A constant of that type, or of one that holds as much: fit for `#if`, except
    of `usize` and `isize`, which `<stdint.h>` has no macro for."""
    bits = INT_BITS[type.name]
    signed = type.name.startswith("i")
    macro = f"{'' if signed else 'U'}INT{bits or 64}_C"
    if value < 0:
        # There are no negative literals, and 2 ** 63 is too big to be negated.
        text = f"(-{macro}({-value - 1}) - 1)"
    else:
        text = f"{macro}({value if value < FIRST_IN_HEX else f'0x{value:X}'})"
    if bits is None:
        return f"VM_CAST({'intptr_t' if signed else 'uintptr_t'}, {text})"
    return text


def fit_an_int(variants: Sequence[m.Variant]) -> bool:
    """Whether every C can have these values in an `enum`."""
    low, high = SMALLEST_INT
    return all(low <= variant.value <= high for variant in variants)
