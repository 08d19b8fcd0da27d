"""Members and variants of a binary's types, by names as a schema has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.binaries.types import Array, Composite, Member, Tagged, Type, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def by_name(found: Type) -> dict[str, Member] | None:
    """The members of a composite that take room, by their names without underscores."""
    if not isinstance(found, Composite):
        return None
    return {plain(x.name): x for x in _flat(found) if x.bits is not None or _takes(x)}


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


def tags(found: Tagged) -> dict[str, int | None]:
    """The tags of the variants; that of an only variant is 0."""
    if found.tag is None:
        return {v.name: 0 for v in found.variants}
    return {v.name: v.value for v in found.variants}
