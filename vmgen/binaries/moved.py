"""Parts of a record that are elsewhere in a binary, and what is said of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis import peel
from vmgen.binaries.differences import MAX_LISTED, Difference
from vmgen.schema import types as t
from vmgen.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.binaries.types import Member
    from vmgen.layout.parts import Part, Record
    from vmgen.schema import model as m

Moved = tuple["Part", int]
"""A part, and where it is in the binary in bytes."""


def moved_parts(
    record: Record, index: int, moved: Sequence[Moved], follows: str
) -> Difference:
    """One difference for all that moved in a layout class, about the first, which
    `follows` a record held by value."""
    part, theirs = moved[0]
    ours = part.offsets[index]
    notes = (f"{_places(index, moved[1:])} in the binary",) if len(moved) > 1 else ()
    return Difference(
        "offset",
        f"`{record.name}.{part.name}` is at {ours}, and at {theirs} in the binary",
        part.span,
        notes,
        follows,
    )


def explained(cause: Difference, index: int, moved: Sequence[Moved]) -> Difference:
    """What is wrong about members, with what comes of it."""
    note = f"then {_places(index, moved)} in the binary"
    return msgspec.structs.replace(cause, notes=(*cause.notes, note))


def differing_bits(
    record: Record, part: Part, index: int, theirs: Member
) -> Iterator[Difference]:
    """What is different about the place of a bit-field in its first byte, or its width, also
    where only one of the two is a bit-field."""
    place = f"{record.name}.{part.name}"
    if not part.bits:
        message = f"`{place}` isn't a bit-field, and has {plural(theirs.bits or 0, 'bit')} in the binary"
        yield Difference("type", message, part.span)
        return
    ours = part.bits[index]
    if ours.width != theirs.bits:
        in_binary = "isn't a bit-field" if theirs.bits is None else f"{theirs.bits}"
        message = (
            f"`{place}` has {plural(ours.width, 'bit')}, and {in_binary} in the binary"
        )
        yield Difference("type", message, part.span)
    elif ours.offset != theirs.bit:
        here, there = part.shown_offset(index), f"{theirs.offset}.{theirs.bit}"
        message = f"`{place}` is at {here}, and at {there} in the binary"
        yield Difference("offset", message, part.span)


def held_before(
    record: Record, types: Mapping[str, m.Declaration], part: Part | None
) -> str:
    """The name of the record held by value nearest before a part, or the end, if there is
    one."""
    name = ""
    for other in record.parts:
        if other is part:
            return name
        inside = peel.innermost(other.type, types)
        if isinstance(inside, t.Named):
            name = inside.name
    return name


def _places(index: int, moved: Sequence[Moved]) -> str:
    """Where some parts are, here and in the binary."""
    shown = [
        f"`{part.name}` is at {part.offsets[index]}, and at {theirs}"
        for part, theirs in moved[:MAX_LISTED]
    ]
    more = len(moved) - len(shown)
    return "; ".join(shown) + (f"; and so on for {more} more" if more else "")
