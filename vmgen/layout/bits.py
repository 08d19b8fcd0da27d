"""Placing bit-fields among the fields of one record in one data model.

Bits are counted in the order in which the target fills bytes: from the low end of a byte
where it is little-endian, from the high end where it is big-endian. So counted a place is the
same in both orders, and is what C compilers and DWARF (``DW_AT_data_bit_offset``) say.

A bit-field is read from the bytes that it has a bit in, and from no others: its offset is
that of the first of them, and its size how many there are. These bytes, as one integer in the
target's byte order, have the field's bits together. C's own units would not do: in a packed
record a field may lie in more bytes than its type has, and where a type is less aligned than
wide a unit may go on behind the record's end.
"""

from __future__ import annotations

from itertools import compress
from typing import TYPE_CHECKING

from vmgen.layout.place import NOTHING, BitPlace, RecordLayout, align_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.place import Extent
    from vmgen.targets.bit_fields import BitRule

_LEAST_ON_AIX = 4

Widths = tuple[int | None, ...]
"""The widths of a record's fields in bits, None for a field of whole bytes."""

_Placed = tuple[int, "Extent"]
"""The first bit of a field, and its extent in bytes."""


def place_bits(
    extents: Sequence[Extent],
    widths: Widths,
    rule: BitRule,
    align: int = 1,
    *,
    there: Sequence[bool] = (),
    packed: int | None = None,
    open_end: bool = False,
) -> RecordLayout:
    """Lay out fields of which some are bit-fields. `extents` are those of the fields' types,
    in a record that is `packed` aligned to at most so many bytes. Bit-fields follow each
    other as if those that aren't `there` had never been said. A record with an `open_end`
    isn't rounded up. A width that is more than its type has stands for all of these."""
    if not all(there):
        made = place_bits(
            [*compress(extents, there)],
            tuple(compress(widths, there)),
            rule,
            align,
            packed=packed,
            open_end=open_end,
        )
        return _with_absent(made, widths, there)
    widths = tuple(
        None if width is None else min(width, 8 * size)
        for width, (size, _) in zip(widths, extents, strict=True)
    )
    if rule == "microsoft":
        placed, end = _in_units(extents, widths)
    else:
        placed, end = _bit_by_bit(extents, widths, rule, packed=packed)
    align = max([align, *(own for _, (_, own) in placed)])
    places = tuple(
        None if width is None else BitPlace(first % 8, width)
        for (first, _), width in zip(placed, widths, strict=True)
    )
    covered = tuple(
        extent if place is None else (place.bytes, extent[1])
        for (_, extent), place in zip(placed, places, strict=True)
    )
    offsets = tuple(first // 8 for first, _ in placed)
    size = align_up(end, align)
    if open_end:
        size = offsets[-1] + covered[-1][0] if offsets else 0
    return RecordLayout(size, align, offsets, covered, places)


def _with_absent(
    layout: RecordLayout, widths: Widths, there: Sequence[bool]
) -> RecordLayout:
    """The layout of the fields that are there, with the others put in. What isn't there is
    where the field before it ends; behind a bit-field that is where the next field begins,
    since languages without bit-fields have bytes up to there."""
    ends = [*layout.offsets, layout.size][1:]
    left = [*zip(layout.offsets, layout.extents, layout.bits, ends, strict=True)]
    placed: list[tuple[int, Extent, BitPlace | None]] = []
    at = 0
    for is_there, width in zip(there, widths, strict=True):
        if is_there:
            offset, extent, place, end = left.pop(0)
            placed.append((offset, extent, place))
            at = offset + extent[0] if place is None else end
        else:
            place = None if width is None else BitPlace(0, width)
            placed.append((at, NOTHING, place))
    offsets, extents, places = zip(*placed, strict=True)
    return RecordLayout(layout.size, layout.align, offsets, extents, places)


def _bit_by_bit(
    extents: Sequence[Extent], widths: Widths, rule: BitRule, *, packed: int | None
) -> tuple[list[_Placed], int]:
    """The fields, and where they end in bytes: each follows the one before it."""
    placed: list[_Placed] = []
    bit = 0
    for (size, align), width in zip(extents, widths, strict=True):
        if width is None:
            bit = align_up(bit, 8 * align)
            placed.append((bit, (size, align)))
            bit += 8 * size
            continue
        unit, aligned = size, align
        if rule == "apcs":
            aligned = 1
        elif rule == "aix" and size < _LEAST_ON_AIX:
            unit = aligned = _LEAST_ON_AIX
            if packed is not None:
                aligned = min(aligned, packed)
        if packed is None and rule != "apcs" and bit % (8 * aligned) + width > 8 * unit:
            bit = align_up(bit, 8 * aligned)
        placed.append((bit, (size, aligned)))
        bit += width
    return placed, align_up(bit, 8) // 8


def _in_units(extents: Sequence[Extent], widths: Widths) -> tuple[list[_Placed], int]:
    """The fields, and where they end in bytes: bit-fields are in units of their types."""
    placed: list[_Placed] = []
    end = 0
    unit, left = 0, 0
    for (size, align), width in zip(extents, widths, strict=True):
        if width is None:
            unit = 0
        elif unit == size and width <= left:
            placed.append((8 * end - left, (size, align)))
            left -= width
            continue
        else:
            unit, left = size, 8 * size - width
        first = align_up(end, align)
        placed.append((8 * first, (size, align)))
        end = first + size
    return placed, end


def in_bytes(places: Sequence[BitPlace | None]) -> Iterator[int]:
    """How many bits of its first byte are in front of each bit-field; nothing of others."""
    return (place.offset for place in places if place is not None)
