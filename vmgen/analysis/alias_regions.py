"""Alias regions: which bytes are never the same as which others.

Where two accesses are in different alias regions (TBAA nodes, in LLVM), a compiler takes
it that neither sees what the other writes. So whatever can be the same bytes has to be in
one region, by whichever way code gets there:

* A part of a record has the region ``Record.part``, of the record that declares it. That
  is one region whether the record lies in a context or a pointer leads to it.
* The members of a union are in one region, named as the union is, and so are all parts of
  the records that it holds by value, however deep: ``Union``.
* The tag of an enum is ``Enum.tag``. Its payloads are in one region, ``Enum.payload``,
  with all parts of the records in them.
* A part that is a record has no region of its own, since that record's parts have theirs.
* A region of a context is as a part: ``Context.region`` where its elements are no records.
* All slots of a table of functions are in one region, named as the table.
* With `alias` the schema puts a part into the region of that name, or into that of another
  part, and so joins the two.

What a pointer to a number leads to has none, unless `points_to` gives it one: it may be a
part of any record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from vmgen.analysis.region_keys import (
    NAMED,
    PAYLOAD,
    TAG,
    Joined,
    has_parts,
    parts_of,
    pointee_of,
    text_of,
)
from vmgen.analysis.values import value_of
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.analysis.region_keys import PartKey
    from vmgen.schema.types import Type

IDS = 1 << 16
"""How many ids a module has to itself."""

_ELEMENT_STEP = 0x9E37_79B1
"""Between the ids of elements that follow each other: odd, so that all are different."""


class AliasRegion(msgspec.Struct, frozen=True):
    """One alias region.

    `name` is unique in its module, and `number` is its place among the module's regions by
    name, from 0: an index into whatever an output has of each.

    `id` is a u32 that tells it from the regions of other modules too. A module's begin at
    a multiple of `IDS` that its name decides, so that what is made of one module needn't
    know which others are used beside it. Where two regions happen to have one id, a compiler
    that goes by ids takes them for one region, which is slower and not wrong.

    `indexed` says that each element of the arrays in it is a region of its own.
    """

    name: str
    module: str
    number: int
    id: int
    indexed: bool = False

    def element_id(self, index: int) -> int:
        """The id of the region that an element is, where it is `indexed`: a u32. Code that
        doesn't know the index has no region there that it could name."""
        return (self.id + (index + 1) * _ELEMENT_STEP) & 0xFFFF_FFFF


class View(msgspec.Struct, frozen=True):
    """A part that is in an alias region by what a schema says, or what pointers in a part
    lead to, if `pointee`."""

    region: AliasRegion
    record: m.Declaration
    part: m.Field | m.Region
    type: Type
    access: frozenset[str]
    alias: m.Alias | None
    pointee: bool = False

    @property
    def text(self) -> str:
        """The part in words, quoted."""
        name = f"`{self.record.name}.{self.part.name}`"
        return f"what {name} points to" if self.pointee else name


