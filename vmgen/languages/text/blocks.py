"""A block of text for each declared type: a heading, and a line for each part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.language import Declarer
from vmgen.languages.text.columns import Columns
from vmgen.languages.text.head import number
from vmgen.layout.chain import chain, misaligned
from vmgen.layout.class_names import column_label
from vmgen.layout.groups import grouped
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.contexts import ContextLayout
    from vmgen.layout.parts import Part, Record, Region
    from vmgen.schema.types import Type

Block = list[str]


class Blocks(Declarer[Block]):
    """The lines of a declared type; `classes` are all of the module's."""

    def __init__(self, classes: Sequence[LayoutClass]) -> None:
        self._classes = classes
        self._columns = Columns(classes)
        self._types = _Types()

    def struct(self, record: Record, declared: m.Struct) -> Block:
        what = ", of which this is a prefix" if m.is_prefix(declared) else ""
        return [f"struct {record.name}{what}", *self._numbers(record)]

    def union(self, record: Record, declared: m.Union) -> Block:
        return [f"union {record.name}", *self._numbers(record)]

    def plain_enum(self, record: Record, declared: m.PlainEnum) -> Block:
        return self._enum(record, declared)

    def tagged_enum(self, record: Record, declared: m.TaggedEnum) -> Block:
        return self._enum(record, declared)

    def newtype(self, record: Record, declared: m.Newtype) -> Block:
        return [f"newtype {record.name}: {declared.inner}", *self._numbers(record)]

    def opaque(self, record: Record, declared: m.Opaque) -> Block:
        return [f"opaque {record.name}"]

    def functions(self, record: Record, declared: m.Functions) -> Block:
        return [f"functions {record.name}", *self._numbers(record)]

    def foreign(self, record: Record, declared: m.Foreign) -> Block:
        what = f": {declared.rust.text}" if declared.rust else ""
        return [f"foreign {record.name}{what}", *self._numbers(record)]

    def foreign_record(self, record: Record, declared: m.ForeignRecord) -> Block:
        what = f": {declared.rust.text}" if declared.rust else ""
        return [f"foreign {record.name}{what}", *self._numbers(record)]

    def context(self, record: Record, declared: m.Context) -> Block:
        """A context whose regions begin alike on several classes has their formulas once."""
        lines = [f"context {record.name}", *self._numbers(record)]
        lines.extend(f"  region {_region(region)}" for region in record.regions)
        formulas = [tuple(_formulas(context)) for context in record.contexts]
        for group in grouped(formulas):
            lines.append(f"  offsets on {column_label(self._classes, group)}")
            lines.extend(f"    {formula}" for formula in formulas[group[0]])
        return lines

    def _enum(self, record: Record, declared: m.PlainEnum | m.TaggedEnum) -> Block:
        lines = [f"enum {record.name}: {declared.tag}", *self._numbers(record)]
        for variant in declared.variants:
            payload = f"({variant.text.type})" if variant.text else ""
            lines.append(f"  {number(variant.value)} = {variant.name}{payload}")
        return lines

    def _numbers(self, record: Record) -> Iterator[str]:
        """A record's different layouts side by side, padding included."""
        yield from self._columns.heading(record.columns)
        yield self._columns.totals(record)
        for part, (cells, padding) in self._columns.parts(record):
            yield f"{cells}{self._part(part)}"
            if padding:
                yield padding

    def _part(self, part: Part) -> str:
        if part.role == "payload":
            return part.name
        type = part.shown_type if part.bits else self._types[part.type]
        text = f"{part.name}: {type}"
        if part.role == "slot" or not (
            part.access or part.little_endian or part.value is not None
        ):
            return text
        words = [text, *_access(part.access)]
        if part.little_endian:
            words.append("little-endian")
        if part.value is not None:
            words.append(f"= {part.value}")
        return " ".join(words)


class _Types(dict["Type", str]):
    """Types as the schema spells them; the same few are in most fields."""

    def __missing__(self, type: Type) -> str:
        text = self[type] = str(type)
        return text


def _region(region: Region) -> str:
    count, when = region.source.count, region.source.when
    type = str(region.type) if count is None else f"[{region.type}; {count}]"
    words = [f"{region.name}: {type}", *_access(region.access)]
    if when is not None:
        words.append(f"when {when}")
    return " ".join(words)


def _access(access: frozenset[str]) -> list[str]:
    return [word for word in ("readonly", "can_move") if word in access]


def _formulas(context: ContextLayout) -> Iterator[str]:
    """Where each region begins, and which can be misaligned and when."""
    for link in chain(context):
        yield f"{link.name} = {link.formula}"
    for region in context.regions:
        fault = misaligned(region)
        if fault:
            yield fault
