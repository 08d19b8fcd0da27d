"""What each part of a record is to code that loads and stores it.

This is what outputs for compilers are made of. It is the one view that has the layout's
numbers, what the type says of the value (`vmgen.analysis.values`), what the schema
promises, and the alias region (`vmgen.analysis.alias_regions`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import msgspec

from vmgen.analysis.alias_regions import AliasRegions
from vmgen.analysis.region_keys import PAYLOAD, TAG, has_parts
from vmgen.analysis.values import Ranges, Scalar, Value, tag_ranges, value_of
from vmgen.layout.contexts import proved_aligns
from vmgen.layout.parts import Part
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.analysis.alias_regions import AliasRegion
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Record, Region
    from vmgen.schema.model_accesses import Ordering
    from vmgen.schema.types import Type

Role = Literal["field", "tag", "variant", "slot", "element"]


class Pointee(msgspec.Struct, frozen=True):
    """What a pointer leads to.

    `value` is None where nothing is known of that: `()`, an opaque type. A record has
    accesses by its name, `Accesses.of_record`.

    `alias_region` is that of a value which is no record. Where it is None, the bytes may be
    those of any part of any record, and nothing says with which other accesses one may
    change places.

    `readonly`, `can_move` and `ordering` are as of an `Access`, and of all that there is,
    be it a record's parts too.

    `dereferenceable` has an entry per layout class: how many bytes there are for certain
    where the pointer isn't null; None where nothing is certain.
    """

    value: Value | None
    alias_region: AliasRegion | None = None
    readonly: bool = False
    can_move: bool = False
    ordering: Ordering | None = None
    dereferenceable: tuple[int, ...] | None = None


class Access(msgspec.Struct, frozen=True):
    """A place that compiled code loads from or stores to. Tuples have an entry per layout
    class, in the order of `Layouts.classes`.

    `role` says what it is: a ``field`` of a struct, of a union or of the fixed part of a
    context; the ``tag`` of an enum with payloads; the payload of one ``variant`` of it;
    the ``slot`` of a table of functions; an ``element`` of a context's region. `name` is
    the part's, of a variant the variant's.

    `value` is what is there; None where that has no size (`()`), or none that is known.
    If `value.is_aggregate`, nothing loads or stores it whole: what it is made of has
    accesses, by `Accesses.of_record` of the record `value.record`, or as `value.scalar`
    at multiples of `strides`.

    `offsets` are bytes from the begin of the record; empty of an element, whose place
    `Region.layouts` has. `sizes` are bytes, of an element those of one. `strides` are bytes
    from one element of the array that `value` is to the next; of what is no array they
    are the sizes.

    `aligns` are the bytes that its address is a multiple of for certain, a power of two:
    provided that the record is where its own alignment allows it to be, or the context.
    This is the alignment that the type has on the target (4 of a `u64` on i686), and less
    where the counts can put a region elsewhere. Where the record itself is known to be
    aligned to less, the lesser of the two holds.

    `readonly` and `can_move` are the schema's promises. Those of an aggregate hold for all
    that is in it, as `within` has it. `little_endian` says that the
    bytes are in that order on every target, others in the target's own. Each load and store
    of what is `volatile`, and of all that is in it, has to happen. `ordering` is how
    it is to be loaded and stored atomically, None where it isn't. An atomic of which the
    schema says nothing is ``seq_cst``, which is right whatever the runtime does. `ranges` is as of
    `Scalar.valid`, with what the schema says of the part: None where nothing is known.

    `alias_region` is None of what has none of its own, since its parts have theirs.

    `points_to` is where a pointer leads, or each pointer of an array; None of what is no
    pointer, and of one to a function.

    `part` is what it comes from: of a tag and of variants the part of the enum.
    """

    name: str
    role: Role
    value: Value | None
    part: Part | Region
    offsets: tuple[int, ...]
    sizes: tuple[int, ...]
    strides: tuple[int, ...]
    aligns: tuple[int, ...]
    ranges: tuple[Ranges | None, ...]
    readonly: bool = False
    can_move: bool = False
    little_endian: bool = False
    volatile: bool = False
    ordering: Ordering | None = None
    alias_region: AliasRegion | None = None
    points_to: Pointee | None = None

    def within(self, whole: Access | Pointee) -> Access:
        """What this part of a record is where that is in another place, `whole`: with what
        is promised of that, and no more aligned than that."""
        aligns = self.aligns
        volatile = self.volatile
        if isinstance(whole, Access):
            aligns = tuple(map(min, aligns, whole.aligns))
            volatile = volatile or whole.volatile
        # What changes by itself isn't what the rest of the record is promised to be.
        return msgspec.structs.replace(
            self,
            aligns=aligns,
            readonly=not volatile and (self.readonly or whole.readonly),
            can_move=not volatile and (self.can_move or whole.can_move),
            volatile=volatile,
        )

    @property
    def is_nonzero(self) -> bool:
        """Whether no more is known of its values than that none is 0."""
        scalar = self.value.scalar if self.value else None
        if scalar is None or not scalar.nonzero:
            return False
        return not (isinstance(self.part, Part) and self.part.value)

    @property
    def known_values(self) -> Ranges | None:
        """Its values where some are none, the same on all targets: None where `is_nonzero`
        says it all."""
        return None if self.is_nonzero else self.ranges[0]

    @property
    def scalar(self) -> Scalar | None:
        """What one load gives or one store takes; None of an aggregate."""
        if self.value is None or self.value.is_aggregate:
            return None
        return self.value.scalar


class Accesses:
    """The accesses of a module's types, those of other modules that it knows among them."""

    def __init__(self, layouts: Layouts) -> None:
        self.layouts = layouts
        self.alias_regions = AliasRegions(layouts.module)
        self._types = layouts.module.types
        self._pointers = tuple(c.model.pointer for c in layouts.classes)
        self._made: dict[str, tuple[Access, ...]] = {}

    def of_record(self, name: str) -> tuple[Access, ...]:
        """The accesses of a declared type: of its parts in their order, an enum's payload
        being one for each variant that has one, and behind them those of the elements of
        a context's regions. Empty of a type that has no parts. A bit-field has none: what
        is there is an integer's only by shifts and masks.

        Raises `vmgen.layout.alignment.TooManyStates` of a context.
        """
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = tuple(self._all(self.layouts.of(name)))
        return made

    def pointee(self, scalar: Scalar) -> Value | None:
        """What any pointer leads to by its type, as one that `Access.points_to` leads to;
        None where nothing is known of that, and of what is no pointer."""
        if scalar.pointee is None:
            return None
        return value_of(scalar.pointee, self._types)

    def widths(self, scalar: Scalar) -> tuple[int, ...]:
        """How many bytes wide it is in each layout class."""
        number = scalar.of_c
        if number is None or number.column is None:
            return tuple(map(scalar.width, self._pointers))
        return tuple(c.c_width(number.column) for c in self.layouts.classes)

    def _all(self, record: Record) -> Iterator[Access]:
        for part in record.parts:
            if part.role == "payload":
                yield from self._payloads(record, part)
            elif not part.bits:
                yield self._part(record, part)
        if record.regions:
            aligns = zip(*[proved_aligns(c) for c in record.contexts], strict=True)
            for region, proved in zip(record.regions, aligns, strict=True):
                yield self._element(record, region, proved)

    def _part(self, record: Record, part: Part) -> Access:
        value = value_of(part.type, self._types)
        declared = record.declared
        if part.role == "tag" and value is not None and value.scalar is not None:
            assert isinstance(declared, m.TaggedEnum)
            ranges = tag_ranges(declared)
            tag = msgspec.structs.replace(value.scalar, ranges=ranges)
            value = msgspec.structs.replace(value, scalar=tag)
        role = part.role
        assert role != "payload"
        source = part.source if isinstance(part.source, m.Field) else None
        promises = part.access
        if isinstance(declared, m.Functions):
            promises = declared.access
        sizes = tuple(size for size, _ in part.extents)
        constant = None
        if part.value is not None:
            constant = self.layouts.module.constants[part.value].value
        return Access(
            name=part.name,
            role=role,
            value=value,
            part=part,
            offsets=part.offsets,
            sizes=sizes,
            strides=self._strides(value, sizes),
            aligns=tuple(align for _, align in part.extents),
            ranges=self._ranges(value, constant),
            readonly="readonly" in promises,
            can_move="can_move" in promises,
            little_endian=part.little_endian,
            volatile=part.volatile,
            ordering=_ordering(value, source.atomic if source else None),
            alias_region=self._region(
                record, TAG if role == "tag" else part.name, value
            ),
            points_to=self._points_to(record, source, value),
        )

    def _payloads(self, record: Record, part: Part) -> Iterator[Access]:
        declared = record.declared
        assert isinstance(declared, m.TaggedEnum)
        for variant in declared.variants:
            if variant.text is None:
                continue
            type = variant.text.type
            value = value_of(type, self._types)
            extents = [self.layouts.extent(type, c) for c in self.layouts.classes]
            sizes = tuple(size for size, _ in extents)
            yield Access(
                name=variant.name,
                role="variant",
                value=value,
                part=part,
                offsets=part.offsets,
                sizes=sizes,
                strides=self._strides(value, sizes),
                aligns=tuple(align for _, align in extents),
                ranges=self._ranges(value, None),
                ordering=_ordering(value, None),
                alias_region=self._region(record, PAYLOAD, value),
                points_to=self._points_to(record, None, value),
            )

    def _element(
        self, record: Record, region: Region, aligns: tuple[int, ...]
    ) -> Access:
        value = value_of(region.type, self._types)
        sizes = tuple(layout.stride for layout in region.layouts)
        return Access(
            name=region.name,
            role="element",
            value=value,
            part=region,
            offsets=(),
            sizes=sizes,
            strides=self._strides(value, sizes),
            aligns=aligns,
            ranges=self._ranges(value, None),
            readonly="readonly" in region.access,
            can_move="can_move" in region.access,
            ordering=_ordering(value, region.source.atomic),
            alias_region=self._region(record, region.name, value),
            points_to=self._points_to(record, region.source, value),
        )

    def _region(
        self, record: Record, part: str, value: Value | None
    ) -> AliasRegion | None:
        if value is not None and has_parts(self._types.get(value.record)):
            return None
        return self.alias_regions.of_part(record.name, part)

    def _points_to(
        self, record: Record, source: m.Field | m.Region | None, value: Value | None
    ) -> Pointee | None:
        scalar = value.scalar if value else None
        if scalar is None or scalar.pointee is None:
            return None
        pointee = self.pointee(scalar)
        said = source.points_to if source is not None else None
        if source is None or said is None:
            return Pointee(pointee, ordering=_ordering(pointee, None))
        return Pointee(
            pointee,
            self.alias_regions.of_pointee(record.name, source.name),
            "readonly" in said.access,
            "can_move" in said.access,
            _ordering(pointee, said.atomic),
            self._dereferenceable(scalar.pointee, said.byte_count),
        )

    def _dereferenceable(
        self, pointee: Type, count: int | str | None
    ) -> tuple[int, ...] | None:
        if count is None:
            return None
        if isinstance(count, int):
            return (count,) * len(self._pointers)
        extents = [self.layouts.extent(pointee, c) for c in self.layouts.classes]
        return tuple(size for size, _ in extents)

    def _strides(self, value: Value | None, sizes: tuple[int, ...]) -> tuple[int, ...]:
        if value is None or not value.array:
            return sizes
        classes = self.layouts.classes
        return tuple(self.layouts.extent(value.element, c)[0] for c in classes)

    def _ranges(
        self, value: Value | None, constant: int | None
    ) -> tuple[Ranges | None, ...]:
        if value is None or value.scalar is None:
            return (None,) * len(self._pointers)
        if constant is not None:
            return (((constant, constant),),) * len(self._pointers)
        return tuple(map(value.scalar.valid, self._pointers))


def _ordering(value: Value | None, said: m.Word | None) -> Ordering | None:
    """How a value is to be loaded and stored; `said` is what the schema says of that."""
    if said is not None:
        return cast("Ordering", said.text)
    if value is None or value.scalar is None or not value.scalar.atomic:
        return None
    return "seq_cst"
