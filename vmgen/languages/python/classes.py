"""Classes and rows of the table: what each kind of declaration becomes in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages import notes
from vmgen.languages.language import Declarer
from vmgen.languages.python import names
from vmgen.languages.python.annotations import Annotation, Annotator, Shadowed, either
from vmgen.languages.python.annotations import of as class_alone
from vmgen.languages.python.docs import docstring, kept
from vmgen.languages.python.literals import block, shown, strings
from vmgen.languages.python.offsets import offsets_class
from vmgen.languages.python.parts import enum_members, slot_doc
from vmgen.languages.python.spelled import Spelled
from vmgen.languages.python.view import (
    ClassView,
    asked_alignments,
    attribute,
    below,
    bit_widths,
)
from vmgen.layout.inside import inside, is_anonymous
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vmgen.languages.python.names import Imports
    from vmgen.languages.python.table import Rows
    from vmgen.languages.python.types import Types
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part, Record


class Declared(msgspec.Struct, frozen=True):
    """What a declared type becomes: classes, and a row of the table if it has one."""

    classes: list[ClassView]
    row: str | None


class Classes(Declarer[Declared]):
    """Makes the classes of one module.

    `shadowed` are the names that some class hides with an attribute of its own.
    """

    def __init__(
        self,
        types: Types,
        imports: Imports,
        constants: Mapping[str, str],
        rows: Rows,
        layouts: Layouts,
    ) -> None:
        self._types = types
        self._classes = types.classes
        self._imports = imports
        self._rows = rows
        self._layouts = layouts
        self._annotator = Annotator(types, imports)
        self.named = self._annotator.named
        self._spelled = Spelled(types, self._annotator, constants)
        self.shadowed = Shadowed()

    def struct(self, record: Record, declared: m.Struct) -> Declared:
        what = "prefix" if m.is_prefix(declared) else "struct"
        return self._record(record, what, "Struct", declared)

    def union(self, record: Record, declared: m.Union) -> Declared:
        return self._record(record, "union", "Union", declared)

    def newtype(self, record: Record, declared: m.Newtype) -> Declared:
        """A class of the runtime's for a number; for anything else one with a `value`."""
        inner = declared.inner
        row = self._row("newtype", record, more=[shown(self._types.trees[inner])])
        inside = self._types.inside(inner)
        if self._types.is_number(inside):
            return Declared([self._bare(record, self._types.cell(inside))], row)
        annotation = self.shadowed.visible(
            self._annotator.of_field(inner), frozenset({"value"})
        )
        view = ClassView(
            self._head(record, "Newtype"),
            docstring(notes.of_type(declared), 4),
            attribute("value", annotation, self._types.comment(inner), ""),
        )
        return Declared([view], row)

    def functions(self, record: Record, declared: m.Functions) -> Declared:
        attributes = names.attributes((p.name for p in record.parts), names.RECORD)
        parts = list(zip(attributes, record.parts, strict=True))
        taken = frozenset(attributes)
        body = [
            attribute(
                name,
                self.shadowed.visible(self._annotator.of(part.type), taken),
                "",
                slot_doc(part),
            )
            for name, part in parts
        ]
        view = ClassView(
            self._head(record, "Functions"),
            docstring(notes.of_type(declared), 4),
            below(body),
        )
        rows = [
            self._rows.part(name, shown(self._types.trees[part.type]))
            for name, part in parts
        ]
        return Declared([view], self._row("functions", record, rows))

    def foreign(self, record: Record, declared: m.Foreign) -> Declared:
        return Declared([self._bare(record, "Foreign")], self._row("foreign", record))

    def opaque(self, record: Record, declared: m.Opaque) -> Declared:
        return Declared([self._bare(record, "Opaque")], None)

    def plain_enum(self, record: Record, declared: m.PlainEnum) -> Declared:
        variants = names.attributes((v.name for v in declared.variants), names.ENUM)
        base = self._imports.name("IntEnum", "enum")
        view = ClassView(
            f"class {self._classes[record.name]}({base})",
            docstring(notes.of_type(declared), 4),
            enum_members(variants, declared.variants, 4),
        )
        row = self._row("enum", record, more=[f'"{declared.tag.name}"'])
        return Declared([view], row)

    def tagged_enum(self, record: Record, declared: m.TaggedEnum) -> Declared:
        """A record of tag and payload, with a class inside for each of the two."""
        name = self._classes[record.name]
        variants = names.attributes((v.name for v in declared.variants), names.VARIANT)
        payloads = [
            (member, variant, variant.text.type)
            for member, variant in zip(variants, declared.variants, strict=True)
            if variant.text
        ]
        rows = [self._rows.part("tag", shown(declared.tag.name))]
        if payloads:
            members = [
                self._rows.part(mem, shown(self._types.trees[t]))
                for mem, _, t in payloads
            ]
            rows.append(f'"payload", ({", ".join(members)})')
        value = either(
            [self._annotator.of(type) for _, _, type in payloads],
            or_none=len(payloads) < len(variants),
        )
        taken = frozenset(member for member, _, _ in payloads)
        body = [
            attribute(
                member,
                self.shadowed.visible(self._annotator.of_field(type), taken),
                self._types.comment(type),
                notes.of_payload(variant),
                8,
            )
            for member, variant, type in payloads
        ]
        # Inside, the enum's own name may be that of one of its two classes.
        outer = self.shadowed.visible(class_alone(name), names.VARIANT)
        read_only = class_alone(self._imports.name("ReadOnly"), value)
        spelled = self.shadowed.visible(read_only, names.VARIANT)
        int_enum = self._imports.name("IntEnum", "enum")
        union = self._imports.name("Union")
        view = ClassView(
            self._head(record, "TaggedEnum"),
            docstring(notes.of_type(declared), 4),
            below(
                [
                    f"tag: {outer}.Tag | int",
                    f"payload: {outer}.Payload",
                    kept(f"value: {spelled}", 4),
                ]
            ),
            nested=[
                ClassView(
                    f"class Tag({int_enum})",
                    "",
                    enum_members(variants, declared.variants, 8),
                ),
                ClassView(f"class Payload({union})", "", below(body, 8)),
            ],
        )
        return Declared([view], self._row("tagged", record, rows))

    def context(self, record: Record, declared: m.Context) -> Declared:
        fields = names.attributes((p.name for p in record.parts), names.CONTEXT)
        regions = names.attributes((r.name for r in record.regions), names.CONTEXT)
        taken = frozenset([*fields, *regions])
        offsets = self._classes[f"{record.name}Offsets"]
        rows, body = self._parts(record, fields, taken)
        region_rows = []
        for name, region in zip(regions, record.regions, strict=True):
            tree = self._types.trees[region.type]
            if "readonly" in region.access:
                tree = ("readonly", tree)
            region_rows.append(self._rows.region(name, shown(tree), region))
            annotation = self.shadowed.visible(self._region(region.source), taken)
            body.append(attribute(name, annotation, "", notes.of_region(region)))
        view = ClassView(
            self._head(record, "Context"),
            docstring(notes.of_type(declared), 4),
            below(body),
        )
        more = [
            f'"{offsets}"',
            strings([c.name for c in declared.counts]),
            strings([c.name for c in declared.counts if c.flag]),
            block(region_rows),
        ]
        more += asked_alignments(fields, declared.fields)
        row = self._row("context", record, rows, more)
        region_offsets = self._imports.name("RegionOffsets") if regions else ""
        placed = offsets_class(
            declared,
            (self._classes[record.name], offsets),
            {**dict.fromkeys(fields, "int"), **dict.fromkeys(regions, region_offsets)},
            self._imports.name("ContextOffsets"),
            lambda word: self.shadowed.visible(class_alone(word), taken),
        )
        return Declared([view, placed], row)

    def _region(self, region: m.Region) -> Annotation:
        element = self._annotator.of(region.element)
        if region.count is not None:
            return self._annotator.array(element)
        return element.or_none() if region.when else element

    def _record(
        self, record: Record, what: str, base: str, declared: m.Struct | m.Union
    ) -> Declared:
        """A struct or a union, which the schema may have asked to be more aligned, or in
        part, or packed."""
        attributes = names.attributes((p.name for p in record.parts), names.RECORD)
        through = [inner for part in record.parts for inner in self._inside(part)]
        more_names = names.attributes((p.name for p in through), names.RECORD)
        taken = frozenset([*attributes, *more_names])
        rows, body = self._parts(record, attributes, taken)
        body += [
            self._attribute(name, inner, taken)
            for name, inner in zip(more_names, through, strict=True)
        ]
        raised = declared.align is not None and any(
            layout.align != layout.needed_align for layout in record.layouts
        )
        asked = asked_alignments(attributes, declared.fields)
        view = ClassView(
            self._head(record, base),
            docstring(notes.of_type(record.declared), 4),
            below(body),
        )
        more = ['"aligned"'] if raised or asked else []
        more += asked
        if declared.packed:
            more.append(str(declared.packed.number))
        more += bit_widths(attributes, declared.fields)
        both = zip(attributes, record.parts, strict=True)
        anonymous = [name for name, part in both if is_anonymous(part)]
        if anonymous:
            more.append(strings(anonymous))
        return Declared([view], self._row(what, record, rows, more))

    def _parts(
        self, record: Record, attributes: Sequence[str], taken: frozenset[str]
    ) -> tuple[list[str], list[str]]:
        """The fields of a record: their rows of the table, and their attributes.

        `attributes` are their names, `taken` those of all that the class has.
        """
        rows, body = [], []
        for name, part in zip(attributes, record.parts, strict=True):
            rows.append(self._rows.part(name, self._spelled.of(part).tree))
            body.append(self._attribute(name, part, taken))
        return rows, body

    def _attribute(self, name: str, part: Part, taken: frozenset[str]) -> str:
        field = self._spelled.of(part)
        spelled = (
            field.spelled
            if field.names.isdisjoint(taken)
            else self.shadowed.visible(field.annotation, taken)
        )
        return attribute(name, spelled, field.comment, notes.of_field(part))

    def _inside(self, part: Part) -> list[Part]:
        """What is in an anonymous part, however deep."""
        if not is_anonymous(part):
            return []
        parts = [*inside(part, self._layouts)]
        named = [one for one in parts if not is_anonymous(one)]
        return [*named, *(each for one in parts for each in self._inside(one))]

    def _row(
        self,
        what: str,
        record: Record,
        parts: Iterable[str] = (),
        more: Iterable[str] = (),
    ) -> str:
        return self._rows.row(what, self._classes[record.name], record, parts, more)

    def _head(self, record: Record, base: str) -> str:
        return f"class {self._classes[record.name]}({self._imports.name(base)})"

    def _bare(self, record: Record, base: str) -> ClassView:
        """A class with nothing but a docstring."""
        return ClassView(
            self._head(record, base), docstring(notes.of_type(record.declared), 4)
        )
