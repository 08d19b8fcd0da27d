"""Accessors of unions: which members can be read, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen.analysis.accessors import accessors_of, conversion, methods_of, value_of
from vmgen.analysis.called import name_in
from vmgen.analysis.traits import Traits
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.schema import model as m
from vmgen.schema.rusttype import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.rules.analysis import Analysis

_LEAVE_OUT = "give it no accessor, with `accessors: {}`"


@rule(
    "VM246", "impossible-accessor", "An accessor that a member of a union can't have."
)
def impossible_accessor(analysis: Analysis) -> Iterator[Finding]:
    """A union that has accessors is written through them alone, which leave no byte
    unwritten. So any member can be read, whichever was written, if any bytes are a value of
    it: integers, arrays of them, raw pointers, optional `VmPtr`s, and newtypes and enums
    that are no more than that. It can be read as a type that has the same bytes: an integer
    of the same width, a raw pointer to something else, and of an array of bytes the integer
    that is as wide.
    """
    traits = Traits(analysis.types)
    for union in analysis.own.values():
        if isinstance(union, m.Union):
            yield from _of_members(union)
            yield from _of_values(union, analysis, traits)
            yield from _of_names(union)


def _of_members(union: m.Union) -> Iterator[Finding]:
    """What is said of members that goes with neither accessors nor none."""
    for field in union.fields:
        if not union.accessors and field.accessors is not None:
            yield Finding(
                f"`{field.name}` has accessors, and `{union.name}` hasn't",
                field.span,
                helps=(f"add `accessors: true` to `{union.name}`",),
            )
        seen = field.in_rust.visible
        if union.accessors and seen and field.in_rust.visibility != "private":
            yield Finding(
                f"`{field.name}` can be written without the accessors of `{union.name}`",
                seen.span,
                notes=("bytes that it leaves unwritten could be read then",),
                helps=("remove `visibility`: members are private",),
            )


def _of_values(union: m.Union, analysis: Analysis, traits: Traits) -> Iterator[Finding]:
    """Members that can't be read, or not as what their accessors give."""
    for field, accessor in accessors_of(union):
        value = value_of(field, analysis.types)
        little = field.endian == "little"
        if value is None or "Copy" not in traits.of(field.type, little=little):
            yield Finding(
                f"`{field.name}: {field.type}` can't be read whatever was written",
                field.text.span,
                notes=(
                    (
                        "it isn't an integer, a pointer that may be null, an array, or a newtype "
                        "or an enum that is no more than these"
                        if value is None
                        else "it can't be copied"
                    ),
                ),
                helps=(_LEAVE_OUT,),
            )
        elif accessor.text and conversion(value, accessor.text.type) is None:
            yield Finding(
                f"`{field.name}: {value}` can't be read as `{accessor.text.type}`",
                accessor.text.span,
                notes=(
                    "an accessor changes the sign of an integer, what a pointer leads to, "
                    "or bytes into the integer of as many, and nothing else",
                ),
                helps=(f"write `{value}`",),
            )


def _of_names(union: m.Union) -> Iterator[Finding]:
    """Methods that can't be called so, and two of one name."""
    taken: dict[str, m.Accessor] = {}
    for field, accessor in accessors_of(union):
        if accessor.text is None:
            accessor = replace(accessor, name=name_in(field, "rust"))
        if accessor.text and accessor.name in KEYWORDS:
            yield Finding(
                f"`{accessor.name}` is a keyword of Rust",
                accessor.span,
                helps=("choose another name",),
            )
        for method in methods_of(accessor):
            other = taken.setdefault(method, accessor)
            if other is not accessor:
                yield Finding(
                    f"`{other.name}` and `{accessor.name}` would both have a method "
                    f"`{method}`",
                    accessor.span,
                    helps=(f"choose another name, in `accessors` of `{field.name}`",),
                )
                break
