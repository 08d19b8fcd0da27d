"""`src/<module>_for_each.rs`: the schema as macros, so that owners make items of their own.

A macro hands every record to another macro, with names, types, attributes and the numbers
of every data model; a second one does so with contexts and their regions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.header import header_lines
from vmgen.languages.render import render
from vmgen.languages.rust.conditions import Conditions
from vmgen.languages.rust.constants import hexadecimal, number
from vmgen.languages.rust.docs import doc
from vmgen.languages.rust.item import in_brackets, parameters
from vmgen.languages.rust.members import attributes
from vmgen.languages.rust.names import spelled
from vmgen.languages.rust.spelling import Spelling
from vmgen.layout.fingerprint import PRIME
from vmgen.layout.parts import Part
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.languages.job import Output
    from vmgen.languages.rust.tables import Tables
    from vmgen.layout.parts import Record, Region

MOST_NUMBERS = 10_000
"""How many numbers rustc is made to add up. It takes a macro's input apart in a time that
grows with the square: beyond this, seconds. `vmgen build --check` looks after any file."""

RECORD = " " * 12
PART = " " * 16


class PartView(msgspec.Struct, frozen=True):
    """A part: its finished documentation, its type, its offsets and its flags."""

    doc: str
    name: str
    type: str
    offsets: str
    flags: str


class VariantView(msgspec.Struct, frozen=True):
    """A variant: its value, and the type of its payload in parentheses, if it has one."""

    doc: str
    name: str
    value: str
    payload: str


class RegionView(msgspec.Struct, frozen=True):
    """A region: its element's type, how many there are (nothing for one record), the flag
    that says if it is there, and its numbers."""

    doc: str
    name: str
    type: str
    count: str
    when: str
    stride: str
    rounding: str
    flags: str


class RecordView(msgspec.Struct, frozen=True):
    """A declared type. `about` are finished lines of attributes; `inner` is what it wraps:
    the type inside a newtype, an enum's tag, the path of a foreign type. `parameters` are
    those of a generic one, in their brackets."""

    about: str
    kind: str
    name: str
    parameters: str
    inner: str
    representation: str
    size: str
    align: str
    parts: list[PartView]
    variants: list[VariantView]


class CountView(msgspec.Struct, frozen=True):
    """A count or a flag, and its index type, if it has one."""

    doc: str
    name: str
    type: str
    index: str


class ContextView(msgspec.Struct, frozen=True):
    """A context's counts, fields and regions."""

    about: str
    name: str
    align: str
    counts: list[CountView]
    fields: list[PartView]
    regions: list[RegionView]


class WholeSpelling(Spelling):
    """Types as they are spelled where nothing is imported but the module's own types."""

    def _imported(self, path: str) -> str:
        return path if path.startswith("::core::") else super()._imported(path)


def for_each_file(tables: Tables) -> Output:
    """The macros of one module."""
    return _ForEach(tables).file()


