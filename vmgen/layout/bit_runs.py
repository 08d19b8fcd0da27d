"""Bit-fields that follow each other, as the bytes that they are in together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.layout.parts import Part
    from vmgen.layout.place import RecordLayout


class Run(msgspec.Struct, frozen=True):
    """Bit-fields that follow each other: all bytes from the end of the part before them to
    the begin of the part behind, or to the record's end. A language without bit-fields has
    them in so many bytes that aren't aligned.

    `begins` and `lengths` are in bytes, per layout class; `first_bits` are each part's,
    counted from the run's begin.
    """

    parts: tuple[Part, ...]
    begins: tuple[int, ...]
    lengths: tuple[int, ...]
    first_bits: tuple[tuple[int, ...], ...]


def runs(parts: Sequence[Part], layouts: Sequence[RecordLayout]) -> list[Run]:
    """The runs of bit-fields of a record that has an entry per layout class."""
    found = []
    start = 0
    while start < len(parts):
        end = start
        while end < len(parts) and parts[end].bits:
            end += 1
        if end > start:
            found.append(_run(parts, start, end, layouts))
        start = end + 1
    return found


def _run(
    parts: Sequence[Part], start: int, end: int, layouts: Sequence[RecordLayout]
) -> Run:
    begins = tuple(
        layout.offsets[start - 1] + layout.extents[start - 1][0] if start else 0
        for layout in layouts
    )
    ends = [
        layout.offsets[end] if end < len(parts) else layout.size for layout in layouts
    ]
    first_bits = tuple(
        tuple(
            layout.first_bits[index] - 8 * begin
            for layout, begin in zip(layouts, begins, strict=True)
        )
        for index in range(start, end)
    )
    lengths = tuple(e - b for b, e in zip(begins, ends, strict=True))
    return Run(tuple(parts[start:end]), begins, lengths, first_bits)
