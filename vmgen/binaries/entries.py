"""Entries of debug information (DIEs) as types.

What they are made of is in DWARF 5, chapter 5; what Rust makes of variants in section
5.7.10.
"""

from __future__ import annotations

from typing import Any, Literal

from vmgen.binaries.dies import References, children, counts_of, name_of, number_of
from vmgen.binaries.image import BinaryError
from vmgen.binaries.types import (
    Array,
    Composite,
    Enumeration,
    Member,
    Place,
    Pointer,
    Scalar,
    Tagged,
    Type,
    Unknown,
    Variant,
    size_of,
)

SEE_THROUGH = frozenset(
    {
        "DW_TAG_typedef", "DW_TAG_const_type", "DW_TAG_volatile_type",
        "DW_TAG_atomic_type", "DW_TAG_restrict_type", "DW_TAG_immutable_type",
        "DW_TAG_packed_type",
    }
)  # fmt: skip
POINTERS = frozenset(
    {
        "DW_TAG_pointer_type", "DW_TAG_reference_type", "DW_TAG_rvalue_reference_type",
        "DW_TAG_subroutine_type",
    }
)  # fmt: skip

MAX_DEPTH = 64
"""How deep types may stand in each other by value."""


class Entries:
    """Types by the places of their entries in ``.debug_info``, each read once."""

    def __init__(self, dwarf: Any) -> None:
        self._dwarf = dwarf
        self._pointer = dwarf.config.default_address_size
        self._big_endian = not dwarf.config.little_endian
        self._made: dict[int, Type] = {}
        self._files: dict[int, list[str]] = {}
        self._references = References(dwarf)

    def type_at(self, offset: int, name: str) -> Type:
        """The type whose entry is there; `name` is its whole path.

        Raises `BinaryError`.
        """
        return self._type(self._dwarf.get_DIE_from_refaddr(offset), 0, name)

    def _type(self, die: Any, depth: int, name: str = "") -> Type:
        if depth > MAX_DEPTH:
            raise BinaryError("a type of it contains itself, or is nested too deep")
        made = self._made.get(die.offset)
        if made is None:
            made = self._read(die, depth, name or name_of(die))
            self._made[die.offset] = made
        return made

    def _read(self, die: Any, depth: int, name: str) -> Type:
        tag = die.tag
        if "DW_AT_signature" in die.attributes:
            # What the type is stands in a unit of its own, as large programs have it.
            return self._type(
                self._references.referred(die, "DW_AT_signature"), depth + 1, name
            )
        if tag in SEE_THROUGH:
            return self._of(die, depth)
        if tag in POINTERS:
            return Pointer(number_of(die, "DW_AT_byte_size") or self._pointer, "")
        if tag == "DW_TAG_base_type":
            return _scalar(die, name)
        if tag == "DW_TAG_array_type":
            return self._array(die, depth)
        if tag == "DW_TAG_enumeration_type":
            return self._enumeration(die, depth, name)
        if tag in ("DW_TAG_structure_type", "DW_TAG_class_type", "DW_TAG_union_type"):
            return self._composite(die, depth, name)
        return Unknown(name, number_of(die, "DW_AT_byte_size") or 0)

    def _of(self, die: Any, depth: int) -> Type:
        """What the attribute `DW_AT_type` of an entry refers to."""
        if "DW_AT_type" not in die.attributes:
            return Unknown("void")
        return self._type(self._references.referred(die, "DW_AT_type"), depth + 1)

    def _array(self, die: Any, depth: int) -> Type:
        made = self._of(die, depth)
        for count in reversed(counts_of(die)):
            made = Array(made, count)
        return made

    def _enumeration(self, die: Any, depth: int, name: str) -> Type:
        if "DW_AT_declaration" in die.attributes:
            return Unknown(name)
        values = [
            (name_of(child), number_of(child, "DW_AT_const_value") or 0)
            for child in children(die)
            if child.tag == "DW_TAG_enumerator"
        ]
        size = number_of(die, "DW_AT_byte_size")
        if size is None:
            inside = self._of(die, depth)
            size = inside.size if isinstance(inside, Scalar) else 0
        align = number_of(die, "DW_AT_alignment")
        return Enumeration(name, size, tuple(values), self._place(die), align)

    def _composite(self, die: Any, depth: int, name: str) -> Type:
        size = number_of(die, "DW_AT_byte_size")
        if "DW_AT_declaration" in die.attributes or size is None:
            return Unknown(name)
        align = number_of(die, "DW_AT_alignment")
        place = self._place(die)
        members = []
        for child in children(die):
            if child.tag == "DW_TAG_variant_part":
                return self._tagged(
                    child, depth, Tagged(name, size, align, None, (), place)
                )
            if (
                child.tag == "DW_TAG_member"
                and "DW_AT_external" not in child.attributes
            ):
                members.append(self._member(child, depth))
        kind: Literal["struct", "union"] = (
            "union" if die.tag == "DW_TAG_union_type" else "struct"
        )
        return Composite(kind, name, size, align, tuple(members), place)

    def _member(self, die: Any, depth: int) -> Member:
        type = self._of(die, depth)
        offset = number_of(die, "DW_AT_data_member_location") or 0
        bits = number_of(die, "DW_AT_bit_size")
        first = number_of(die, "DW_AT_data_bit_offset")
        before = number_of(die, "DW_AT_bit_offset")
        if first is None and bits is not None:
            first = 8 * offset
            if before is not None:
                # Up to DWARF 4: from the most significant bit of an integer that is there.
                stored = number_of(die, "DW_AT_byte_size") or size_of(type)
                first += before if self._big_endian else 8 * stored - before - bits
        align = number_of(die, "DW_AT_alignment")
        if first is None:
            return Member(name_of(die), offset, type, bits, align)
        return Member(name_of(die), first // 8, type, bits, align, first % 8)

    def _tagged(self, part: Any, depth: int, enum: Tagged) -> Type:
        """The enum that a variant part is of; `enum` has the rest of it."""
        tag = None
        if "DW_AT_discr" in part.attributes:
            tag = self._member(part.get_DIE_from_attribute("DW_AT_discr"), depth)
        variants = []
        for child in children(part):
            if child.tag != "DW_TAG_variant":
                continue
            value = number_of(child, "DW_AT_discr_value")
            payload, name = None, ""
            for member in children(child):
                if member.tag == "DW_TAG_member":
                    name = name_of(member)
                    inside = self._of(member, depth)
                    payload = inside if isinstance(inside, Composite) else None
            variants.append(Variant(name, value, payload))
        return Tagged(
            enum.name, enum.size, enum.align, tag, tuple(variants), enum.place
        )

    def _place(self, die: Any) -> Place | None:
        line = number_of(die, "DW_AT_decl_line")
        number = number_of(die, "DW_AT_decl_file")
        if line is None or number is None:
            return None
        unit = die.cu
        if unit.cu_offset not in self._files:
            self._files[unit.cu_offset] = _file_names(self._dwarf, unit)
        files = self._files[unit.cu_offset]
        return Place(files[number], line) if 0 <= number < len(files) else None


def _file_names(dwarf: Any, unit: Any) -> list[str]:
    """The names of a unit's source files, by the numbers that entries have."""
    program = dwarf.line_program_for_CU(unit)
    if program is None:
        return []
    names = [entry.name.decode("utf-8", "replace") for entry in program["file_entry"]]
    # Before DWARF 5 they were counted from 1.
    return names if program["version"] >= 5 else ["", *names]


ENCODINGS: dict[
    int, tuple[Literal["int", "float", "bool", "char"], Literal["u", "i", ""]]
]
ENCODINGS = {
    2: ("bool", ""), 4: ("float", ""), 5: ("int", "i"), 6: ("int", "i"), 7: ("int", "u"),
    8: ("int", "u"), 16: ("char", ""),
}  # fmt: skip
"""What the values of `DW_AT_encoding` mean (DWARF 5, section 7.8)."""


def _scalar(die: Any, name: str) -> Type:
    size = number_of(die, "DW_AT_byte_size") or 0
    known = ENCODINGS.get(number_of(die, "DW_AT_encoding") or 0)
    if known is None:
        return Unknown(name, size)
    kind, sign = known
    return Scalar(name, size, kind, sign)
