"""Placing parts: sizes, alignments and offsets of one record in one data model.

The rules are those of the Rust reference, "The C representation": a field starts
at the next multiple of its alignment, the record is as aligned as its most aligned
field, its size is a multiple of that. A tagged enum is the tag followed by a union
of the payloads (RFC 2195).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.schema import model as m

Extent = tuple[int, int]
"""Size and alignment of a type, in bytes."""

NOTHING: Extent = (0, 1)
"""The extent of what isn't there on a target: it takes no byte and moves nothing."""

Hole = tuple[int, int]
"""Offset and length of a stretch of padding, in bytes."""


class BitPlace(msgspec.Struct, frozen=True):
    """Where a bit-field is in the bytes that it has a bit in: behind so many bits of the
    first byte, 0 to 7, in the order in which the target fills bytes. `width` is in bits.
    """

    offset: int
    width: int

    @property
    def bytes(self) -> int:
        """How many bytes it has a bit in."""
        return (self.offset + self.width + 7) // 8

    def shift(self, *, little_endian: bool) -> int:
        """By how many bits the integer that its bytes are is shifted right to have the
        field at the low end."""
        return (
            self.offset if little_endian else 8 * self.bytes - self.offset - self.width
        )


class LayoutError(Exception):
    """A type that has no layout; the rules refuse each before layouts are asked for."""


class RecordLayout(msgspec.Struct, frozen=True):
    """A record in bytes. `offsets` and `extents` run parallel to the record's parts.

    The parts are a struct's or context's fields, a union's members, a table's slots,
    and for a tagged enum the tag and, if a variant has one, the payload. Newtypes,
    plain enums, opaque and foreign types have none. Of a context this is the fixed
    part alone, `size` being where its regions may begin (not rounded up); of a record of
    which only a prefix is described it is where that ends, and `align` what that needs.

    Where a record has bit-fields, `bits` runs parallel to its parts too, with None for those
    that aren't; else it is empty. What a bit-field has for an extent is how many bytes it has
    a bit in, and how far it aligns the record.
    """

    size: int
    align: int
    offsets: tuple[int, ...]
    extents: tuple[Extent, ...]
    bits: tuple[BitPlace | None, ...] = ()

    @property
    def needed_align(self) -> int:
        """What its parts need it to be aligned to, whatever it was given."""
        return max([align for _, align in self.extents], default=1)

    @property
    def first_bits(self) -> tuple[int, ...]:
        """The first bit of each part, counted from the record's begin in the order in which
        the target fills bytes."""
        places = self.bits or (None,) * len(self.offsets)
        return tuple(
            8 * offset + (place.offset if place else 0)
            for offset, place in zip(self.offsets, places, strict=True)
        )

    @property
    def rounded_size(self) -> int:
        """The size of a record with these parts in Rust and C, a multiple of its
        alignment. Of a context, whose size isn't rounded up, that of its fixed part."""
        return align_up(self.size, self.align)

    @property
    def padding(self) -> tuple[Hole | None, ...]:
        """The padding after each part, the last one's being the tail's; None for none.

        A union's is after the last of its longest members.
        """
        if not self.offsets:
            return ()
        ends = [*self.offsets[1:], self.size]
        if self.offsets[-1] == 0:
            sizes = [size for size, _ in self.extents]
            longest = len(sizes) - 1 - sizes[::-1].index(max(sizes))
            ends = [*sizes[:longest], self.size, *sizes[longest + 1 :]]
        holes = [
            (offset + size, end - offset - size) if end > offset + size else None
            for offset, (size, _), end in zip(
                self.offsets, self.extents, ends, strict=True
            )
        ]
        if NOTHING in self.extents:
            # What isn't there has nothing after it: the part before has.
            for index in reversed(range(1, len(holes))):
                if self.extents[index] == NOTHING and holes[index]:
                    holes[index - 1], holes[index] = holes[index], None
        return tuple(holes)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """All stretches of padding, the tail's included."""
        return tuple(hole for hole in self.padding if hole is not None)


Row = tuple[RecordLayout, ...]
"""A record's layouts, one per layout class."""


def align_up(offset: int, align: int) -> int:
    """The next multiple of `align`, which is a power of two."""
    return (offset + align - 1) & -align


def within(extents: Iterable[Extent], most: int | None) -> tuple[Extent, ...]:
    """Extents of fields, in a packed record aligned to at most `most`."""
    if most is None:
        return tuple(extents)
    return tuple([(size, min(align, most)) for size, align in extents])


def place(extents: Sequence[Extent], align: int = 1) -> RecordLayout:
    """Lay fields out one after the other, the record aligned to at least `align`."""
    offset = 0
    offsets = []
    for size, field_align in extents:
        offset = align_up(offset, field_align)
        offsets.append(offset)
        offset += size
        if field_align > align:
            align = field_align
    size = align_up(offset, align)
    return RecordLayout(size, align, tuple(offsets), tuple(extents))


def overlay(extents: Sequence[Extent], align: int = 1) -> RecordLayout:
    """Lay members of a union over each other."""
    align = max([align, *(a for _, a in extents)])
    size = align_up(max((s for s, _ in extents), default=0), align)
    return RecordLayout(size, align, (0,) * len(extents), tuple(extents))


def place_whole(extents: Sequence[Extent], align: int = 1) -> RecordLayout:
    """Lay out what has the one extent and no parts to tell apart."""
    ((size, align),) = extents
    return RecordLayout(size, align, (), ())


def place_tagged(extents: Sequence[Extent], align: int = 1) -> RecordLayout:
    """Lay out a tagged enum: the tag, then the union of the payloads if there is one."""
    tag, *payloads = extents
    if not payloads:
        return place([tag], align)
    union = overlay(payloads)
    return place([tag, (union.size, union.align)], align)


def place_context(extents: Sequence[Extent], align: int) -> RecordLayout:
    """Lay out a context's fixed fields, or a prefix's; its `size` is where the last one
    ends."""
    fixed = place(extents, align)
    end = fixed.offsets[-1] + extents[-1][0] if extents else 0
    return RecordLayout(end, fixed.align, fixed.offsets, fixed.extents)


def least_align(context: m.Context) -> int:
    """What a context is aligned to at least: what is given, or what a region asks for."""
    return context.align or max([r.align or 1 for r in context.regions], default=1)
