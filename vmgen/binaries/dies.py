"""What entries of debug information (DIEs) state, and which others they refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.binaries.image import BinaryError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MEMBERS = 65_536
"""How many members, variants or values one type may have."""


class References:
    """Follows what attributes of entries refer to, into type units too."""

    def __init__(self, dwarf: Any) -> None:
        self._dwarf = dwarf
        self._type_units: dict[int, int] | None = None

    def referred(self, die: Any, name: str) -> Any:
        """The entry that an attribute refers to."""
        attribute = die.attributes[name]
        if attribute.form == "DW_FORM_ref_sig8":
            if self._type_units is None:
                # pyelftools knows those of ``.debug_types`` alone, as DWARF 4 had it.
                self._type_units = {
                    unit["type_signature"]: unit.cu_offset + unit["type_offset"]
                    for unit in self._dwarf.iter_CUs()
                    if unit.header.get("unit_type") == "DW_UT_type"
                }
            place = self._type_units.get(attribute.raw_value)
            if place is not None:
                return self._dwarf.get_DIE_from_refaddr(place)
        return die.get_DIE_from_attribute(name)


def children(die: Any) -> Iterator[Any]:
    """The entries below one. Raises `BinaryError` where they are too many."""
    for number, child in enumerate(die.iter_children()):
        if number == MAX_MEMBERS:
            raise BinaryError(f"a type of it has more than {MAX_MEMBERS} members")
        yield child


def name_of(die: Any) -> str:
    """The name of an entry, empty where it has none."""
    attribute = die.attributes.get("DW_AT_name")
    if attribute is None:
        return ""
    value = attribute.value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def number_of(die: Any, attribute: str) -> int | None:
    """A number that an entry states; None where it states none, or computes it."""
    found = die.attributes.get(attribute)
    return found.value if found is not None and isinstance(found.value, int) else None


def counts_of(die: Any) -> list[int | None]:
    """The counts of an array's dimensions, the outer first; None where one is open."""
    counts: list[int | None] = []
    for child in children(die):
        if child.tag == "DW_TAG_subrange_type":
            count = number_of(child, "DW_AT_count")
            last = number_of(child, "DW_AT_upper_bound")
            if count is None and last is not None:
                count = last + 1
            counts.append(count)
    return counts or [None]