class _ForEach:
    """What the macros hand out, and all of its numbers in order."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        module = tables.job.module
        self.spelling = WholeSpelling(module, own_runtime=True)
        self.conditions = Conditions(module)
        self.numbers: list[int] = []

    def file(self) -> Output:
        """The finished file."""
        job = self.tables.job
        records = [self._record(record) for record in job.records]
        contexts = [
            self._context(record, record.declared)
            for record in job.records
            if isinstance(record.declared, m.Context)
        ]
        return self.tables.crates.offsets_file(
            f"{job.module.name}_for_each.rs",
            render(
                "rust/for_each.rs.j2",
                header=header_lines(job.schema, job.command),
                module=job.module.name,
                models=self.tables.variants,
                records=records,
                contexts=contexts,
                checked=len(self.numbers) <= MOST_NUMBERS,
                expected=hexadecimal(_folded(self.numbers)),
                **self.tables.message_texts(),
            ),
        )

    def _record(self, record: Record) -> RecordView:
        declared = record.declared
        sized = not isinstance(declared, m.Opaque)
        return RecordView(
            about=self._about(declared),
            kind=record.kind,
            name=record.name,
            parameters=in_brackets(parameters(declared)),
            inner=self._inner(declared),
            representation=_representation(declared),
            size=self._row([r.size for r in record.layouts]) if sized else "[]",
            align=self._row([r.align for r in record.layouts]) if sized else "[]",
            parts=[self._part(part) for part in record.parts],
            variants=self._variants(declared),
        )

    def _context(self, record: Record, declared: m.Context) -> ContextView:
        return ContextView(
            about=self._about(declared),
            name=record.name,
            align=self._row([layout.align for layout in record.layouts]),
            counts=[
                CountView(
                    doc(count.doc, PART),
                    spelled(count.name),
                    "bool" if count.flag else "u32",
                    count.index.text if count.index else "",
                )
                for count in declared.counts
            ],
            fields=[self._part(part) for part in record.parts],
            regions=[self._region(region) for region in record.regions],
        )

    def _about(self, declared: m.Declaration) -> str:
        """Documentation, condition and attributes, one a line."""
        found = self.conditions.of(declared.name)
        lines, _ = attributes(declared.in_rust, RECORD)
        condition = f"{RECORD}#[cfg({found.text})]\n" if found else ""
        return doc(declared.doc, RECORD) + condition + lines

    def _inner(self, declared: m.Declaration) -> str:
        match declared:
            case m.Newtype(inner=inner):
                return self.spelling.type(inner)
            case m.PlainEnum(tag=tag) | m.TaggedEnum(tag=tag):
                return tag.name
            case m.Foreign(rust=rust) | m.ForeignRecord(rust=rust):
                return rust.text if rust else ""
            case _:
                return ""

    def _part(self, part: Part) -> PartView:
        condition = f"{PART}#[cfg({part.on.rust})]\n" if part.on is not None else ""
        return PartView(
            doc(part.doc, PART) + condition,
            spelled(part.name),
            self._type(part),
            self._row(part.offsets),
            _flags(part),
        )

    def _type(self, part: Part) -> str:
        source = part.source
        if part.role == "payload" or part.bits:
            # A union that has no name outside of the types, and a part of bytes.
            return "_"
        if isinstance(source, m.Slot):
            if source.in_rust.condition is not None:
                # What it can be called with isn't always there.
                return self.spelling.address()
            return self.spelling.slot(source.rust_signature)
        return self.spelling.type(part.type, little=part.little_endian)

    def _variants(self, declared: m.Declaration) -> list[VariantView]:
        if not isinstance(declared, m.PlainEnum | m.TaggedEnum):
            return []
        return [
            VariantView(
                doc(variant.doc, PART),
                spelled(variant.name),
                number(variant.value),
                f" ({self.spelling.type(variant.payload)})" if variant.payload else "",
            )
            for variant in declared.variants
        ]

    def _region(self, region: Region) -> RegionView:
        source = region.source
        return RegionView(
            doc(region.doc, PART),
            spelled(region.name),
            self.spelling.type(region.type),
            "" if source.count is None else spelled(str(source.count)),
            spelled(source.when) if source.when else "",
            self._row([layout.stride for layout in region.layouts]),
            self._row([layout.round_to for layout in region.layouts]),
            _flags(region),
        )

    def _row(self, row: Sequence[int]) -> str:
        """A number for each data model, of a row that has one per layout class."""
        found = self.tables.models.numbers(row)
        self.numbers += found
        return f"[{', '.join(map(str, found))}]"


def _representation(declared: m.Declaration) -> str:
    """What stands in the parentheses of `repr`; nothing where Rust has none to declare."""
    match declared:
        case m.Newtype():
            return "transparent"
        case m.PlainEnum(tag=tag):
            return tag.name
        case m.TaggedEnum(tag=tag):
            return f"C, {tag.name}"
        case m.Foreign():
            return ""
        case m.Struct(align=align) | m.Union(align=align) | m.Context(align=align):
            return f"C, align({align})" if align else "C"
        case _:
            return "C"


def _flags(part: Part | Region) -> str:
    """What may be assumed of a part, as words."""
    found: list[str] = [
        flag for flag in ("readonly", "can_move") if flag in part.access
    ]
    if isinstance(part, Part) and part.little_endian:
        found.append("little_endian")
    if isinstance(part, Part) and part.bits:
        found.append("bits")
    return " ".join(found)


def _folded(numbers: Iterable[int]) -> int:
    """All numbers as one, of which any digit that is changed changes the rest."""
    found = 1
    for one in numbers:
        found = ((found << 32) + one) % PRIME
    return found