class AliasRegions:
    """The alias regions of a module, and those of the parts of all types it knows."""

    def __init__(self, module: m.Module) -> None:
        self.module = module
        self._others: dict[str, AliasRegions] = {}
        self._joined = self._join()
        self._names = {
            key: self._joined.leader(key)
            for name, declared in module.own_types.items()
            for key in self._keys(name, declared)
        }
        self._pointees = {
            key: self._joined.leader(node)
            for key, alias in self._pointee_aliases()
            if (node := self._node(alias, (key[0], f"{key[1]}*"))) is not None
        }
        leaders = {*self._names.values(), *self._pointees.values()}
        own = {text_of(key): key for key in leaders if self._owner(key) is None}
        indexed = {self._joined.leader(key) for key in self._indexed()}
        first = first_id(module.family)
        self.own = tuple(
            AliasRegion(
                name,
                module.name,
                number,
                (first + number) & 0xFFFF_FFFF,
                own[name] in indexed,
            )
            for number, name in enumerate(sorted(own))
        )
        """The module's own, by name: number 0 first."""
        self._by_name = {region.name: region for region in self.own}
        self._overlays = {
            text_of(self._joined.leader(whole))
            for name, declared in module.own_types.items()
            for whole, _ in self._overlaid(name, declared)
        }

    def of_part(self, record: str, part: str) -> AliasRegion | None:
        """The region of a part by its name: a field, a slot, a region of a context, and
        of an enum `TAG` or `PAYLOAD`. None of what has none of its own.

        Of a type that another module declares the region is that module's.
        """
        if isinstance(self.module.types[record], m.Union | m.Functions):
            part = ""
        owner = self.module.used.get(record)
        if owner is not None:
            return self._other(owner).of_part(record, part)
        return self._region(self._names.get((record, part)))

    def of_pointee(self, record: str, part: str) -> AliasRegion | None:
        """The region of what the pointers in a part lead to; None where nothing is said
        of that."""
        owner = self.module.used.get(record)
        if owner is not None:
            return self._other(owner).of_pointee(record, part)
        return self._region(self._pointees.get((record, part)))

    def by_name(self, name: str) -> AliasRegion | None:
        """The module's own region of that name, if there is one."""
        return self._by_name.get(name)

    def leads_nowhere(self, alias: m.Alias) -> bool:
        """Whether an alias names a part that there isn't, or that has no region."""
        return alias.region is not None and self._written(alias.region.text) is None

    def torn(self, record: str, part: str) -> tuple[str, ...]:
        """The regions of other modules that a part would join, where it is of several,
        which those modules know nothing of: their names with the modules'. Otherwise
        empty."""
        leader = self._names.get((record, part))
        if leader is None:
            return ()
        found = {
            f"{owner}::{text_of(key)}": self._region(key)
            for key in self._joined.members(leader)
            if (owner := self._owner(key)) is not None
        }
        return tuple(sorted(found)) if len({*found.values()}) > 1 else ()

    def views(self) -> Iterator[View]:
        """All fields and regions of contexts that are in an alias region, and what pointers
        in them lead to, of the module's own types and of others that it knows."""
        for name, declared in self.module.types.items():
            for part, type in parts_of(declared):
                region = self.of_part(name, part.name)
                if region is not None:
                    yield View(region, declared, part, type, part.access, part.alias)
                region = self.of_pointee(name, part.name)
                pointee = pointee_of(type, self.module.types)
                if region is not None and part.points_to and pointee is not None:
                    said = part.points_to
                    yield View(
                        region,
                        declared,
                        part,
                        pointee,
                        said.access,
                        said.alias,
                        pointee=True,
                    )

    def lies_over(self, region: AliasRegion) -> bool:
        """Whether an own region is that of a union or of an enum's payloads, so that parts
        of all widths are in it, some of which are never the same bytes."""
        return region.module == self.module.name and region.name in self._overlays

    def _other(self, name: str) -> AliasRegions:
        """The regions of a module that this one uses, itself or by way of others."""
        if name not in self._others:
            used = next(m for m in self.module.modules_used if m.name == name)
            self._others[name] = AliasRegions(used)
        return self._others[name]

    def _region(self, leader: PartKey | None) -> AliasRegion | None:
        if leader is None:
            return None
        owner = self._owner(leader)
        if owner is None:
            return self._by_name[text_of(leader)]
        other = self._other(owner)
        if leader[0].startswith(NAMED):
            return other.by_name(text_of(leader))
        return other.of_part(*leader)

    def _owner(self, key: PartKey) -> str | None:
        """The other module whose region a key is; None of an own one."""
        if not key[0].startswith(NAMED):
            return self.module.used.get(key[0])
        name = text_of(key)
        for used in self.module.modules_used:
            if self._other(used.name).by_name(name) is not None:
                return used.name
        return None

    def _join(self) -> Joined:
        joined = Joined(lambda key: self._owner(key) is not None)
        for name, declared in self.module.own_types.items():
            for whole, type in self._overlaid(name, declared):
                for inner in self._inside(type):
                    joined.join(whole, inner)
            for part, _ in parts_of(declared):
                key = (name, "" if isinstance(declared, m.Union) else part.name)
                if part.alias is not None:
                    node = self._node(part.alias, key)
                    if node is not None and node != key:
                        joined.join(node, key)
        return joined

    def _indexed(self) -> Iterator[PartKey]:
        """The keys of what says that its elements are regions of their own."""
        for name, declared in self.module.own_types.items():
            for part, _ in parts_of(declared):
                said = part.points_to.alias if part.points_to else None
                if part.alias is not None and part.alias.indexed is not None:
                    yield name, part.name
                if said is not None and said.indexed is not None:
                    key = self._node(said, (name, f"{part.name}*"))
                    if key is not None:
                        yield key

    def _pointee_aliases(self) -> Iterator[tuple[PartKey, m.Alias]]:
        for name, declared in self.module.own_types.items():
            for part, _ in parts_of(declared):
                if part.points_to is not None and part.points_to.alias is not None:
                    yield (name, part.name), part.points_to.alias

    def _node(self, alias: m.Alias, own: PartKey) -> PartKey | None:
        """What an alias names, `own` being that which has it."""
        return self._written(alias.region.text) if alias.region is not None else own

    def _written(self, text: str) -> PartKey | None:
        """What a name of a region stands for; None of a part that has none."""
        if not text[:1].isupper():
            return f"{NAMED}{text}", ""
        record, _, part = text.partition(".")
        declared = self.module.types.get(record)
        if isinstance(declared, m.Union | m.Functions):
            known = {each.name for each, _ in parts_of(declared)}
            return (record, "") if not part or part in known else None
        if declared is None or (record, part) not in self._keys(record, declared):
            return None
        return record, part

    def _keys(self, name: str, declared: m.Declaration) -> Iterator[PartKey]:
        """The parts of a type that have a region."""
        match declared:
            case m.Union() | m.Functions():
                yield name, ""
            case m.TaggedEnum(variants=variants):
                yield name, TAG
                if any(v.text for v in variants):
                    yield name, PAYLOAD
            case _:
                for part, type in parts_of(declared):
                    if self._ends(type):
                        yield name, part.name

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
        """The parts with a region of the records that a type holds by value."""
        waiting, seen = [type], set[str]()
        while waiting:
            value = value_of(waiting.pop(), self.module.types)
            name = value.record if value else ""
            declared = self.module.types.get(name)
            if declared is None or name in seen:
                continue
            seen.add(name)
            yield from self._keys(name, declared)
            if isinstance(declared, m.Struct):
                waiting += [f.type for f in declared.fields]


def first_id(family: str) -> int:
    """The id that the regions of a module of that name begin at: a multiple of `IDS`."""
    return crc32(family.encode()) // IDS * IDS
