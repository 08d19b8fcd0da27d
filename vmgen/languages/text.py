"""Layouts as text for review: every size, alignment and offset on every target.

A change of the ABI is a change of this file, a line for each part that moves. So a
line's text depends on nothing but its own part: columns have a fixed width, and a
region's place is told from the region before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.language import HASH, Language
from vmgen.languages.render import render
from vmgen.layout.chain import chain, misaligned
from vmgen.layout.class_names import (
    alignments,
    class_name,
    column_label,
    target_summary,
)
from vmgen.layout.columns import columns
from vmgen.layout.padding import Part, padded_parts
from vmgen.schema import model as m
from vmgen.text import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.languages.job import Job
    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.contexts import ContextLayout
    from vmgen.layout.place import RecordLayout
    from vmgen.schema.types import Type

WIDTH = 88
COLUMN = 10
ABSENT = "."

INTRO = """\
`16+4` is a part at offset 16 with 4 bytes, `24/8` a record of 24 bytes aligned to 8.
A column is for the layout classes named above it; a bare width, as `64`, is for all
classes of that width that no other column of the type names, `all` for all there are.\
"""


class Text(Language):
    """A table of a module's layouts; it stands alone, so that modules share nothing."""

    name = "layout"
    comments = (HASH,)

    def module_files(self, job: Job) -> Iterable[Output]:
        return emit_module(job)


def emit_module(job: Job) -> Iterator[Output]:
    """One table of all types of the module, in the schema's order."""
    yield Output(
        f"layout/{job.module.name}.txt",
        render(
            "layout/module.txt.j2",
            header=header_lines(job.schema, job.command),
            intro=INTRO.splitlines(),
            body="\n\n".join("\n".join(lines) for lines in _blocks(job)),
        ),
    )


def _blocks(job: Job) -> Iterator[list[str]]:
    module = job.module
    for layout_class in job.layouts.classes:
        yield _class_block(layout_class, job.layouts.classes)
    if module.constants:
        yield [
            "constants",
            *(
                f"  {c.name}: {c.type} = {_number(c.value)}"
                for c in module.constants.values()
            ),
        ]
    writer = _Writer(job)
    for declared in module.types.values():
        yield writer.block(declared)


def _class_block(
    layout_class: LayoutClass, classes: Sequence[LayoutClass]
) -> list[str]:
    targets = ", ".join(target_summary(layout_class, classes))
    return [
        f"class {class_name(layout_class.model)}",
        f"  alignments: {alignments(layout_class.model)}",
        *(f"  {line}" for line in wrap(f"targets: {targets}", WIDTH - 2)),
    ]


def _number(value: int) -> str:
    """In hexadecimal where a person would count bits."""
    return str(value) if -1024 < value < 1024 else f"{value:#x}"


