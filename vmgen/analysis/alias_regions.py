"""Alias regions: which bytes are never the same as which others.

Compilers for whom two accesses are in different alias regions (TBAA nodes, in LLVM) take
it that neither can see what the other writes. So whatever can be the same bytes has to be
in one region, by whichever way code gets there:

* A part of a record has the region ``Record.part``, of the record that declares it. That
  is one region whether the record lies in a context or a pointer leads to it.
* The members of a union are in one region, named as the union is, and so are all parts of
  the records that it holds by value, however deep: ``Union``.
* The tag of an enum is ``Enum.tag``. Its payloads are in one region, ``Enum.payload``,
  with all parts of the records in them.
* A part that is a record has no region of its own, since that record's parts have theirs.
* A region of a context is as a part: ``Context.region`` where its elements are no records.
* All slots of a table of functions are in one region, named as the table.

What a pointer to a number leads to has none: it may be a part of any record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from vmgen.analysis.values import value_of
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.schema.types import Type

IDS = 1 << 16
"""How many ids a module has to itself."""

PartKey = tuple[str, str]
"""A record and a part of it: a field, a region of a context, or of an enum `TAG` or
`PAYLOAD`. Of a union and of a table of functions the part is empty."""

TAG, PAYLOAD = "tag", "payload"


class AliasRegion(msgspec.Struct, frozen=True):
    """One alias region.

    `name` is unique in its module, and `number` is its place among the module's regions by
    name, from 0: an index into whatever an output has of each.

    `id` is a u32 that tells it from the regions of other modules too. A module's begin at
    a multiple of `IDS` that its name decides, so that what is made of one module needn't
    know which others are used beside it. Between modules that use each other that is
    checked.

    `indexed` says that each element of the array that it is of is a region of its own.
    """

    name: str
    module: str
    number: int
    id: int
    indexed: bool = False


class AliasRegions:
    """The alias regions of a module, and those of the parts of all types it knows."""

    def __init__(self, module: m.Module) -> None:
        self.module = module
        self._names = dict(self._named())
        first = first_id(module.family)
        self.own = tuple(
            AliasRegion(name, module.name, number, (first + number) & 0xFFFF_FFFF)
            for number, name in enumerate(sorted(set(self._names.values())))
        )
        """The module's own, by name: number 0 first."""
        self._by_name = {region.name: region for region in self.own}
        self._others: dict[str, AliasRegions] = {}

    def of_part(self, record: str, part: str) -> AliasRegion | None:
        """The region of a part by its name: a field, a slot, a region of a context, and
        of an enum `TAG` or `PAYLOAD`. None of what has none of its own.

        Of a type that another module declares the region is that module's.
        """
        declared = self.module.types[record]
        if isinstance(declared, m.Union | m.Functions):
            part = ""
        owner = self.module.used.get(record)
        if owner is not None:
            return self._other(owner).of_part(record, part)
        name = self._names.get((record, part))
        return self._by_name[name] if name is not None else None

    def _other(self, name: str) -> AliasRegions:
        """The regions of a module that this one uses, itself or by way of others."""
        if name not in self._others:
            used = next(m for m in self.module.modules_used if m.name == name)
            self._others[name] = AliasRegions(used)
        return self._others[name]

    def _named(self) -> Iterator[tuple[PartKey, str]]:
        """Each part of the module's own types that has a region, and that one's name."""
        joined = _Joined()
        for name, declared in self.module.own_types.items():
            for whole, type in self._overlaid(name, declared):
                for inner in self._inside(type):
                    joined.join(whole, inner)
        for name, declared in self.module.own_types.items():
            for key in self._keys(name, declared):
                yield key, joined.name(key)

    def _keys(self, name: str, declared: m.Declaration) -> Iterator[PartKey]:
        """The parts of a type that have a region."""
        match declared:
            case m.Union() | m.Functions():
                yield name, ""
            case m.TaggedEnum(variants=variants):
                yield name, TAG
                if any(v.text for v in variants):
                    yield name, PAYLOAD
            case m.Struct(fields=fields):
                yield from ((name, f.name) for f in fields if self._ends(f.type))
            case m.Context(fields=fields, regions=regions):
                yield from ((name, f.name) for f in fields if self._ends(f.type))
                yield from ((name, r.name) for r in regions if self._ends(r.element))
            case _:
                pass

    def _ends(self, type: Type) -> bool:
        """Whether there are no parts in it that have regions."""
        value = value_of(type, self.module.types)
        return value is None or not has_parts(self.module.types.get(value.record))

    def _overlaid(
        self, name: str, declared: m.Declaration
    ) -> Iterator[tuple[PartKey, Type]]:
        """What lies over other things, and the types that do."""
        match declared:
            case m.Union(fields=fields):
                yield from (((name, ""), f.type) for f in fields)
            case m.TaggedEnum(variants=variants):
                for variant in variants:
                    if variant.text is not None:
                        yield (name, PAYLOAD), variant.text.type
            case _:
                pass

    def _inside(self, type: Type) -> Iterator[PartKey]:
        """The parts with a region of the module's own records that a type holds by value."""
        waiting, seen = [type], set[str]()
        while waiting:
            value = value_of(waiting.pop(), self.module.types)
            name = value.record if value else ""
            declared = self.module.own_types.get(name)
            if declared is None or name in seen:
                continue
            seen.add(name)
            yield from self._keys(name, declared)
            if isinstance(declared, m.Struct):
                waiting += [f.type for f in declared.fields]


def first_id(family: str) -> int:
    """The id that the regions of a module of that name begin at: a multiple of `IDS`."""
    return crc32(family.encode()) // IDS * IDS


def has_parts(declared: m.Declaration | None) -> bool:
    """Whether a type has parts with alias regions."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            return bool(fields)
        case m.TaggedEnum() | m.Context() | m.Functions():
            return True
        case _:
            return False


class _Joined:
    """Parts that are in one region: each knows another one, up to that which names it."""

    def __init__(self) -> None:
        self._leaders: dict[PartKey, PartKey] = {}
        self._wholes: set[PartKey] = set()

    def join(self, whole: PartKey, inner: PartKey) -> None:
        """Put a part into the region of what it lies in."""
        self._wholes.add(whole)
        one, other = self._find(whole), self._find(inner)
        if one != other:
            # The one among them that is over others gives the name, of two the lesser.
            leader = min(one, other, key=lambda key: (key not in self._wholes, key))
            self._leaders[other if leader == one else one] = leader

    def name(self, key: PartKey) -> str:
        """The name of the region that a part is in."""
        record, part = self._find(key)
        return f"{record}.{part}" if part else record

    def _find(self, key: PartKey) -> PartKey:
        while key in self._leaders:
            key = self._leaders[key]
        return key
