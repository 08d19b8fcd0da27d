"""The classes of a generated module, as finished strings for the template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vmgen.emit.python import names
from vmgen.emit.python.docs import WIDTH, docstring
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vmgen.emit.python.names import Imports
    from vmgen.emit.python.spelling import Speller
    from vmgen.emit.python.table import Blocks
    from vmgen.schema.types import Type


@dataclass(frozen=True, slots=True)
class Attribute:
    """A line of a class body, and the docstring below it."""

    line: str
    doc: str


@dataclass(frozen=True, slots=True)
class ClassView:
    """A class: its head without the colon, its docstring, its body.

    `nested` classes come first in the body. `init` is what a context's offsets take:
    a count as the schema names it, as Python does, its type and its default.
    """

    head: str
    doc: str
    attributes: list[Attribute]
    nested: list[ClassView] = field(default_factory=list)
    init: list[tuple[str, str, str]] | None = None
    init_doc: str = ""

    @property
    def has_body(self) -> bool:
        return bool(self.attributes or self.nested) or self.init is not None

    @property
    def empty(self) -> bool:
        return not (self.doc or self.has_body)


class Classes:
    """Makes the classes of one module, and the blocks of the table beside them."""

    def __init__(
        self,
        types: Mapping[str, m.Declaration],
        classes: dict[str, str],
        constants: dict[str, str],
        speller: Speller,
        imports: Imports,
        blocks: Blocks,
    ) -> None:
        self._types = types
        self._classes = classes
        self._constants = constants
        self._speller = speller
        self._imports = imports
        self._blocks = blocks
        self.table: dict[str, list[str]] = {}
        self.shadowed: set[str] = set()

    def views(self, declared: m.Declaration) -> list[ClassView]:
        """The classes of a declared type; its blocks go to `table`."""
        match declared:
            case m.Struct():
                return [self._record(declared, "struct", "Struct")]
            case m.Union():
                return [self._record(declared, "union", "Union")]
            case m.PlainEnum():
                return [self._enum(declared)]
            case m.TaggedEnum():
                return [self._tagged(declared)]
            case m.Newtype():
                return [self._newtype(declared)]
            case m.Functions():
                return [self._functions(declared)]
            case m.Foreign():
                return [self._foreign(declared)]
            case m.Context():
                return self._context(declared)
            case _:
                return [self._bare(declared, "Opaque")]

    def _head(self, declared: m.Declaration, base: str) -> str:
        return f"class {self._classes[declared.name]}({self._imports.name(base)})"

    def _bare(self, declared: m.Declaration, base: str) -> ClassView:
        return ClassView(self._head(declared, base), docstring(declared.doc, 4), [])

    def _record(
        self, declared: m.Struct | m.Union, category: str, base: str
    ) -> ClassView:
        name = declared.name
        attributes = names.attributes((f.name for f in declared.fields), names.RECORD)
        rows = [
            f"{attribute} {self._field_token(f)} {f.span.line} {offset}"
            for attribute, f, offset in zip(
                attributes, declared.fields, self._blocks.offsets(name), strict=True
            )
        ]
        self.table[name] = [
            self._blocks.block(
                category,
                self._classes[name],
                declared.span,
                self._blocks.extents(name),
                rows,
                f" align={declared.align}" if declared.align else "",
            )
        ]
        body = self._fields(attributes, declared.fields, 4)
        return ClassView(self._head(declared, base), docstring(declared.doc, 4), body)

    def _field_token(self, field: m.Field) -> str:
        type = field.text.type
        little = field.endian == "little"
        token = self._speller.little(type) if little else self._speller.token(type)
        if "readonly" in field.access:
            token = f"!{token}"
        return f"{token}={self._constants[field.value]}" if field.value else token

    def _fields(
        self, attributes: Sequence[str], fields: Iterable[m.Field], indent: int
    ) -> list[Attribute]:
        taken = set(attributes)
        body = []
        for attribute, one in zip(attributes, fields, strict=True):
            type = one.text.type
            annotation = self._annotation(type, taken, "readonly" in one.access)
            body.append(self._attribute(attribute, annotation, type, one.doc, indent))
        return body

    def _attribute(
        self, name: str, annotation: str, type: Type | None, doc: str, indent: int = 4
    ) -> Attribute:
        line = f"{name}: {annotation}"
        comment = self._speller.comment(type) if type is not None else ""
        if comment and indent + len(line) + len(comment) + 4 <= WIDTH:
            line = f"{line}  # {comment}"
        return Attribute(line, docstring(doc, indent) if doc else "")

    def _annotation(self, type: Type, taken: set[str], read_only: bool = False) -> str:
        """An annotation inside a class whose attributes are `taken`.

        There an attribute hides whatever else has its name, so that gets another.
        """
        annotation = self._speller.annotation(type)
        if read_only or self._speller.is_read_only(type):
            annotation = f"{self._imports.name('ReadOnly')}[{annotation}]"
        hidden = taken & set(names.words(annotation))
        if hidden:
            self.shadowed |= hidden
            annotation = names.aliased(annotation, hidden)
        return annotation

    def _members(
        self, attributes: Sequence[str], variants: Iterable[m.Variant], indent: int
    ) -> list[Attribute]:
        return [
            Attribute(f"{name} = {variant.value}", docstring(variant.doc, indent))
            for name, variant in zip(attributes, variants, strict=True)
        ]

    def _enum(self, declared: m.PlainEnum) -> ClassView:
        name = declared.name
        attributes = names.attributes(
            (v.name for v in declared.variants), names.NOTHING
        )
        row = f"value {declared.tag.name} {declared.span.line} 0"
        self.table[name] = [
            self._blocks.block(
                "enum",
                self._classes[name],
                declared.span,
                self._blocks.extents(name),
                [row],
            )
        ]
        return ClassView(
            f"class {self._classes[name]}({self._imports.name('IntEnum', 'enum')})",
            docstring(declared.doc, 4),
            self._members(attributes, declared.variants, 4),
        )

    def _tagged(self, declared: m.TaggedEnum) -> ClassView:
        name, cls = declared.name, self._classes[declared.name]
        variants = (v.name for v in declared.variants)
        attributes = names.attributes(variants, names.VARIANT)
        members = [
            (attribute, variant, variant.text.type)
            for attribute, variant in zip(attributes, declared.variants, strict=True)
            if variant.text
        ]
        line = declared.span.line
        tag_offset, payload_offset = self._blocks.offsets(name)
        tag, payload = self._blocks.part_extents(name)
        self.table[name] = [
            self._blocks.block(
                "enum",
                f"{cls}.Tag",
                declared.span,
                tag,
                [f"value {declared.tag.name} {line} 0"],
            ),
            self._blocks.block(
                "union",
                f"{cls}.Payload",
                declared.span,
                payload,
                [
                    f"{attribute} {self._speller.token(type)} {variant.span.line} 0"
                    for attribute, variant, type in members
                ],
            ),
            self._blocks.block(
                "tagged",
                cls,
                declared.span,
                self._blocks.extents(name),
                [
                    f"tag {cls}.Tag {line} {tag_offset}",
                    f"payload {cls}.Payload {line} {payload_offset}",
                ],
            ),
        ]
        hidden = {attribute for attribute, _, _ in members}
        inner = [
            self._attribute(attribute, self._annotation(type, hidden), type, "", 8)
            for attribute, _, type in members
        ]
        values = dict.fromkeys(self._annotation(type, set()) for _, _, type in members)
        if len(members) < len(attributes):
            values["None"] = None
        value = _joined(values)
        return ClassView(
            self._head(declared, "TaggedEnum"),
            docstring(declared.doc, 4),
            [
                Attribute(f"tag: {cls}.Tag | int", ""),
                Attribute(f"payload: {cls}.Payload", ""),
                Attribute(f"value: {self._imports.name('ReadOnly')}[{value}]", ""),
            ],
            nested=[
                ClassView(
                    f"class Tag({self._imports.name('IntEnum', 'enum')})",
                    "",
                    self._members(attributes, declared.variants, 8),
                ),
                ClassView(f"class Payload({self._imports.name('Union')})", "", inner),
            ],
        )

    def _newtype(self, declared: m.Newtype) -> ClassView:
        name, inner = declared.name, declared.inner
        inside = self._speller.inside(inner)
        self.table[name] = [
            self._blocks.block(
                "newtype",
                self._classes[name],
                declared.span,
                self._blocks.extents(name),
                [f"value {self._speller.token(inner)} {declared.span.line} 0"],
            )
        ]
        if self._speller.is_number(inside):
            return self._bare(declared, self._speller.cell(inside))
        annotation = self._annotation(inner, {"value"})
        body = [self._attribute("value", annotation, inner, "")]
        return ClassView(
            self._head(declared, "Newtype"), docstring(declared.doc, 4), body
        )

    def _functions(self, declared: m.Functions) -> ClassView:
        name = declared.name
        attributes = names.attributes((s.name for s in declared.slots), names.RECORD)
        pointer = f"{self._imports.name('VmPtr')}[{self._imports.name('Function')}]"
        offsets = self._blocks.offsets(name)
        self.table[name] = [
            self._blocks.block(
                "functions",
                self._classes[name],
                declared.span,
                self._blocks.extents(name),
                [
                    f"{attribute} *fn {slot.span.line} {offset}"
                    for attribute, slot, offset in zip(
                        attributes, declared.slots, offsets, strict=True
                    )
                ],
            )
        ]
        body = [
            self._attribute(
                attribute, pointer, None, f"`{slot.signature}`\n\n{slot.doc}"
            )
            for attribute, slot in zip(attributes, declared.slots, strict=True)
        ]
        return ClassView(
            self._head(declared, "Functions"), docstring(declared.doc, 4), body
        )

    def _foreign(self, declared: m.Foreign) -> ClassView:
        extents = self._blocks.extents(declared.name)
        sizes, aligns = (self._blocks.numbers(n) for n in zip(*extents, strict=True))
        self.table[declared.name] = [
            self._blocks.block(
                "foreign",
                self._classes[declared.name],
                declared.span,
                extents,
                [f"storage bytes:{sizes}:{aligns} {declared.span.line} 0"],
            )
        ]
        return self._bare(declared, "Foreign")

    def _context(self, declared: m.Context) -> list[ClassView]:
        name, cls = declared.name, self._classes[declared.name]
        everything = [f.name for f in declared.fields] + [
            r.name for r in declared.regions
        ]
        attributes = names.attributes(everything, names.CONTEXT)
        fields = attributes[: len(declared.fields)]
        regions = attributes[len(declared.fields) :]
        tokens = [self._region_token(region) for region in declared.regions]
        offsets = self._classes[f"{name}Offsets"]
        rows = [
            f"{attribute} {self._field_token(f)} {f.span.line} {offset}"
            for attribute, f, offset in zip(
                fields, declared.fields, self._blocks.offsets(name), strict=True
            )
        ]
        rows += [f"# {c.name}{'?' if c.flag else ''}" for c in declared.counts]
        rows += self._blocks.region_rows(name, regions, tokens)
        self.table[name] = [
            self._blocks.block(
                "context",
                cls,
                declared.span,
                self._blocks.extents(name),
                rows,
                f" align={declared.align or 0} {offsets}",
            )
        ]
        taken = set(attributes)
        body = self._fields(fields, declared.fields, 4)
        body += [
            self._attribute(
                attribute, self._region_annotation(region, taken), None, region.doc
            )
            for attribute, region in zip(regions, declared.regions, strict=True)
        ]
        return [
            ClassView(
                self._head(declared, "Context"), docstring(declared.doc, 4), body
            ),
            self._offsets(declared, offsets, fields, regions),
        ]

    def _region_token(self, region: m.Region) -> str:
        token = self._speller.token(region.element)
        return f"!{token}" if "readonly" in region.access else token

    def _region_annotation(self, region: m.Region, taken: set[str]) -> str:
        element = self._annotation(region.element, taken)
        if region.count is not None:
            return f"{self._imports.name('Array')}[{element}]"
        return f"{element} | None" if region.when else element

    def _offsets(
        self,
        declared: m.Context,
        name: str,
        fields: Sequence[str],
        regions: Sequence[str],
    ) -> ClassView:
        cls = self._classes[declared.name]
        taken = {*fields, *regions}
        number = names.aliased("int", taken & {"int"})
        self.shadowed |= taken & {"int"}
        region = self._imports.name("RegionOffsets")
        counts = names.attributes((c.name for c in declared.counts), names.CONTEXT)
        docs = "\n".join(f"- {c.name}: {c.doc}" for c in declared.counts if c.doc)
        text = "\n\n".join(
            [
                f"Offsets in a {cls} on a target, the host when None.",
                "A count that is not given is 0. Raises OverflowError when an offset "
                "would be more than a u32 holds, and UnknownTarget.",
                docs,
            ]
        )
        return ClassView(
            f"class {name}({self._imports.name('ContextOffsets')})",
            docstring(f"Where everything in a {cls} is, in bytes from its start.", 4),
            [Attribute(f"{field}: {number}", "") for field in fields]
            + [Attribute(f"{name}: {region}", "") for name in regions],
            init=[
                (c.name, parameter, "bool = False" if c.flag else "int = 0")
                for c, parameter in zip(declared.counts, counts, strict=True)
            ],
            init_doc=docstring(text, 8),
        )


def _joined(annotations: Iterable[str]) -> str:
    """A union of annotations, each part once and None last."""
    parts = dict.fromkeys(
        part for annotation in annotations for part in annotation.split(" | ")
    )
    none = parts.pop("None", parts)
    return " | ".join([*parts, "None"] if none is None else parts)
