"""The tables of numbers: their names, their rows, and the data models they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.called import names_in
from vmgen.languages.memo import Memo
from vmgen.languages.rust.crates import crates
from vmgen.languages.rust.docs import INDENT, doc
from vmgen.languages.rust.existing import existing_types
from vmgen.languages.rust.names import free, literal, spelled
from vmgen.languages.rust.words import FINGERPRINTS
from vmgen.layout.models import Models
from vmgen.schema import model as m
from vmgen.text import screaming_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.job import Job
    from vmgen.layout.models import Model
    from vmgen.layout.parts import Record, Region

LISTED_TARGETS = 8

SIZE_ROW = "record_size"

ROWS_AT_ONCE = 500_000
"""How many rows one constant may go through. rustc refuses to evaluate one that takes
two million steps, and a row takes less than two."""


class Row(msgspec.Struct, frozen=True):
    """A part of a table, and its numbers as a Rust array with one for each model."""

    name: str
    numbers: str


class Table(msgspec.Struct, frozen=True):
    """A table: the constant's name, its type's, finished lines about it, and its rows,
    which `text` has as finished lines."""

    name: str
    type: str
    doc: str
    rows: list[Row]
    text: str


class ModelView(msgspec.Struct, frozen=True):
    """A model as a variant of `DataModel`; `doc` tells its targets, `patterns` what a
    compiler for one of them measures."""

    variant: str
    doc: str
    pointer: int
    targets: tuple[str, ...]
    patterns: str


HOST_BIT_RULE = (
    'if cfg!(any(windows, target_os = "uefi")) { 1 } '
    'else if cfg!(all(target_vendor = "apple", target_pointer_width = "32", '
    'any(target_arch = "arm", target_arch = "aarch64"))) { 2 } '
    'else if cfg!(target_os = "aix") { 3 } else { 0 }'
)
"""The index in `BIT_RULES` of the rule of the target compiled for. Nothing that Rust has could
be measured instead."""


class Tables:
    """The numbers of a job, sorted by data model."""

    def __init__(self, job: Job) -> None:
        called = names_in(job.module, "rust")
        self.existing = {
            called.get(name, name): existing
            for name, existing in existing_types(job.options).items()
        }
        self.job = job = job.called("rust")
        self.crates = crates(job.options)
        self.models = Models(job.layouts, stated_lengths=False)
        self.variants = [f"P{model.name.replace('_', '')}" for model in self.models.all]
        self.fingerprints = job.layouts.fingerprints
        self._taken = _taken(job.module)
        self._arrays = Memo[tuple[int, ...], str](_array)
        self._arrays_of = Memo[tuple[int, ...], str](self._array_of)

    @property
    def measured(self) -> list[str]:
        """Rust expressions for what tells the models apart, as `Model.measured`."""
        pointer = ["size_of::<usize>()", "align_of::<usize>()"]
        aligns = [f"align_of::<{c}>()" for c in self.models.columns]
        widths = [f"size_of::<::core::ffi::{c}>()" for c in self.models.c_columns]
        bits = [HOST_BIT_RULE] if self.models.bit_fields else []
        truths = [f"cfg!({c.rust}) as usize" for c in self.models.conditions]
        return [*pointer, *aligns, *widths, *bits, *truths]

    @property
    def described(self) -> list[tuple[str, str]]:
        """What a message says of a target: words, and the number after each."""
        pointer, align, *others = self.measured
        labels = [f", {column} to " for column in self.models.columns]
        labels += [f", {column} of " for column in self.models.c_columns]
        labels += [", bit-fields by rule "] if self.models.bit_fields else []
        labels += [f", {condition}: " for condition in self.models.conditions]
        return [
            (", pointers of ", pointer),
            (" bytes aligned to ", align),
            *zip(labels, others, strict=True),
        ]

    @property
    def module(self) -> str:
        """The name of the module that has them."""
        return f"{self.job.module.name}_offsets"

    @property
    def path(self) -> str:
        """The path of that module, seen from the module's types."""
        return f"{self.crates.offsets}::{self.module}"

    @property
    def path_from_inside(self) -> str:
        """The same, seen from a module inside of the types'."""
        return f"{self.crates.offsets_from_inside()}::{self.module}"

    def views(self) -> list[ModelView]:
        """The models as the variants of `DataModel`."""
        named = zip(self.models.all, self.variants, strict=True)
        return [_view(model, variant) for model, variant in named]

    def name(self, declared: m.Declaration) -> str:
        """The name of a declared type's table; of a context, that of its fields'."""
        return _table_name(declared, self._taken)

    def regions_name(self, declared: m.Context) -> str:
        """The name of the table of a context's regions."""
        return free(f"{screaming_case(declared.name)}_REGIONS", self._taken)

    def of(self, record: Record) -> Iterator[Table]:
        """The tables of a declared type: none of an opaque one, of a context that of its
        fields and that of its regions.

        Rows are in the order in which `vmgen.layout.fingerprint` takes the numbers in.
        """
        declared = record.declared
        if isinstance(declared, m.Opaque):
            return
        names = [spelled(part.name) for part in record.parts]
        layouts = self.models.numbers(record.layouts)
        rows = [
            Row(
                free(SIZE_ROW, names),
                self._row([layout.size for layout in layouts]),
            ),
            Row(
                free("record_align", names),
                self._row([layout.align for layout in layouts]),
            ),
        ]
        for name, part in zip(names, record.parts, strict=True):
            rows.append(Row(name, self._arrays_of[part.offsets]))
        taken = [row.name for row in rows]
        for name, part in zip(names, record.parts, strict=True):
            if part.bits:
                row = free(f"{name.removeprefix('r#').rstrip('_')}_bit", taken)
                taken.append(row)
                bits = tuple([place.offset for place in part.bits])
                rows.append(Row(row, self._arrays_of[bits]))
        for name, part in zip(names, record.parts, strict=True):
            if part.on is not None:
                there = [int(i not in part.absent) for i in range(len(record.layouts))]
                plain = name.removeprefix("r#").rstrip("_")
                row = free(f"{plain}_is_there", taken)
                taken.append(row)
                rows.append(Row(row, self._row(self.models.numbers(there))))
        if not isinstance(declared, m.Context):
            about = f"Where the parts of `{record.name}` are, in bytes."
            yield _table(self.name(declared), f"{record.name}Offsets", about, rows)
            return
        about = (
            f"Where the fields are that every `{record.name}` begins with, in bytes; the "
            "regions may begin behind `record_size`."
        )
        yield _table(self.name(declared), f"{record.name}FixedOffsets", about, rows)
        if record.regions:
            yield _table(
                self.regions_name(declared),
                f"{record.name}RegionsOffsets",
                f"What the beginning of each region of `{record.name}` is rounded up to, "
                "and the bytes from one of its elements to the next.",
                [row for region in record.regions for row in self._region(region)],
            )

    def rounds(self, region: Region) -> bool:
        """Whether the beginning of a region is rounded up on some target."""
        return any(layout.round_to > 1 for layout in region.layouts)

    def _region(self, region: Region) -> list[Row]:
        layouts = self.models.numbers(region.layouts)
        return [
            Row(
                rounding_row(region), self._row([layout.round_to for layout in layouts])
            ),
            Row(stride_row(region), self._row([layout.stride for layout in layouts])),
        ]

    def _row(self, numbers: list[int]) -> str:
        return self._arrays[tuple(numbers)]

    def _array_of(self, row: tuple[int, ...]) -> str:
        """The array of a row that has an entry per layout class."""
        return self._row(self.models.numbers(row))

    def message_texts(self) -> dict[str, str]:
        """Texts for messages: the schema, and the command that remakes the files."""
        return {
            "schema": literal(self.job.schema),
            "command": literal(self.job.command),
        }


