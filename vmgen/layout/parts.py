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
    from collections.abc import Mapping, Sequence

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.contexts import ContextLayout, RegionLayout
    from vmgen.layout.groups import Group
    from vmgen.layout.place import BitPlace, Extent, Hole, RecordLayout
    from vmgen.reading.source import Span
    from vmgen.schema.types import Type
    from vmgen.targets.conditions import Condition

Role = Literal["field", "tag", "payload", "slot"]

Source = m.Field | m.Slot | m.TaggedEnum


NO_ACCESS: frozenset[str] = frozenset()

EVERYWHERE: frozenset[int] = frozenset()
"""Of a part, that it is absent in no layout class."""


class Part(msgspec.Struct, frozen=True):
    """A part with a fixed place: a field, a member of a union, a slot, or the tag or
    the payload of a tagged enum.

    `offsets` and `extents` have an entry per layout class, in bytes, and `padding` has
    what follows it there, None where nothing does. `source` is what the schema says of
    it; of a tag and a payload that is the enum, and nothing else is said of these.

    `doc` is its documentation, `allow` the rules that it may break with the reasons.
    `access` has those of ``readonly`` and ``can_move`` that hold, `value` the name of the
    constant that it always holds; `little_endian` says that its bytes are in that order
    on every target. `bits` is where a bit-field is in its bytes, per layout class, and empty
    of all else. `on` is the condition on targets without which it isn't there, None for on
    all, and `absent` are the layout classes that don't meet it: it has no byte in them, and
    its offset is where the part before it ends.
    """

    name: str
    role: Role
    type: Type
    source: Source
    offsets: tuple[int, ...]
    extents: tuple[Extent, ...]
    padding: tuple[Hole | None, ...]
    doc: str = ""
    allow: Mapping[str, m.Allow] = m.NO_ALLOWS
    access: frozenset[str] = NO_ACCESS
    value: str | None = None
    little_endian: bool = False
    bits: tuple[BitPlace, ...] = ()
    absent: frozenset[int] = EVERYWHERE
    on: Condition | None = None

    @property
    def span(self) -> Span:
        """Where the schema declares it."""
        return self.source.span

    @property
    def shown_type(self) -> str:
        """Its type as people see it, ``u32:3`` of a bit-field."""
        return f"{self.type}:{self.bits[0].width}" if self.bits else str(self.type)

    def shown_offset(self, index: int) -> str:
        """Its offset in the layout class of that index as people see it: of a bit-field
        ``4.1`` for the second bit of the fifth byte."""
        at = str(self.offsets[index])
        return f"{at}.{self.bits[index].offset}" if self.bits else at

    @property
    def first_bits(self) -> tuple[int, ...]:
        """The first bit of a bit-field per layout class, counted from where its offsets are
        counted from, in the order in which the target fills bytes."""
        return tuple(
            8 * offset + place.offset
            for offset, place in zip(self.offsets, self.bits, strict=True)
        )

    @property
    def volatile(self) -> bool:
        """Whether it may change by itself, and each load and store of it happens."""
        return isinstance(self.source, m.Field) and self.source.volatile is not None

    @property
    def was(self) -> tuple[str, ...]:
        """Its former names, the latest first."""
        return () if isinstance(self.source, m.TaggedEnum) else self.source.was

    @property
    def in_enum(self) -> bool:
        """Whether it is a tag or a payload, which the schema gives no name."""
        return self.role in ("tag", "payload")


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

    def asked_rounding(self, index: int) -> int:
        """What the schema asks its begin to be rounded up to in the layout class of that
        index, in bytes, whether that ever changes anything or not."""
        asked = self.source.align
        return self.layouts[index].align if asked is None else asked


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
    class: `columns` as in `Record`; of each part the offsets, extents and padding, and
    where there are bit-fields the places in their bytes, empty for another part."""

    layouts: tuple[RecordLayout, ...]
    columns: tuple[Group, ...]
    parts: tuple[
        tuple[tuple[int, ...], tuple[Extent, ...], tuple[Hole | None, ...]], ...
    ]
    bits: tuple[tuple[BitPlace, ...], ...] = ()


def parts_of(
    declared: m.Declaration, numbers: Numbers, classes: Sequence[LayoutClass]
) -> tuple[Part, ...]:
    """The parts of a declared type, in the order of a layout's offsets."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            pass
        case m.Context(fields=fields):
            pass
        case m.Functions(slots=slots):
            return tuple(
                Part(s.name, "slot", s.type, s, *placed, s.doc, s.allow)
                for s, placed in zip(slots, numbers.parts, strict=True)
            )
        case m.TaggedEnum(tag=tag):
            names: list[tuple[str, Role, Type]] = [("tag", "tag", tag)]
            if len(numbers.parts) > 1:
                names.append(("payload", "payload", Named(f"{declared.name}Payload")))
            return tuple(
                Part(name, role, type, declared, *placed)
                for (name, role, type), placed in zip(names, numbers.parts, strict=True)
            )
        case _:
            return ()
    # Of a list, not step by step: there are as many as fields.
    return tuple(
        [
            Part(
                f.name,
                "field",
                f.text.type,
                f,
                *placed,
                f.doc,
                f.allow,
                f.access,
                f.value,
                f.endian == "little",
                bits,
                _absent(f, classes) if f.on is not None else EVERYWHERE,
                f.on,
            )
            for f, placed, bits in zip(
                fields, numbers.parts, numbers.bits or [()] * len(fields), strict=True
            )
        ]
    )


def _absent(field: m.Field, classes: Sequence[LayoutClass]) -> frozenset[int]:
    """The layout classes in which a field isn't there."""
    on = field.on
    return frozenset(c.index for c in classes if on is not None and not c.meets(on))


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
    # A field is a bit-field on all targets or on none.
    bits = tuple(
        tuple([place for place in each if place is not None])
        for each in zip(*[layout.bits for layout in layouts], strict=True)
    )
    return Numbers(layouts, columns(layouts), parts, bits)
