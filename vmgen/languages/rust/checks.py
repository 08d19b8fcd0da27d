"""What makes rustc compare each record with the schema's numbers.

One constant per record: an assertion per number costs a compiler several times as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.lines import Lines
from vmgen.languages.rust.names import literal, offsets_type, spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.rust.rows import Chooser
    from vmgen.languages.rust.spelling import Spelling
    from vmgen.schema import model as m


class Choice(msgspec.Struct, frozen=True):
    """A constant of the generated file: for each model, which of its rows a record has."""

    name: str
    rows: str


class Check(msgspec.Struct, frozen=True):
    """What is written of one record.

    `names` has the record and each part with the line that declares it. `offsets` is
    the path of its offsets type, `rows_of` the name of a `Choice`. `measured` are
    finished lines of the expressions that the compiler evaluates, in the order of a
    row's numbers; empty for what is measured as records are. `rows` are finished lines
    of numbers.
    """

    path: str
    names: str
    offsets: str
    rows_of: str
    measured: str
    rows: str


class RegionsCheck(msgspec.Struct, frozen=True):
    """The same of a context's regions: the path of the context's offsets type, and a
    finished line for each region."""

    offsets: str
    lines: str


class Checks:
    """Makes the checks of one module, and remembers what they refer to.

    `line` is the line of a span.
    """

    def __init__(self, chooser: Chooser) -> None:
        self._chooser = chooser
        self._job = chooser.job
        self._names: dict[tuple[int, ...], str] = {}
        self.line = Lines().line

    @property
    def choices(self) -> list[Choice]:
        """The constants that the checks made so far refer to."""
        return [
            Choice(name, ", ".join(map(str, order)))
            for order, name in self._names.items()
        ]

    def of(
        self,
        declared: m.Declaration,
        parts: Sequence[tuple[str, int]] = (),
        measured: str = "",
    ) -> Check:
        """The check of a declared type. `parts` are what it has with their lines, by
        the names that Rust knows; `measured` replaces the type's own measures."""
        name = declared.name
        path, line = self._job.path(declared.span.file), self.line(declared.span)
        rows = self._chooser.record(name)
        return Check(
            literal(path),
            ", ".join([f"{name}: {line}", *[f"{p}: {n}" for p, n in parts]]),
            f"super::{self._job.module.name}_offsets::{offsets_type(declared)}",
            self._rows_of(rows.order),
            measured,
            "".join(
                [
                    f"    {str(v)[1:-1]}, // {h}\n"
                    for h, v in zip(rows.headings, rows.values, strict=True)
                ]
            ),
        )

    def regions(self, declared: m.Context, spelling: Spelling) -> RegionsCheck | None:
        """The check of a context's regions, if it has any."""
        numbers = self._chooser.regions(declared.name)
        lines = [
            f"    {spelled(region.name)}: {region.span.line} of "
            f"{spelling.type(region.element)}: {found.strides}, {found.roundings};\n"
            for region, found in zip(declared.regions, numbers, strict=True)
        ]
        path = f"super::{self._job.module.name}_offsets::{declared.name}Offsets"
        return RegionsCheck(path, "".join(lines)) if lines else None

    def _rows_of(self, order: tuple[int, ...]) -> str:
        """The Rust constant that says which of a record's rows each model has."""
        found = self._names.get(order)
        if found is None:
            found = self._names[order] = f"VMGEN_ROWS_{'_'.join(map(str, order))}"
        return found
