"""Constants, and the values that describe a field to a compiler."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.rust.docs import INDENT, doc
from vmgen.languages.rust.names import spelled
from vmgen.layout.parts import Part

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.layout.parts import Region
    from vmgen.schema import model as m

PORTABLE = {"usize": "u64", "isize": "i64"}
"""What holds a number as wide as any target's pointer, on any host."""


class ConstantView(msgspec.Struct, frozen=True):
    """A constant: its finished documentation, its type and its value in Rust."""

    doc: str
    name: str
    type: str
    value: str


class AccessView(msgspec.Struct, frozen=True):
    """What may be assumed of a field, as the flags of the generated `Access`."""

    name: str
    part: str
    readonly: str
    can_move: str
    little_endian: str


def constant(declared: m.Constant) -> ConstantView:
    """A constant of the schema, for a host that isn't the target."""
    name = spelled(declared.name)
    type = PORTABLE.get(declared.type.name, declared.type.name)
    value = number(declared.value)
    if type == declared.type.name:
        if declared.value >= 1 << 16:
            value = f"{declared.value:#_x}"
        if declared.ascii and declared.ascii.isalnum():
            value = f'{type}::from_le_bytes(*b"{declared.ascii}")'
    return ConstantView(doc(declared.doc), name, type, value)


def number(value: int) -> str:
    """A decimal number as Rust's readers like it, in groups of three digits."""
    return f"{value:_}" if abs(value) > 99_999 else str(value)


def hexadecimal(number: int) -> str:
    """A u64 in groups of four digits."""
    digits = f"{number:016x}"
    return "0x" + "_".join(digits[i : i + 4] for i in range(0, 16, 4))


def host_constant(declared: m.Constant, path: str) -> ConstantView:
    """A pointer-sized constant of the module whose path is given, as the host has it."""
    name = spelled(declared.name)
    type = declared.type.name
    return ConstantView(doc(declared.doc), name, type, f"{path}::{name} as {type}")


def tags(variants: Iterable[m.Variant]) -> list[ConstantView]:
    """An enum's values, as constants without a type of their own."""
    return [
        ConstantView(doc(v.doc, INDENT), spelled(v.name), "", number(v.value))
        for v in variants
    ]


def accesses(parts: Iterable[Part | Region]) -> list[AccessView]:
    """Of those that anything may be assumed about."""
    made = []
    for part in parts:
        little = isinstance(part, Part) and part.little_endian
        if part.access or little:
            made.append(
                AccessView(
                    f"{part.name.upper()}_ACCESS",
                    part.name,
                    _bool("readonly" in part.access),
                    _bool("can_move" in part.access),
                    _bool(little),
                )
            )
    return made


def _bool(value: bool) -> str:
    return "true" if value else "false"
