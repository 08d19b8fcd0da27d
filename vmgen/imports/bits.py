"""Bit-fields: as a schema has them, or as the integers that they are parts of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen.imports.found import Found, Member
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

UNNAMED = "unnamed"
"""What bits that have no name are called, with a number behind it if there are several."""


def has_bits(members: Sequence[Member]) -> bool:
    return any(member.bits is not None for member in members)


def unseen(found: Found) -> list[Member]:
    """What a record of C's is that has a size and no member with a name, but for the names of
    what takes no room: bytes."""
    if found.kind not in ("struct", "union") or not found.size:
        return []
    type = t.Array(t.Int("u8"), found.size)
    return [Member(UNNAMED, type, 0, joined=True)]


def as_fields(members: Sequence[Member], *, signed_char: bool) -> list[Member]:
    """Members whose bit-fields are what a schema has as such, and whose bits without a name
    are fields. Whether a `char` has a sign depends on the target."""
    units = {m.unit for m in members if m.bits is not None and m.name}
    made: list[Member] = []
    for member in members:
        if member.bits is None:
            made.append(member)
        elif member.name:
            made.append(_as_field(member, signed_char=signed_char))
        else:
            made += _nameless(member, units)
    return made


def _as_field(member: Member, *, signed_char: bool) -> Member:
    type = member.type
    if isinstance(type, t.CNumber) and type.name == "c_char":
        type = t.Int("i8" if signed_char else "u8")
    said = "It is volatile." if member.volatile else ""
    doc = " ".join(filter(None, (member.doc, said)))
    return replace(member, type=type, doc=doc, volatile=False)


def _nameless(member: Member, units: set[int]) -> Iterator[Member]:
    """The fields that bits without a name are. In C these align nothing on most targets: what
    they are here aligns no more than something else does, or than a byte."""
    assert member.bits is not None
    first, width = member.bits
    if not width:
        return
    if member.unit in units and member.unit > 1:
        yield replace(member, name=UNNAMED, joined=True, volatile=False)
        return
    end = first + width
    while first < end:
        whole = (end - first) // 8
        if first % 8 == 0 and whole:
            array: t.Type = t.Array(t.Int("u8"), whole) if whole > 1 else t.Int("u8")
            yield Member(UNNAMED, array, first // 8, joined=True)
            first += 8 * whole
        else:
            piece = min(end - first, 8 - first % 8)
            yield Member(
                UNNAMED,
                t.Int("u8"),
                first // 8,
                bits=(first, piece),
                unit=1,
                joined=True,
            )
            first += piece


def without_bits(
    members: Sequence[Member], size: int | None, *, little: bool
) -> list[Member]:
    """Members of which those next to each other that are bit-fields are whole integers,
    whose documentation says what is where. `size` is the struct's, in bytes."""
    made: list[Member] = []
    run: list[Member] = []
    named = [m for m in members if m.bits is None or m.name]
    for index, member in enumerate(named):
        if member.bits is not None:
            run.append(member)
            following = named[index + 1] if index + 1 < len(named) else None
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
        width = 8 * member.unit
        units.setdefault(member.bits[0] // width * width, []).append(member)
    for number, (first, inside) in enumerate(units.items()):
        width = max(member.unit for member in inside)
        start = first // 8
        last = max(sum(m.bits) for m in inside if m.bits is not None)
        room = (end - start) if end is not None else width
        following = [f for f in units if f > first]
        if following:
            room = min(room, min(following) // 8 - start)
        used = (last + 7) // 8 - start
        type: t.Type = t.Int(f"u{width * 8}")
        if room < width or str(type) not in t.INT_BITS:
            # What follows shares the unit of storage.
            type = t.Array(t.Int("u8"), used) if used > 1 else t.Int("u8")
        name = "bits" if number == 0 else f"bits{number + 1}"
        if len(inside) == 1:
            name = inside[0].name
        doc = _doc(inside, first, little=little)
        yield Member(name, type, start, doc, joined=True)


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
