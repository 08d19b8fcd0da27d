"""Sizes, alignments and offsets of fixed records, on every data model at once.

The rules are those of the Rust reference, "The C representation": a field starts
at the next multiple of its alignment, the record is as aligned as its most aligned
field, its size is a multiple of that. A tagged enum is the tag followed by a union
of the payloads (RFC 2195).

Targets with equal `DataModel.layout_key` share a *layout class*; a record's layouts
are a row with one entry per class, and equal entries are one object.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.schema import model as m
from vmgen.schema.order import by_value_order
from vmgen.schema.types import (
    INT_BITS,
    Array,
    Atomic,
    FnPointer,
    Int,
    Named,
    NonZero,
    Option,
    Primitive,
    RawPointer,
    Type,
    Unit,
    UnsafeCell,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from vmgen.layout.data_model import DataModel

    Layout = Callable[[tuple["Extent", ...]], "RecordLayout"]

Extent = tuple[int, int]
"""Size and alignment of a type, in bytes."""


class LayoutError(Exception):
    """A type that has no layout; the rules refuse each before layouts are asked for."""


class LayoutClass(msgspec.Struct, frozen=True):
    """The targets on which everything has the same layout.

    `model` is the first target's; `targets` are names in the schema's order.
    """

    index: int
    model: DataModel
    targets: tuple[str, ...]


class RecordLayout(msgspec.Struct, frozen=True):
    """A record in bytes. `offsets` and `extents` run parallel to the record's parts.

    The parts are a struct's or context's fields, a union's members, a table's slots,
    and for a tagged enum the tag and, if a variant has one, the payload. Newtypes,
    plain enums, opaque and foreign types have none. Of a context this is the fixed
    part alone, `size` being where its regions may begin (not rounded up).
    """

    size: int
    align: int
    offsets: tuple[int, ...]
    extents: tuple[Extent, ...]

    @property
    def holes(self) -> tuple[tuple[int, int], ...]:
        """Offset and length of each stretch of padding, the tail's included."""
        found, end = [], 0
        for offset, (size, _) in sorted(zip(self.offsets, self.extents, strict=True)):
            if offset > end:
                found.append((end, offset - end))
            end = max(end, offset + size)
        if self.offsets and self.size > end:
            found.append((end, self.size - end))
        return tuple(found)


def align_up(offset: int, align: int) -> int:
    """The next multiple of `align`, which is a power of two."""
    return (offset + align - 1) & -align


def place(extents: Sequence[Extent], align: int = 1) -> RecordLayout:
    """Lay fields out one after the other, the record aligned to at least `align`."""
    offset = 0
    offsets = []
    for size, field_align in extents:
        offset = (offset + field_align - 1) & -field_align
        offsets.append(offset)
        offset += size
        if field_align > align:
            align = field_align
    size = (offset + align - 1) & -align
    return RecordLayout(size, align, tuple(offsets), tuple(extents))


def overlay(extents: Sequence[Extent], align: int = 1) -> RecordLayout:
    """Lay members of a union over each other."""
    align = max([align, *(a for _, a in extents)])
    size = align_up(max((s for s, _ in extents), default=0), align)
    return RecordLayout(size, align, (0,) * len(extents), tuple(extents))


def place_tagged(tag: Extent, payloads: Sequence[Extent]) -> RecordLayout:
    """Lay out a tagged enum: the tag, then the union of the payloads if there is one."""
    if not payloads:
        return place([tag])
    union = overlay(payloads)
    return place([tag, (union.size, union.align)])


def place_context(extents: Sequence[Extent], align: int) -> RecordLayout:
    """Lay out a context's fixed fields; its `size` is where the last one ends."""
    fixed = place(extents, align)
    end = fixed.offsets[-1] + extents[-1][0] if extents else 0
    return RecordLayout(end, fixed.align, fixed.offsets, fixed.extents)


def classify(targets: Sequence[m.ModelTarget]) -> tuple[LayoutClass, ...]:
    """Group targets by what can move an offset, in the order first met."""
    groups: dict[tuple[int, ...], list[m.ModelTarget]] = {}
    for target in targets:
        groups.setdefault(target.model.layout_key, []).append(target)
    return tuple(
        LayoutClass(index, group[0].model, tuple(t.name for t in group))
        for index, group in enumerate(groups.values())
    )


