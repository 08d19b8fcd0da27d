"""What a record wastes and where: padding after each part, cache lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.place import Extent, RecordLayout

CACHE_LINE = 64
"""Bytes of a cache line: what x86-64 and most others have."""


Part = tuple[tuple[int, ...], tuple["Extent", ...], tuple[int, ...]]
"""A part in several layouts: offsets, extents, ends with the padding after the part."""


def padded_parts(records: Sequence[RecordLayout]) -> Iterator[Part]:
    """Each part of a type, in all of the given layouts of that type.

    Padding is told to be after the last part that ends where it begins.
    """
    offsets = [*zip(*[r.offsets for r in records], strict=True)]
    extents = zip(*[r.extents for r in records], strict=True)
    if offsets and any(offsets[-1]):
        ends = [*offsets[1:], tuple([r.size for r in records])]
    else:
        ends = [*zip(*map(_ends_of_union, records), strict=True)]
    return zip(offsets, extents, ends, strict=True)


def _ends_of_union(union: RecordLayout) -> list[int]:
    """The ends of members, or of a single field: the longest has the padding."""
    ends = [size for size, _ in union.extents]
    if ends:
        ends[len(ends) - 1 - ends[::-1].index(max(ends))] = union.size
    return ends


def padding_after(record: RecordLayout) -> dict[int, tuple[int, int]]:
    """Offset and length of each stretch of padding, by the index of the part before.
    All are the record's `holes`."""
    return {
        index: (offset + size, end - offset - size)
        for index, ((offset,), ((size, _),), (end,)) in enumerate(
            padded_parts([record])
        )
        if end > offset + size
    }


def cache_lines(size: int) -> int:
    """How many cache lines a record of that size fills, at least in part, if it
    starts at the begin of one."""
    return (size + CACHE_LINE - 1) // CACHE_LINE
