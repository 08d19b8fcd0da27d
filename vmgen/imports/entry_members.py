"""Members in entries of debug information (DIEs), and how large types are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from vmgen.binaries.dies import children, name_of, number_of
from vmgen.binaries.entries import MAX_DEPTH
from vmgen.imports import numbers
from vmgen.imports.found import Member
from vmgen.imports.pointees import COMPOSITES, Pointees
from vmgen.imports.qualified import is_volatile, typedef_align
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Iterator


class MemberReader(Pointees):
    """Reads members of what a subclass reads."""

    def _of(self, die: Any, depth: int) -> t.Type:
        """What the attribute `DW_AT_type` of an entry refers to."""
        raise NotImplementedError

    def _size(self, type: t.Type) -> int | None:
        """Bytes of a type in this image; None where that isn't known."""
        match type:
            case t.Int(name) | t.Primitive(name):
                return numbers.size_of(name, self._pointer)
            case t.CNumber():
                return self._sizes.get(type)
            case t.Atomic() | t.NonZero():
                return numbers.size_of(type.inner, self._pointer)
            case t.VmPtr() | t.RawPointer() | t.FnPointer():
                return self._pointer
            case t.Option(inner) | t.UnsafeCell(inner):
                return self._size(inner)
            case t.Array(element, count):
                each = self._size(element)
                return (
                    each * count
                    if each is not None and isinstance(count, int)
                    else None
                )
            case t.Named(name):
                found = self.types.get(name)
                return found.size if found else None
            case _:
                return 0  # fmt: skip

    def _members(self, die: Any, depth: int, size: int) -> Iterator[Member]:
        """A member, or what is in it if it takes no room and has no name: C's way to have
        an array of any length where none can be."""
        member = self._member(die, depth, size)
        there = self._references.referred(die, "DW_AT_type")
        is_empty = not number_of(there, "DW_AT_byte_size")
        if member.name or there.tag not in COMPOSITES or not is_empty:
            yield member
        elif depth < MAX_DEPTH:
            for child in children(there):
                if child.tag == "DW_TAG_member":
                    for inner in self._members(child, depth + 1, 0):
                        yield replace(inner, offset=member.offset)

    def _member(self, die: Any, depth: int, size: int) -> Member:
        offset = number_of(die, "DW_AT_data_member_location") or 0
        width = number_of(die, "DW_AT_bit_size")
        bits = None
        if width is not None:
            first = number_of(die, "DW_AT_data_bit_offset")
            if first is None:
                # DWARF 3 counts from the most significant bit of a unit of storage.
                unit = number_of(die, "DW_AT_byte_size") or 4
                first = number_of(die, "DW_AT_bit_offset") or 0
                if self._dwarf.config.little_endian:
                    first = unit * 8 - first - width
                first += offset * 8
            bits = (first, width)
            offset = first // 8
        there = self._references.referred(die, "DW_AT_type")
        alias = name_of(there) if there.tag == "DW_TAG_typedef" else ""
        made = self._of(die, depth)
        if self._is_rust(die):
            return Member(name_of(die), made, offset, "", bits, alias)
        align = number_of(die, "DW_AT_alignment") or typedef_align(
            there, self._references
        )
        volatile = is_volatile(die, self._references)
        unit = max(self._size(made) or 1, 1)
        return Member(
            name_of(die), made, offset, "", bits, alias, align, volatile, unit=unit
        )