def size_in_module(declared: m.Declaration, module: m.Module) -> tuple[str, str]:
    """The table of a type in the module that declares it, and the row of its size there."""
    parts: tuple[m.Field | m.Slot, ...] = ()
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            parts = fields
        case m.Functions(slots=slots):
            parts = slots
    row = free(SIZE_ROW, [spelled(part.name) for part in parts])
    return _table_name(declared, _taken(module)), row


def _table_name(declared: m.Declaration, taken: frozenset[str]) -> str:
    fixed = "_FIXED" if isinstance(declared, m.Context) else ""
    return free(f"{screaming_case(declared.name)}{fixed}", taken)


def _taken(module: m.Module) -> frozenset[str]:
    return FINGERPRINTS | module.constants.keys()


def rounding_row(region: Region) -> str:
    """The row of what the beginning of a region is rounded up to."""
    return f"{region.name}_rounding"


def stride_row(region: Region) -> str:
    """The row of the bytes from one element of a region to the next."""
    return f"{region.name}_stride"


def pieces(tables: list[Table]) -> list[list[Table]]:
    """The tables in groups, of which one constant each can go through the rows."""
    found: list[list[Table]] = []
    room = 0
    for table in tables:
        if room < len(table.rows) or not found:
            found.append([])
            room = ROWS_AT_ONCE
        found[-1].append(table)
        room -= len(table.rows)
    return found


def _table(name: str, type: str, about: str, rows: list[Row]) -> Table:
    text = "".join([f"{INDENT * 2}{row.name}: {row.numbers},\n" for row in rows])
    return Table(name, type, doc(about, INDENT), rows, text)


def _array(numbers: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, numbers))}]"


def _view(model: Model, variant: str) -> ModelView:
    before, names = "", list(model.targets)
    if len(names) > LISTED_TARGETS:
        before = f"{len(names)} targets of "
        names = sorted({t.partition("-")[0] for t in model.targets})
    return ModelView(
        variant,
        doc(f"{before}`{'`, `'.join(names)}`.", INDENT),
        model.pointer,
        model.targets,
        " | ".join(f"[{', '.join(map(str, p))}]" for p in model.measured),
    )