class Layouts:
    """Every layout of a module that passed its rules. Immutable once made.

    Raises `LayoutError` from any method that meets a type without a layout.
    """

    def __init__(self, module: m.Module) -> None:
        self.module = module
        self.classes = classify(module.targets)
        self.order, self.cycles = by_value_order(module.types)
        self._class_of = {t: c for c in self.classes for t in c.targets}
        self._numbers: dict[Type, int] = {}
        self._extents: list[list[Extent]] = []
        self._rows: dict[str, tuple[RecordLayout, ...]] = {}
        self._pointers = [
            (c.model.pointer, c.model.align_pointer) for c in self.classes
        ]
        if not self.cycles:
            for name in self.order:
                self._rows[name] = self._lay_out(module.types[name])

    def class_of(self, target: str) -> LayoutClass:
        """The layout class of one of the module's targets. Raises KeyError."""
        return self._class_of[target]

    def row(self, name: str) -> tuple[RecordLayout, ...]:
        """A declared type's layouts, one per layout class."""
        row = self._rows.get(name)
        if row is None:
            raise LayoutError(f"`{name}` has no layout")
        return row

    def record(self, name: str, layout_class: LayoutClass) -> RecordLayout:
        """A declared type's layout in one class."""
        return self.row(name)[layout_class.index]

    def distinct(self, name: str) -> list[tuple[RecordLayout, tuple[int, ...]]]:
        """A type's different layouts, each with the indices of the classes it is for."""
        groups: dict[int, tuple[RecordLayout, list[int]]] = {}
        for index, layout in enumerate(self.row(name)):
            groups.setdefault(id(layout), (layout, []))[1].append(index)
        return [(layout, tuple(indices)) for layout, indices in groups.values()]

    def extent(self, type: Type, layout_class: LayoutClass) -> Extent:
        """Size and alignment of any laid out type in one class, in bytes."""
        return self._extents[self._number(type)][layout_class.index]

    def _number(self, type: Type) -> int:
        number = self._numbers.get(type)
        if number is None:
            extents = self._measure(type)
            number = self._numbers[type] = len(self._extents)
            self._extents.append(extents)
        return number

    def _measure(self, type: Type) -> list[Extent]:
        match type:
            case Int(name):
                return self._integer(INT_BITS[name])
            case VmPtr() | RawPointer() | FnPointer():
                return self._pointers
            case Array(element, int() as length):
                inner = self._extents[self._number(element)]
                return [(size * length, align) for size, align in inner]
            case UnsafeCell(inner_type) | Option(inner_type):
                return self._extents[self._number(inner_type)]
            case Named(name):
                if name not in self._rows:
                    raise LayoutError(f"`{name}` has no layout")
                return [(r.size, r.align) for r in self._rows[name]]
            case Atomic(inner="bool"):
                return [(1, 1)] * len(self.classes)
            case Atomic(inner=inner_name):
                sized = self._integer(INT_BITS[inner_name])
                return [(size, size) for size, _ in sized]
            case NonZero(inner=inner_name):
                return self._integer(INT_BITS[inner_name])
            case Unit():
                return [(0, 1)] * len(self.classes)
            case Primitive("bool"):
                return [(1, 1)] * len(self.classes)
            case Primitive("char"):
                return self._integer(32)
            case Primitive(name):
                bits = int(name[1:])
                return [(bits // 8, c.model.align_of_float(bits)) for c in self.classes]
            case _:
                raise LayoutError(f"`{type}` has no layout")

    def _integer(self, bits: int | None) -> list[Extent]:
        if bits is None:
            return self._pointers
        return [(bits // 8, c.model.align_of_int(bits)) for c in self.classes]

    def _each_class(
        self, types: Sequence[Type], lay: Layout
    ) -> tuple[RecordLayout, ...]:
        """Lay types out in every class, once per different list of extents."""
        columns = [self._extents[self._number(t)] for t in types]
        made: dict[tuple[Extent, ...], RecordLayout] = {}
        row = []
        for index in range(len(self.classes)):
            extents = tuple([column[index] for column in columns])
            layout = made.get(extents)
            if layout is None:
                layout = made[extents] = lay(extents)
            row.append(layout)
        return tuple(row)

    def _lay_out(self, declaration: m.Declaration) -> tuple[RecordLayout, ...]:
        match declaration:
            case m.Struct(fields=fields, align=align):
                return self._each_class(
                    [f.text.type for f in fields], lambda e: place(e, align or 1)
                )
            case m.Union(fields=fields, align=align):
                return self._each_class(
                    [f.text.type for f in fields], lambda e: overlay(e, align or 1)
                )
            case m.PlainEnum(tag=inner) | m.Newtype(inner=inner):
                return self._each_class([inner], lambda e: RecordLayout(*e[0], (), ()))
            case m.TaggedEnum(tag=tag, variants=variants):
                payloads = [v.text.type for v in variants if v.text]
                return self._each_class(
                    [tag, *payloads], lambda e: place_tagged(e[0], e[1:])
                )
            case m.Functions(slots=slots):
                return self._each_class([s.signature for s in slots], place)
            case m.Context():
                return self._context(declaration)
            case m.Foreign(size=size, align=foreign_align):
                return self._foreign(size, foreign_align)
            case _:
                return tuple(RecordLayout(0, 1, (), ()) for _ in self.classes)

    def _context(self, context: m.Context) -> tuple[RecordLayout, ...]:
        """The fixed part. A context that gives no alignment has what its fields and
        regions need, as a struct of all of them would have."""
        fixed = [f.text.type for f in context.fields]
        elements = [] if context.align else [r.element for r in context.regions]
        asked = max([r.align or 1 for r in context.regions], default=1)
        least = context.align or asked

        def lay(extents: tuple[Extent, ...]) -> RecordLayout:
            needed = [align for _, align in extents[len(fixed) :]]
            return place_context(extents[: len(fixed)], max([least, *needed]))

        return self._each_class([*fixed, *elements], lay)

    def _foreign(
        self, size: Mapping[int, int], align: Mapping[int, int]
    ) -> tuple[RecordLayout, ...]:
        made: dict[int, RecordLayout] = {}
        row = []
        for layout_class in self.classes:
            width = layout_class.model.pointer_width
            if width not in size or width not in align:
                raise LayoutError(f"no size for {width}-bit targets")
            if width not in made:
                made[width] = RecordLayout(size[width], align[width], (), ())
            row.append(made[width])
        return tuple(row)
