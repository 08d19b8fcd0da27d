"""Layouts held against what compilers say, and what a type has to be told to be right.

Nothing here lays out anything: a type is told one thing more, and laid out anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen.imports.bits import UNNAMED
from vmgen.imports.draft import Declared, Part, foreign
from vmgen.imports.names import distinct
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.layout import parts as laid_out
    from vmgen.layout.layouts import Layouts

MAX_ALIGN = 1 << 16
"""The largest alignment that is tried, in bytes."""


def is_right(record: laid_out.Record, declared: Declared, layouts: Layouts) -> bool:
    """Whether a type is laid out as compilers have it on each target."""
    for target, size in declared.sizes.items():
        index = layouts.class_of(target).index
        extent = record.extents[index]
        if declared.is_open:
            # Where an array of any length begins, the size of the whole ends in C as it
            # likes.
            size = extent[0]
        if extent[0] != size or extent[1] != declared.aligns.get(target, extent[1]):
            return False
    return not [*_moved(record, declared, layouts)]


def _moved(
    record: laid_out.Record, declared: Declared, layouts: Layouts
) -> Iterator[tuple[int, int, int]]:
    """The parts that aren't where compilers have them: the index of each, where it is, and
    where they have it, in bits, on the first target where these differ."""
    for number, (part, ours) in enumerate(_placed(record, declared)):
        for target, offset in part.offsets.items():
            place = ours[layouts.class_of(target).index]
            theirs = offset * 8 + part.begins.get(target, 0)
            if place != theirs:
                yield number, place, theirs
                break


def _placed(
    record: laid_out.Record, declared: Declared
) -> Iterator[tuple[Part, tuple[int, ...]]]:
    """What has a place, with its first bit per layout class."""
    if declared.kind == "enum":
        payload = Part("", offsets=declared.payload)
        for laid in record.parts[1:]:
            yield payload, tuple(offset * 8 for offset in laid.offsets)
        return
    begins = [
        tuple(
            offset * 8 + (laid.bits[index].offset if laid.bits else 0)
            for index, offset in enumerate(laid.offsets)
        )
        for laid in record.parts
    ]
    begins += [
        tuple(layout.begin({}) * 8 for layout in region.layouts)
        for region in record.regions
    ]
    yield from zip(declared.parts, begins, strict=False)


def told(
    record: laid_out.Record, declared: Declared, layouts: Layouts, why: str
) -> Declared:
    """A type that is laid out otherwise than compilers have it, with one thing more said of
    it: that it is packed, or more so; that bits are skipped; that a member is aligned, or
    more; that it is itself. If none of that helps it is without its bit-fields, and at last
    without its parts, for the reason `why`."""
    if declared.kind in ("struct", "union"):
        if _is_too_aligned(record, declared, layouts):
            made = _packed(record, declared, layouts)
        else:
            made = _with_gap(record, declared, layouts)
            made = made or _with_aligned_part(record, declared, layouts)
            made = made or _with_end(record, declared, layouts)
            made = made or _aligned(record, declared, layouts)
        if made is not None:
            return made
        if declared.instead:
            return replace(declared, parts=declared.instead, instead=(), packed=None)
    return foreign(declared, why)


def _with_gap(
    record: laid_out.Record, declared: Declared, layouts: Layouts
) -> Declared | None:
    """The type with bits without a name before the first part that compilers have further
    behind, where that or the one before it is a bit-field."""
    for number, ours, theirs in _moved(record, declared, layouts):
        before = declared.parts[number - 1] if number else None
        part = declared.parts[number]
        like = part if part.bits is not None else before
        if like is None or like.bits is None or before is None or not before.offsets:
            return None
        of_type = record.parts[number if like is part else number - 1].type
        room = min(8 * layouts.extent(of_type, c)[0] for c in layouts.classes)
        if theirs - ours > room:
            return None
        name = distinct([UNNAMED], [one.name for one in declared.parts])[0]
        type = like.type
        if not isinstance(type, (t.Int, t.CNumber)):
            type = t.Int(f"u{room}")
        gap = Part(name, type, bits=theirs - ours, unnamed=True)
        parts = declared.parts
        return replace(declared, parts=(*parts[:number], gap, *parts[number:]))
    return None


def _is_too_aligned(
    record: laid_out.Record, declared: Declared, layouts: Layouts
) -> bool:
    """Whether compilers align a type, or a part of it, less than is done here."""
    if any(place > offset for _, place, offset in _moved(record, declared, layouts)):
        return True
    return any(
        record.extents[layouts.class_of(target).index][1] > align
        for target, align in declared.aligns.items()
    ) or any(
        record.extents[layouts.class_of(target).index][0] > size
        and declared.kind == "struct"
        for target, size in declared.sizes.items()
        if not declared.is_open
    )


def _packed(
    record: laid_out.Record, declared: Declared, layouts: Layouts
) -> Declared | None:
    """The type with less alignment in it: as much as compilers say that it has, or half as
    much as it has."""
    if declared.is_open:
        return declared.without_end()
    natural = max(align for _, align in record.extents)
    if declared.align and declared.align < natural:
        # Compilers state as much of what is packed.
        return replace(declared, align=None)
    if declared.align or any(part.align for part in declared.parts):
        return None
    known = max(declared.aligns.values(), default=0)
    if known and (declared.packed is None or known < declared.packed):
        return replace(declared, packed=known)
    if known:
        return None
    most = declared.packed or natural
    return replace(declared, packed=most // 2) if most > 1 else None


def _with_end(
    record: laid_out.Record, declared: Declared, layouts: Layouts
) -> Declared | None:
    """What is declared in place, and so can't be aligned itself, with bytes that nobody
    names behind what is in it, if these are as many on each target."""
    if not declared.in_place or any(_moved(record, declared, layouts)):
        return None
    ends = set()
    for target, size in declared.sizes.items():
        ours = record.extents[layouts.class_of(target).index][0]
        ends.add(size if declared.kind == "union" else size - ours)
    if (
        len(ends) != 1
        or not all(ends)
        or any(p.name == UNNAMED for p in declared.parts)
    ):
        return None
    end = Part(UNNAMED, t.Array(t.Int("u8"), ends.pop()), unnamed=True)
    return replace(declared, parts=(*declared.parts, end))


def _with_aligned_part(
    record: laid_out.Record, declared: Declared, layouts: Layouts
) -> Declared | None:
    """The type with the first of its parts that compilers have further behind aligned to
    twice as much."""
    if declared.packed:
        return None
    for number, _, _ in _moved(record, declared, layouts):
        part = declared.parts[number]
        if part.open or part.bits is not None:
            return None
        least = max(align for _, align in record.parts[number].extents)
        asked = max(part.align or 0, least) * 2
        known = declared.aligns.values()
        if asked > MAX_ALIGN or any(align < asked for align in known):
            return None
        return declared.with_part(part, align=asked)
    return None


def _aligned(
    record: laid_out.Record, declared: Declared, layouts: Layouts
) -> Declared | None:
    """The type aligned to twice as much, if its parts are where they belong."""
    if declared.packed or any(_moved(record, declared, layouts)):
        return None
    if declared.parts and declared.parts[0].bits is not None:
        # C can't align what begins with a bit-field.
        return None
    least = max(align for _, align in record.extents)
    asked = max(declared.align or 0, least) * 2
    sizes = declared.sizes.values() if not declared.is_open else ()
    if asked > MAX_ALIGN or any(size % asked for size in sizes):
        return None
    known = declared.aligns.values()
    if any(align < asked for align in known):
        return None
    return replace(declared, align=asked)
