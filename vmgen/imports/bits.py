"""Bit-fields as the integers that they are parts of: a schema has no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.imports.found import Member
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def without_bits(
    members: Sequence[Member], size: int | None, *, little: bool
) -> list[Member]:
    """Members of which those next to each other that are bit-fields are whole integers,
    whose documentation says what is where. `size` is the struct's, in bytes."""
    made: list[Member] = []
    run: list[Member] = []
    for index, member in enumerate(members):
        if member.bits is not None:
            run.append(member)
            following = members[index + 1] if index + 1 < len(members) else None
            if following is None or following.bits is None:
                end = following.offset if following is not None else size
                made += _integers(run, end, little=little)
                run = []
        else:
            made.append(member)
    return made


def _integers(
    run: Sequence[Member], end: int | None, *, little: bool
) -> Iterator[Member]:
    """The integers that a run of bit-fields is in; what follows begins at `end`."""
    units: dict[int, list[Member]] = {}
    for member in run:
        assert member.bits is not None
        width = 8 * _bytes(member.type)
        units.setdefault(member.bits[0] // width * width, []).append(member)
    for number, (first, inside) in enumerate(units.items()):
        width = max(_bytes(member.type) for member in inside)
        start = first // 8
        last = max(sum(m.bits) for m in inside if m.bits is not None)
        room = (end - start) if end is not None else width
        following = [f for f in units if f > first]
        if following:
            room = min(room, min(following) // 8 - start)
        used = (last + 7) // 8 - start
        type: t.Type = t.Int(f"u{width * 8}")
        if room < width:
            # What follows shares the unit of storage.
            type = t.Array(t.Int("u8"), used) if used > 1 else t.Int("u8")
        name = "bits" if number == 0 else f"bits{number + 1}"
        if len(inside) == 1:
            name = inside[0].name
        yield Member(name, type, start, _doc(inside, first, little=little))


def _doc(inside: Sequence[Member], first: int, *, little: bool) -> str:
    spans = []
    for member in inside:
        assert member.bits is not None
        place, width = member.bits
        place -= first
        where = f"bit {place}" if width == 1 else f"bits {place} to {place + width - 1}"
        spans.append(f"{where}: `{member.name}`")
    counted = "least" if little else "most"
    text = f"From the {counted} significant bit, {'; '.join(spans)}."
    docs = dict.fromkeys(member.doc for member in inside if member.doc)
    return "\n\n".join([text, *docs])


def _bytes(type: t.Type) -> int:
    bits = t.INT_BITS.get(str(type)) if isinstance(type, t.Int) else 8
    return (bits or 32) // 8
