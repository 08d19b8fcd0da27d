"""A record in one layout class, byte by byte; a context with counts too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.layout.place import Hole, RecordLayout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.layout.parts import Record


class PlacedPart(msgspec.Struct, frozen=True):
    """A part, or a region with its counts; every number is in bytes.

    `padding` is what follows it. `remainder` is how far behind a multiple of `align` it
    begins: not 0 of a misaligned region alone, and only if that has elements. `was` are
    former names, the latest first; `bit` is how many bits of its first byte
    are in front of a bit-field.
    """

    name: str
    type: str
    offset: int
    size: int
    align: int
    padding: Hole | None
    remainder: int = 0
    was: tuple[str, ...] = ()
    bit: int | None = None

    @property
    def shown_offset(self) -> str:
        """Of a bit-field with the bit, ``4.1``."""
        return str(self.offset) if self.bit is None else f"{self.offset}.{self.bit}"


class Placed(msgspec.Struct, frozen=True):
    """A record's bytes. Of a context without counts these are the fixed fields'."""

    size: int
    align: int
    parts: tuple[PlacedPart, ...]
    holes: tuple[Hole, ...]

    @property
    def used(self) -> int:
        """Bytes that are no padding."""
        return self.size - sum(length for _, length in self.holes)

    def is_tail(self, hole: Hole) -> bool:
        """Whether a stretch of padding is at the end of the record."""
        start, length = hole
        return start + length == self.size

    @property
    def inner_holes(self) -> list[int]:
        """Lengths of the padding between parts."""
        return [hole[1] for hole in self.holes if not self.is_tail(hole)]

    @property
    def tail(self) -> int:
        """Bytes of padding at the end."""
        return sum(hole[1] for hole in self.holes if self.is_tail(hole))


def placed(record: Record, index: int, counts: Mapping[str, int] | None) -> Placed:
    """A record in the layout class of that index.

    With counts a context's regions are parts like its fields, of as many bytes as that
    makes; counts that are missing are 0. Raises `vmgen.layout.expr.OffsetOverflow` for
    counts that no u32 offset reaches.
    """
    layout = record.layouts[index]
    members = [(part.name, part.shown_type, 0, part.was) for part in record.parts]
    if record.contexts and counts is not None:
        layout = _with_regions(record, index, counts)
        for region in record.regions:
            given = region.layouts[index].length(counts)
            type = f"[{region.type}; {given}]"
            members.append((region.name, type, given, region.source.was))
    parts = tuple(
        PlacedPart(
            name,
            type,
            offset,
            *extent,
            hole,
            offset % extent[1] if given else 0,
            was,
            place.offset if place else None,
        )
        for (name, type, given, was), offset, extent, hole, place in zip(
            members,
            layout.offsets,
            layout.extents,
            layout.padding,
            layout.bits or (None,) * len(members),
            strict=True,
        )
    )
    away = {part.name for part in record.parts if index in part.absent}
    if away:
        parts = tuple(part for part in parts if part.name not in away)
    return Placed(layout.size, layout.align, parts, layout.holes)


def _with_regions(
    record: Record, index: int, counts: Mapping[str, int]
) -> RecordLayout:
    """A context as a record that has its regions too."""
    context = record.contexts[index]
    fixed = context.fixed
    regions = context.regions
    return RecordLayout(
        context.total(counts),
        context.align,
        (*fixed.offsets, *(r.begin(counts) for r in regions)),
        (
            *fixed.extents,
            *((r.stride * r.length(counts), r.align) for r in regions),
        ),
    )
