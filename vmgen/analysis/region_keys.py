"""What alias regions are made of: parts of records, and those that are in one region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.values import value_of
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from vmgen.schema.types import Type

PartKey = tuple[str, str]
"""A record and a part of it: a field, a region of a context, or of an enum `TAG` or
`PAYLOAD`. Of a union and of a table of functions the part is empty."""

TAG, PAYLOAD = "tag", "payload"

NAMED = "="
"""Before the names that a schema gives to regions, in keys: no type is called so."""


def has_parts(declared: m.Declaration | None) -> bool:
    """Whether a type has parts with alias regions."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            return bool(fields)
        case m.TaggedEnum() | m.Context() | m.Functions():
            return True
        case _:
            return False


def parts_of(declared: m.Declaration) -> Iterator[tuple[m.Field | m.Region, Type]]:
    """The fields and the regions of a type, with the type of each or of its elements."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            yield from ((f, f.type) for f in fields)
        case m.Context(fields=fields, regions=regions):
            yield from ((f, f.type) for f in fields)
            yield from ((r, r.element) for r in regions)
        case _:
            pass


def pointee_of(type: Type, types: Mapping[str, m.Declaration]) -> Type | None:
    """The type that the data pointers in a part lead to; None of what has no pointer."""
    value = value_of(type, types)
    return value.scalar.pointee if value and value.scalar else None


def text_of(key: PartKey) -> str:
    """The name of the region that a key gives its name."""
    record, part = key
    return f"{record}.{part}" if part else record.removeprefix(NAMED)


class Joined:
    """Parts that are in one region: each knows another one, up to that which names it."""

    def __init__(self, is_other: Callable[[PartKey], bool]) -> None:
        self._is_other = is_other
        self._next: dict[PartKey, PartKey] = {}
        self._wholes: set[PartKey] = set()
        self._all: dict[PartKey, list[PartKey]] = {}

    def join(self, whole: PartKey, inner: PartKey) -> None:
        """Put a part into the region of what it lies in, or of what it names."""
        self._wholes.add(whole)
        one, other = self.leader(whole), self.leader(inner)
        if one == other:
            return
        leader = min(one, other, key=self._rank)
        follower = other if leader == one else one
        self._next[follower] = leader
        self._all[leader] = [*self.members(leader), *self.members(follower)]

    def leader(self, key: PartKey) -> PartKey:
        """The one that gives the region its name."""
        while key in self._next:
            key = self._next[key]
        return key

    def members(self, leader: PartKey) -> list[PartKey]:
        """All that are in the region of a leader."""
        return self._all.get(leader, [leader])

    def _rank(self, key: PartKey) -> tuple[bool, bool, bool, PartKey]:
        """Another module's region keeps its name, then what the schema names is called so,
        then what lies over others gives the name; of two the lesser."""
        named = key[0].startswith(NAMED)
        return not self._is_other(key), not named, key not in self._wholes, key
