"""Kinds of values, as constants that the generated places have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vmgen.analysis.values import Scalar

CONSTANTS = {
    **{
        f"{sign}{bits}": f"{kind}({bits // 8})"
        for sign, kind in (("U", "Unsigned"), ("I", "Signed"))
        for bits in (8, 16, 32, 64, 128)
    },
    "USIZE": "UnsignedWord",
    "ISIZE": "SignedWord",
    "F32": "Float(4)",
    "F64": "Float(8)",
    "V128": "Vector(16)",
    "POINTER": "Pointer",
}
"""The constants of the generated file, and the kind that each is."""


def constant_of(scalar: Scalar) -> str:
    """The constant that a scalar is one of."""
    if scalar.kind == "pointer":
        return "POINTER"
    if scalar.kind != "int":
        return f"{scalar.kind[0].upper()}{scalar.width(0) * 8}"
    sign = "I" if scalar.signed else "U"
    return f"{sign}SIZE" if scalar.bytes is None else f"{sign}{scalar.bytes * 8}"
