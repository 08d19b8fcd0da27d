"""What a record wastes and where: padding after each part, cache lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vmgen.layout.records import RecordLayout

CACHE_LINE = 64
"""Bytes of a cache line: what x86-64 and most others have."""


def padding_after(record: RecordLayout) -> dict[int, tuple[int, int]]:
    """Offset and length of each stretch of padding, by the index of the last part
    that ends where it begins; the tail's included. All are the record's `holes`."""
    holes = record.holes
    if not holes:
        return {}
    ends = {
        offset + size: index
        for index, (offset, (size, _)) in enumerate(
            zip(record.offsets, record.extents, strict=True)
        )
    }
    return {ends[start]: (start, length) for start, length in holes}


def cache_lines(size: int) -> int:
    """How many cache lines a record of that size fills, at least in part, if it
    starts at the begin of one."""
    return (size + CACHE_LINE - 1) // CACHE_LINE
