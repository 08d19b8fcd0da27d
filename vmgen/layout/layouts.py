"""Every layout of a module, on every data model at once.

Targets with equal `DataModel.layout_key` share a *layout class*; a record's layouts
are a row with one entry per class, and equal entries are one object. `place` has the
rules by which one record is laid out.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from vmgen.analysis.called import module_in
from vmgen.analysis.order import by_value_order, held_types
from vmgen.layout.bits import place_bits
from vmgen.layout.classes import (
    LayoutClass,
    c_columns_of,
    classify,
    conditions_of,
    has_bit_fields,
    mentioned,
)
from vmgen.layout.columns import Column, Columns
from vmgen.layout.contexts import ContextLayout, lay_out_context
from vmgen.layout.fingerprint import Fingerprints
from vmgen.layout.parts import Numbers, Part, Record, numbers_of, parts_of, record_of
from vmgen.layout.place import (
    NOTHING,
    Extent,
    LayoutError,
    RecordLayout,
    Row,
    least_align,
    overlay,
    place,
    place_context,
    place_tagged,
    place_whole,
    within,
)
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vmgen.schema.types import Type
    from vmgen.targets.conditions import Condition

    Layout = Callable[[tuple[Extent, ...], int], RecordLayout]


class Layouts:
    """Every layout of a module that passed its rules. Immutable once made.

    Raises `LayoutError` from any method that meets a type without a layout.

    `like` are the layouts by the schema's names, where `module` has those of a language:
    its types are as many, in the same order, and what is told by name is told by `like`.
    """

    def __init__(self, module: m.Module, like: Layouts | None = None) -> None:
        self.module = module
        self._like = like
        self.conditions = conditions_of(module)
        self.classes = classify(
            module.targets,
            c_columns_of(mentioned(module)),
            self.conditions,
            bit_fields=has_bit_fields(module),
        )
        # Among those that need none of each other the name decides, so that an order in
        # an output stays when a type moves to another file.
        self.order, cycles = by_value_order(dict(sorted(module.types.items())))
        self.cycles = by_value_order(module.types)[1] if cycles else []
        self._class_of = {t: c for c in self.classes for t in c.targets}
        self._asked: dict[tuple[Type, Condition | None, int], Column] = {}
        self._rows: dict[str, Row] = {}
        self._columns = Columns(self.classes, self._rows)
        self._made: dict[tuple[object, ...], Row] = {}
        self._contexts: dict[str, tuple[ContextLayout, ...]] = {}
        self._records: dict[str, Record] = {}
        self._numbers: dict[int, Numbers] = {}
        self._parts: dict[str, tuple[Part, ...]] = {}
        if not self.cycles:
            for name in self.order:
                self._rows[name] = self._lay_out(module.types[name])

    def class_of(self, target: str) -> LayoutClass:
        """The layout class of one of the module's targets. Raises KeyError."""
        return self._class_of[target]

    def row(self, name: str) -> Row:
        """A declared type's layouts, one per layout class."""
        row = self._rows.get(name)
        if row is None:
            raise LayoutError(f"`{name}` has no layout")
        return row

    def record(self, name: str, layout_class: LayoutClass) -> RecordLayout:
        """A declared type's layout in one class."""
        return self.row(name)[layout_class.index]

    def context(self, name: str) -> tuple[ContextLayout, ...]:
        """A context's layouts, one per layout class, each laid out once.

        Raises `vmgen.layout.alignment.TooManyStates`.
        """
        made = self._contexts.get(name)
        if made is None:
            declared = self.module.types[name]
            assert isinstance(declared, m.Context)
            columns = [self._columns[r.element] for r in declared.regions]
            elements = [*zip(*columns, strict=True)] or [()] * len(self.classes)
            known: dict[object, ContextLayout] = {}
            row = []
            for fixed, extents in zip(self.row(name), elements, strict=True):
                layout = known.get((fixed, extents))
                if layout is None:
                    layout = lay_out_context(declared, fixed, extents)
                    known[fixed, extents] = layout
                row.append(layout)
            made = self._contexts[name] = tuple(row)
        return made

    def of(self, name: str) -> Record:
        """A declared type with its parts, for whoever shows it."""
        record = self._records.get(name)
        if record is None:
            declared = self.module.types[name]
            contexts = self.context(name) if isinstance(declared, m.Context) else ()
            numbers, parts = self._numbers_of(name), self.parts(name)
            record = record_of(declared, numbers, parts, contexts)
            self._records[name] = record
        return record

    def parts(self, name: str) -> tuple[Part, ...]:
        """The parts of a declared type, of a context too whose regions are too much to
        prove."""
        parts = self._parts.get(name)
        if parts is None:
            numbers = self._numbers_of(name)
            parts = parts_of(self.module.types[name], numbers, self.classes)
            self._parts[name] = parts
        return parts

    def _numbers_of(self, name: str) -> Numbers:
        row = self.row(name)
        numbers = self._numbers.get(id(row))
        if numbers is None:
            numbers = self._numbers[id(row)] = numbers_of(row)
        return numbers

    @cached_property
    def held(self) -> frozenset[Type]:
        """The types that the layouts of the module's types are made of."""
        types = self.module.types.values()
        return frozenset(t for declared in types for t in held_types(declared))

    @cached_property
    def fingerprints(self) -> Fingerprints:
        """The module's fingerprints, made once for all who show them."""
        return self._like.fingerprints if self._like else Fingerprints(self)

    def fingerprint(self, target: m.ModelTarget) -> int:
        """The module's fingerprint on one of its targets."""
        little = target.model.endian == "little"
        index = self.class_of(target.name).index
        return self.fingerprints.of_class(index, little_endian=little)

    def records(self) -> list[Record]:
        """Every declared type with its parts, by name: an order that stays when one
        moves to another file. The name is the schema's whatever the language."""
        schema = self._like.module.types if self._like else self.module.types
        named = sorted(zip(schema, self.module.types, strict=True))
        return [self.of(name) for _, name in named]

    def called(self, language: str) -> Layouts:
        """The layouts by a language's names, the same ones where it has no others."""
        module = module_in(self.module, language)
        return self if module is self.module else Layouts(module, like=self)

    @property
    def by_schema(self) -> Layouts:
        """The layouts by the schema's names."""
        return self._like or self

    def extent(self, type: Type, layout_class: LayoutClass) -> Extent:
        """Size and alignment of any laid out type in one class, in bytes."""
        return self._columns[type][layout_class.index]

    def _column_of(self, field: m.Field) -> Column:
        """The extents of a field, as aligned as it asks to be at least. It takes no byte and
        has no alignment where its condition isn't met."""
        column = self._columns[field.text.type]
        least = field.align.number if field.align else 1
        if field.on is None and least == 1:
            return column
        key = field.text.type, field.on, least
        found = self._asked.get(key)
        if found is None:
            found = tuple(
                (size, max(align, least)) if self._is_there(field, c) else NOTHING
                for (size, align), c in zip(column, self.classes, strict=True)
            )
            self._asked[key] = found
        return found

    @staticmethod
    def _is_there(field: m.Field, layout_class: LayoutClass) -> bool:
        return field.on is None or layout_class.meets(field.on)

    def _each_class(self, types: Sequence[Type], lay: Layout, align: int = 1) -> Row:
        """Lay types out in every class."""
        return self._each([self._columns[t] for t in types], lay, align)

    def _each(self, columns: list[Column], lay: Layout, align: int = 1) -> Row:
        """Lay columns out in every class. What is made of equal columns has one row."""
        key = (lay, align, *map(id, columns))
        row = self._made.get(key)
        if row is None:
            row = self._made[key] = self._laid(columns, lay, align)
        return row

    def _laid(self, columns: list[Column], lay: Layout, align: int) -> Row:
        """Lay columns out in every class, once per different list of extents."""
        if not columns:
            return (lay((), align),) * len(self.classes)
        made: dict[Column, RecordLayout] = {}
        row = []
        for extents in zip(*columns, strict=True):
            layout = made.get(extents)
            if layout is None:
                layout = made[extents] = lay(extents, align)
            row.append(layout)
        return tuple(row)

    def _lay_out(self, declaration: m.Declaration) -> Row:
        match declaration:
            case m.Struct(fields=fields, align=align, packed=packed):
                if any(field.bits for field in fields):
                    return self._bit_fields(declaration)
                lay = place_context if m.is_prefix(declaration) else place
                return self._fields(fields, lay, align or 1, packed)
            case m.Union(fields=fields, align=align, packed=packed):
                return self._fields(fields, overlay, align or 1, packed)
            case m.PlainEnum(tag=inner) | m.Newtype(inner=inner):
                return self._each_class([inner], place_whole)
            case m.TaggedEnum(tag=tag, variants=variants):
                payloads = [v.text.type for v in variants if v.text]
                return self._each_class([tag, *payloads], place_tagged)
            case m.Functions(slots=slots):
                return self._each_class([s.signature for s in slots], place)
            case m.Context():
                return self._context(declaration)
            case m.Foreign():
                return self._foreign(declaration)
            case _:
                return tuple(RecordLayout(0, 1, (), ()) for _ in self.classes)

    def _fields(
        self,
        fields: Sequence[m.Field],
        lay: Layout,
        align: int,
        packed: m.Given | None,
    ) -> Row:
        """A struct or a union."""
        columns = [*map(self._column_of, fields)]
        if packed is None:
            return self._each(columns, lay, align)
        most = packed.number

        def lay_within(extents: tuple[Extent, ...], align: int) -> RecordLayout:
            return lay(within(extents, most), align)

        return self._each(columns, lay_within, align)

    def _bit_fields(self, struct: m.Struct) -> Row:
        """A struct with bit-fields, by the rule of each class."""
        columns = [*map(self._column_of, struct.fields)]
        widths = tuple([f.bits.number if f.bits else None for f in struct.fields])
        most = struct.packed.number if struct.packed else None
        made: dict[object, RecordLayout] = {}
        row = []
        for c, extents in zip(self.classes, zip(*columns, strict=True), strict=True):
            assert c.bit_rule is not None
            there = tuple([self._is_there(f, c) for f in struct.fields])
            key = c.bit_rule, there, extents
            layout = made.get(key)
            if layout is None:
                layout = made[key] = place_bits(
                    within(extents, most),
                    widths,
                    c.bit_rule,
                    struct.align or 1,
                    there=there,
                    packed=most,
                    open_end=m.is_prefix(struct),
                )
            row.append(layout)
        return tuple(row)

    def _context(self, context: m.Context) -> Row:
        """The fixed part. A context that gives no alignment has what its fields and
        regions need, as a struct of all of them would have."""
        fixed = [*map(self._column_of, context.fields)]
        regions = () if context.align else context.regions
        elements = [self._columns[r.element] for r in regions]
        least = least_align(context)

        def lay(extents: tuple[Extent, ...], least: int) -> RecordLayout:
            needed = [align for _, align in extents[len(fixed) :]]
            return place_context(extents[: len(fixed)], max([least, *needed]))

        return self._each([*fixed, *elements], lay, least)

    def _foreign(self, declared: m.Foreign) -> Row:
        made: dict[Extent, RecordLayout] = {}
        row = []
        for layout_class in self.classes:
            case = next((c for c in declared.cases if layout_class.meets(c.on)), None)
            width = layout_class.model.pointer_width
            if case is not None:
                size, align = case.size, case.align
            elif width in declared.size and width in declared.align:
                size, align = declared.size[width], declared.align[width]
            else:
                raise LayoutError(f"no size for {width}-bit targets")
            extent = size, align
            if extent not in made:
                made[extent] = RecordLayout(size, align, (), ())
            row.append(made[extent])
        return tuple(row)
