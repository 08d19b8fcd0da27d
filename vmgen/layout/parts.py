"""A record and its parts: the one view of a layout that everything shown comes from.

The languages, the text, the table, the page, the JSON and the fingerprint walk the same
`Part`s. Nobody else pairs a declaration's members with numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from vmgen.layout.groups import columns
from vmgen.schema import model as m
from vmgen.schema.types import Named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.layout.contexts import ContextLayout, RegionLayout
    from vmgen.layout.groups import Group
    from vmgen.layout.place import Extent, Hole, RecordLayout
    from vmgen.reading.source import Span
    from vmgen.schema.types import Type

Role = Literal["field", "tag", "payload", "slot"]

Source = m.Field | m.Slot | m.TaggedEnum


class Part(msgspec.Struct, frozen=True):
    """A part with a fixed place: a field, a member of a union, a slot, or the tag or
    the payload of a tagged enum.

    `offsets` and `extents` have an entry per layout class, in bytes, and `padding` has
    what follows it there, None where nothing does. `source` is what the schema says of
    it; of a tag and a payload that is the enum.
    """

    name: str
    role: Role
    type: Type
    source: Source
    offsets: tuple[int, ...]
    extents: tuple[Extent, ...]
    padding: tuple[Hole | None, ...]

    @property
    def span(self) -> Span:
        """Where the schema declares it."""
        return self.source.span

    @property
    def in_enum(self) -> bool:
        """Whether it is a tag or a payload, which the schema gives no name."""
        return self.role in ("tag", "payload")

    @property
    def doc(self) -> str:
        """What the schema says of it; nothing of a tag or a payload."""
        return "" if isinstance(self.source, m.TaggedEnum) else self.source.doc

    @property
    def allow(self) -> Mapping[str, m.Allow]:
        """The rules that it may break, by name, with the reasons."""
        return (
            m.NO_ALLOWS if isinstance(self.source, m.TaggedEnum) else self.source.allow
        )

    @property
    def access(self) -> frozenset[str]:
        """Of ``readonly`` and ``can_move`` those that hold."""
        source = self.source
        return source.access if isinstance(source, m.Field) else frozenset()

    @property
    def value(self) -> str | None:
        """The constant that it always holds, by name."""
        return self.source.value if isinstance(self.source, m.Field) else None

    @property
    def little_endian(self) -> bool:
        """Whether its bytes are in little-endian order on every target."""
        return isinstance(self.source, m.Field) and self.source.endian == "little"


class Region(msgspec.Struct, frozen=True):
    """A region of a context; `layouts` has an entry per layout class."""

    source: m.Region
    layouts: tuple[RegionLayout, ...]

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def type(self) -> Type:
        """The type of an element."""
        return self.source.element

    @property
    def span(self) -> Span:
        return self.source.span

    @property
    def doc(self) -> str:
        return self.source.doc

    @property
    def allow(self) -> Mapping[str, m.Allow]:
        return self.source.allow

    @property
    def access(self) -> frozenset[str]:
        return self.source.access


class Record(msgspec.Struct, frozen=True):
    """A declared type as it is laid out.

    `layouts` has an entry per layout class; of a context that is the fixed part, and
    `contexts` the whole. `columns` are the classes on which that looks alike
    (`vmgen.layout.groups.columns`). Types without parts of their own (newtypes, plain enums,
    foreign and opaque types) have none here.
    """

    declared: m.Declaration
    layouts: tuple[RecordLayout, ...]
    columns: tuple[Group, ...]
    parts: tuple[Part, ...]
    contexts: tuple[ContextLayout, ...] = ()
    regions: tuple[Region, ...] = ()

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def kind(self) -> str:
        """The word that the schema language has for its kind."""
        return self.declared.KIND

    @property
    def extents(self) -> tuple[Extent, ...]:
        """Size and alignment per layout class, in bytes."""
        return tuple((layout.size, layout.align) for layout in self.layouts)


class Numbers(msgspec.Struct, frozen=True):
    """What is alike in all records that have the same layouts, an entry per layout
    class: `columns` as in `Record`; of each part the offsets, extents and padding."""

    layouts: tuple[RecordLayout, ...]
    columns: tuple[Group, ...]
    parts: tuple[
        tuple[tuple[int, ...], tuple[Extent, ...], tuple[Hole | None, ...]], ...
    ]


def parts_of(declared: m.Declaration, numbers: Numbers) -> tuple[Part, ...]:
    """The parts of a declared type."""
    return tuple(
        Part(name, role, type, source, offsets, extents, padding)
        for (name, role, type, source), (offsets, extents, padding) in zip(
            _members(declared), numbers.parts, strict=True
        )
    )


def record_of(
    declared: m.Declaration,
    numbers: Numbers,
    parts: tuple[Part, ...],
    contexts: tuple[ContextLayout, ...],
) -> Record:
    """A declared type with its parts; of a context `contexts` has an entry per layout
    class."""
    regions: tuple[Region, ...] = ()
    if isinstance(declared, m.Context):
        regions = tuple(
            Region(source, tuple(placed))
            for source, *placed in zip(
                declared.regions, *[c.regions for c in contexts], strict=True
            )
        )
    return Record(declared, numbers.layouts, numbers.columns, parts, contexts, regions)


def numbers_of(layouts: tuple[RecordLayout, ...]) -> Numbers:
    """What the records with these layouts have in common."""
    padding = {id(layout): layout.padding for layout in layouts}
    offsets = zip(*[layout.offsets for layout in layouts], strict=True)
    extents = zip(*[layout.extents for layout in layouts], strict=True)
    holes = zip(*[padding[id(layout)] for layout in layouts], strict=True)
    parts = tuple(zip(offsets, extents, holes, strict=True))
    return Numbers(layouts, columns(layouts), parts)


def _members(
    declared: m.Declaration,
) -> list[tuple[str, Role, Type, Source]]:
    """Name, role, type and source of each part, in the order of a layout's offsets."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            return [(f.name, "field", f.text.type, f) for f in fields]
        case m.Context(fields=fields):
            return [(f.name, "field", f.text.type, f) for f in fields]
        case m.Functions(slots=slots):
            return [(s.name, "slot", s.signature, s) for s in slots]
        case m.TaggedEnum(tag=tag, variants=variants):
            parts: list[tuple[str, Role, Type, Source]] = [
                ("tag", "tag", tag, declared)
            ]
            if any(v.text for v in variants):
                payload = Named(f"{declared.name}Payload")
                parts.append(("payload", "payload", payload, declared))
            return parts
        case _:
            return []