class _Writer:
    """Writes the blocks of one module's types."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.layouts = job.layouts
        self._headings: dict[tuple[tuple[int, ...], ...], list[str]] = {}
        self._types = _Types()
        self._numbers = _Numbers()

    def block(self, declared: m.Declaration) -> list[str]:
        match declared:
            case m.Struct(fields=fields):
                return self._record("struct", declared, fields)
            case m.Union(fields=fields):
                return self._record("union", declared, fields)
            case m.PlainEnum(tag=tag, variants=variants) | m.TaggedEnum(
                tag=tag, variants=variants
            ):
                return self._enum(declared, tag, variants)
            case m.Newtype(inner=inner):
                return [
                    f"newtype {declared.name}: {inner}",
                    *self._columns(declared.name, []),
                ]
            case m.Functions(slots=slots):
                texts = [f"{s.name}: {s.signature}" for s in slots]
                return [
                    f"functions {declared.name}",
                    *self._columns(declared.name, texts),
                ]
            case m.Foreign(rust=rust):
                what = f": {rust}" if rust else ""
                return [
                    f"foreign {declared.name}{what}",
                    *self._columns(declared.name, []),
                ]
            case m.Context():
                return self._context(declared)
            case _:
                return [f"opaque {declared.name}"]

    def _record(
        self, kind: str, declared: m.Declaration, fields: Sequence[m.Field]
    ) -> list[str]:
        texts = [self._field(f) for f in fields]
        return [f"{kind} {declared.name}", *self._columns(declared.name, texts)]

    def _field(self, field: m.Field) -> str:
        text = f"{field.name}: {self._types[field.text.type]}"
        if field.access:
            text = " ".join([text, *_access(field.access)])
        if field.endian == "little":
            text = f"{text} little-endian"
        return text if field.value is None else f"{text} = {field.value}"

    def _enum(
        self, declared: m.Declaration, tag: object, variants: Sequence[m.Variant]
    ) -> list[str]:
        texts = [f"tag: {tag}"] if isinstance(declared, m.TaggedEnum) else []
        if any(v.text for v in variants):
            texts.append("payload")
        lines = [
            f"enum {declared.name}: {tag}",
            *self._columns(declared.name, texts),
        ]
        for variant in variants:
            payload = f"({variant.text.type})" if variant.text else ""
            lines.append(f"  {_number(variant.value)} = {variant.name}{payload}")
        return lines

    def _context(self, declared: m.Context) -> list[str]:
        layouts = self.job.contexts[declared.name]
        texts = [self._field(f) for f in declared.fields]
        lines = [
            f"context {declared.name}",
            *self._columns(declared.name, texts, size=False),
        ]
        for region in declared.regions:
            lines.append(f"  region {_region(region)}")
        groups: dict[tuple[str, ...], list[int]] = {}
        for index, layout in enumerate(layouts):
            groups.setdefault(tuple(_formulas(layout)), []).append(index)
        for formulas, indices in groups.items():
            label = column_label(self.layouts.classes, indices)
            lines.append(f"  offsets on {label}")
            lines.extend(f"    {formula}" for formula in formulas)
        return lines

    def _columns(
        self, name: str, texts: Sequence[str], *, size: bool = True
    ) -> list[str]:
        """A type's different layouts side by side, holes included."""
        found = columns(self.layouts, name)
        records = [column.record for column in found]
        lines = list(self._heading(tuple([column.classes for column in found])))
        if size:
            lines.append(_line([f"{r.size}/{r.align}" for r in records], "size/align"))
        else:
            lines.append(_line([f"/{r.align}" for r in records], "align"))
        lines.extend(self._parts(records, texts))
        return lines

    def _parts(
        self, records: Sequence[RecordLayout], texts: Sequence[str]
    ) -> Iterator[str]:
        """A line for each part, and one for the padding after it on any target."""
        for text, part in zip(texts, padded_parts(records), strict=True):
            numbers, padding = self._numbers[part]
            yield f"{numbers}{text}"
            if padding:
                yield padding

    def _heading(self, groups: tuple[tuple[int, ...], ...]) -> list[str]:
        known = self._headings.get(groups)
        if known is None:
            labels = [column_label(self.layouts.classes, group) for group in groups]
            known = self._headings[groups] = _staircase(labels)
        return known


class _Types(dict["Type", str]):
    """Types as the schema spells them; the same few are in most fields."""

    def __missing__(self, type: Type) -> str:
        text = self[type] = str(type)
        return text


class _Numbers(dict[Part, tuple[str, str]]):
    """The cells of a part, and the line of the padding after it or nothing.

    Parts that are at the same places come again and again.
    """

    def __missing__(self, part: Part) -> tuple[str, str]:
        cells = []
        holes = []
        for offset, (size, _), padded_end in zip(*part, strict=True):
            end = offset + size
            cells.append(f"{offset}+{size}")
            holes.append(f"{end}+{padded_end - end}" if padded_end > end else ABSENT)
        padded = any(hole != ABSENT for hole in holes)
        found = _line(cells, ""), _line(holes, "(padding)") if padded else ""
        self[part] = found
        return found


def _line(cells: Iterable[str], text: str) -> str:
    numbers = "".join([f"{cell:<{COLUMN - 1}} " for cell in cells])
    return f"  {numbers}{text}"


def _staircase(labels: Sequence[str]) -> list[str]:
    """Labels above their columns; one that is too wide gets a line of its own."""
    lines = []
    current = ""
    for index, label in enumerate(labels):
        current = f"{current:<{index * COLUMN}}{label}"
        if len(label) >= COLUMN and index + 1 < len(labels):
            lines.append(f"  {current}")
            current = "".join(f"{'|':<{COLUMN}}" for _ in range(index + 1))
    lines.append(f"  {current}")
    return lines


def _formulas(layout: ContextLayout) -> Iterator[str]:
    """Where each region begins, and which can be misaligned and when."""
    for name, formula in chain(layout):
        yield f"{name} = {formula}"
    for region in layout.regions:
        fault = misaligned(region)
        if fault:
            yield fault


def _region(region: m.Region) -> str:
    count = region.count
    element = str(region.element)
    text = f"{region.name}: " + (element if count is None else f"[{element}; {count}]")
    words = [text, *_access(region.access)]
    if region.when is not None:
        words.append(f"when {region.when}")
    return " ".join(words)


def _access(access: frozenset[str]) -> list[str]:
    return [word for word in ("readonly", "can_move") if word in access]
