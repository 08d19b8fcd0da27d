"""The numbers of a record that are other ones, on one lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.changes.change import Number
from vmgen.changes.edit import BEHIND_ALL
from vmgen.changes.saved import Part, Region
from vmgen.changes.wording import holds, moves_by, with_counts
from vmgen.layout.alignment import TooManyStates
from vmgen.layout.difference import Length, Place, difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.changes.saved import Record


def of(
    name: str,
    old: Record,
    new: Record,
    pairs: Sequence[tuple[int, int]],
    counts: Mapping[str, str],
) -> Iterator[tuple[float, Number]]:
    """Each number that changed, with the position among the new members behind which it
    is. `pairs` are the positions of a part on both sides, `counts` the new names of old
    counts."""
    before, after = [*old.fields, *old.regions], [*new.fields, *new.regions]
    for one, other in pairs:
        was, now = before[one], after[other]
        if isinstance(was, Part) and isinstance(now, Part):
            if was.absent or now.absent:
                continue
            if was.offset != now.offset:
                moved = f"by {now.offset - was.offset}"
                yield other, Number(
                    name, now.name, "offset", was.offset, now.offset, moved
                )
            bits = was.bit_offset or 0, now.bit_offset or 0
            if bits[0] != bits[1]:
                # The bytes that it has a bit in may be the same.
                by = 8 * (now.offset - was.offset) + bits[1] - bits[0]
                moved = f"by {by} bit" if abs(by) == 1 else f"by {by} bits"
                yield other, Number(name, now.name, "bit_offset", *bits, moved)
            if was.size != now.size and was.type != now.type:
                yield other + 0.5, Number(name, now.name, "size", was.size, now.size)
        elif isinstance(was, Region) and isinstance(now, Region):
            places = begin(old, was, counts), begin(new, now, {})
            yield from _moved(name, now.name, "offset", other, *places)
            if was.stride != now.stride:
                yield other + 0.5, Number(
                    name, now.name, "stride", was.stride, now.stride
                )
    if old.kind == new.kind == "context":
        ends = end(old, counts), end(new, {})
        yield from _moved(name, None, "size", BEHIND_ALL, *ends)
    elif old.size != new.size:
        yield BEHIND_ALL, Number(name, None, "size", old.size, new.size)
    if old.align != new.align:
        yield BEHIND_ALL, Number(name, None, "align", old.align, new.align)


def begin(record: Record, region: Region, counts: Mapping[str, str]) -> Place:
    """Where a region begins, with new names for `counts`."""
    index = record.regions.index(region)
    lengths = _lengths(record.regions[:index], counts)
    return Place(record.fixed_size, lengths, region.round_to)


def end(record: Record, counts: Mapping[str, str]) -> Place:
    """Where a context ends."""
    return Place(record.fixed_size, _lengths(record.regions, counts))


def _lengths(
    regions: Sequence[Region], counts: Mapping[str, str]
) -> tuple[Length, ...]:
    return tuple(
        Length(
            region.round_to,
            region.stride,
            (
                counts.get(region.length, region.length)
                if isinstance(region.length, str)
                else region.length
            ),
            counts.get(region.when, region.when) if region.when else None,
        )
        for region in regions
    )


def _moved(
    name: str, part: str | None, what: str, position: float, old: Place, new: Place
) -> Iterator[tuple[float, Number]]:
    try:
        found = difference(old, new)
    except TooManyStates:
        # Whether they are the same for all counts is more than can be found out.
        yield position, Number(
            name, part, what, old.at({}), new.at({}), "perhaps, with some counts"
        )
        return
    if found is not None:
        example = dict(found.example)
        yield position, Number(
            name,
            part,
            what,
            old.at(example),
            new.at(example),
            moves_by(found),
            with_counts(found.example),
            holds(found.condition) if found.condition else "",
        )
