"""Qualifiers of C's types in entries of debug information (DIEs), and what typedefs align."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.binaries.dies import number_of
from vmgen.binaries.entries import MAX_DEPTH, SEE_THROUGH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.binaries.dies import References

_ARRAY = "DW_TAG_array_type"


def is_const(die: Any, references: References) -> bool:
    """Whether what an entry refers to may not be changed, or its elements."""
    return any(d.tag == "DW_TAG_const_type" for d in _referred(die, references))


def is_volatile(die: Any, references: References) -> bool:
    """Whether what an entry refers to is volatile, or its elements are."""
    return any(d.tag == "DW_TAG_volatile_type" for d in _referred(die, references))


def typedef_align(die: Any, references: References) -> int | None:
    """The alignment in bytes that a typedef states of a type, if the entry is one, or the
    first that it stands for."""
    for one in (die, *_referred(die, references)):
        if one.tag not in SEE_THROUGH:
            return None
        if one.tag == "DW_TAG_typedef":
            stated = number_of(one, "DW_AT_alignment")
            if stated:
                return stated
    return None


def _referred(die: Any, references: References) -> Iterator[Any]:
    """The qualifiers, typedefs and arrays from what an entry refers to on."""
    for _ in range(MAX_DEPTH):
        if "DW_AT_type" not in die.attributes:
            return
        die = references.referred(die, "DW_AT_type")
        if die.tag not in SEE_THROUGH and die.tag != _ARRAY:
            return
        yield die
