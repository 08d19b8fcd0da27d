"""Members and variants of a binary's types, by names as a schema has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.called import names_compiled
from vmgen.binaries.types import Array, Composite, Member, Tagged, Type, size_of
from vmgen.layout.inside import inside_named, is_anonymous, members
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part, Record, Region

MAX_LEAVES = 1024
"""How many elements of an array are looked at one by one."""


def is_position(name: str) -> bool:
    """Whether a name is the place of a field that Rust gives none: `__0`."""
    return name.startswith("__") and name[2:].isdigit()


def by_name(found: Type, wanted: Collection[str]) -> dict[str, Member] | None:
    """The members of a composite that take room, by their names without underscores;
    of what it wraps, where that has the wanted ones."""
    if not isinstance(found, Composite):
        return None
    made = {plain(x.name): x for x in _flat(found) if x.bits is not None or _takes(x)}
    if len(made) == 1 and not any(plain(name) in made for name in wanted):
        (only,) = made.values()
        if size_of(only.type) == found.size:
            inside = by_name(only.type, wanted)
            if inside and any(plain(name) in inside for name in wanted):
                return inside
    return made


def parts_by_name(
    record: Record, found: Type, layouts: Layouts
) -> tuple[list[Part], dict[str, Member] | None]:
    """The parts of a record, and the members of a binary's type by their names, as
    `by_name` has them. An anonymous part that has no name there gives way to what is in
    it."""
    parts: list[Part] = []
    every = [*record.parts]
    if any(map(is_anonymous, every)):
        every += members(record.name, layouts)
    theirs = by_name(found, [name for part in every for name in known_as(part)])
    for part in record.parts:
        known = theirs is None or not theirs.keys().isdisjoint(known_as(part))
        if is_anonymous(part) and not known:
            parts += inside_named(part, layouts)
        else:
            parts.append(part)
    return parts, theirs


def array_at_the_end(
    record: Record, left: Mapping[str, Member]
) -> tuple[Region, int, Type] | None:
    """The region of a record that ends in an array without a length, and where that is in
    a binary's type, in bytes, with the type of its elements; None where none is there.
    """
    declared = record.declared
    if not isinstance(declared, m.Context) or not declared.flexible:
        return None
    (region,) = record.regions
    for name in map(plain, names_compiled(region.source)):
        theirs = left.get(name)
        if theirs is not None and isinstance(theirs.type, Array):
            return region, theirs.offset, theirs.type.element
    return None


def nameless(
    found: Type, members: Iterable[Member], start: int, size: int, *, number: bool
) -> list[Member] | None:
    """Those members that are all of what has no name at a place: bit-fields where a
    schema has a number, what is in an anonymous struct or union where it has a record;
    None where nothing of that kind is there."""
    inside = [x for x in members if start <= x.offset < start + size]
    if number:
        bits = bool(inside) and all(x.bits is not None for x in inside)
        return inside if bits else None
    return inside if (start, size) in set(_anonymous(found)) else None


def is_skipped(found: Type, part: Part, index: int) -> bool:
    """Whether C has no name for what is in the bits of a bit-field, or in all of a record: a
    schema has one, since each bit-field begins where the one before it ends."""
    if not isinstance(found, Composite):
        return False
    theirs = [*_flat(found)]
    if not part.bits:
        return not theirs
    place = part.bits[index]
    first = part.offsets[index] * 8 + place.offset
    return not any(
        begin < first + place.width and first < end
        for begin, end in map(_bits_of, theirs)
    )


def _bits_of(member: Member) -> tuple[int, int]:
    """The first bit of a member, and the one behind it."""
    first = member.offset * 8 + (member.bit if member.bits is not None else 0)
    width = member.bits if member.bits is not None else size_of(member.type) * 8
    return first, first + width


def _anonymous(found: Type, base: int = 0) -> Iterator[tuple[int, int]]:
    """Where a struct or union has others without a name, and their sizes, in bytes."""
    if isinstance(found, Composite):
        for member in found.members:
            if not member.name and isinstance(member.type, Composite):
                yield base + member.offset, member.type.size
                yield from _anonymous(member.type, base + member.offset)


def leaves(found: Type, base: int = 0) -> Iterator[tuple[int, Type]]:
    """What is in a type by value, below structs and arrays, with its offset in bytes."""
    if isinstance(found, Composite) and found.kind == "struct":
        for member in found.members:
            yield from leaves(member.type, base + member.offset)
    elif isinstance(found, Array):
        stride = size_of(found.element)
        for index in range(min(found.count or 0, MAX_LEAVES)):
            yield from leaves(found.element, base + index * stride)
    elif size_of(found):
        yield base, found


def _takes(member: Member) -> bool:
    return bool(size_of(member.type)) or isinstance(member.type, Array)


def _flat(found: Composite, base: int = 0) -> Iterator[Member]:
    """The members, those of anonymous ones as if they were its own, as C has it."""
    for member in found.members:
        inside = member.type
        if not member.name and isinstance(inside, Composite):
            yield from _flat(inside, base + member.offset)
        else:
            yield msgspec.structs.replace(member, offset=base + member.offset)


def plain(name: str) -> str:
    """A name as C, Rust and private fields of Rust have it alike."""
    return name.removeprefix("r#").replace("_", "").lower()


def known_as(part: Part) -> list[str]:
    """What compilers call a part, without underscores."""
    source = part.source
    called = isinstance(source, m.Field | m.Slot)
    return [plain(n) for n in (names_compiled(source) if called else [part.name])]


def tags(found: Tagged) -> dict[str, int | None]:
    """The tags of the variants; that of an only variant is 0."""
    if found.tag is None:
        return {v.name: 0 for v in found.variants}
    return {v.name: v.value for v in found.variants}


def prefixes(names: Sequence[str]) -> list[str]:
    """What may stand before each of several names, nothing first: C begins the names of
    an enum's values with what they have in common."""
    if len(names) < 2:
        return [""]
    first, last = min(names), max(names)
    alike = [a == b for a, b in zip(first, last, strict=False)]
    common = alike.index(False) if False in alike else len(alike)
    return [first[:end] for end in range(common + 1)]
