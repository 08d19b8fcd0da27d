"""Padding, told by the part that it comes after."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vmgen.layout.records import RecordLayout


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
