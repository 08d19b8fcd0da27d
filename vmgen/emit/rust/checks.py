"""What makes rustc compare each record with the schema's numbers.

One call per record: an assertion per number costs a compiler several times as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.emit.rust.names import literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.emit.rust.rows import Chooser
    from vmgen.schema import model as m


class Choice(msgspec.Struct, frozen=True):
    """A constant of the generated file: which of its rows a record has here."""

    name: str
    rows: str


class Check(msgspec.Struct, frozen=True):
    """The call for one record.

    `names` has the record and each part with the line that declares it. `measured`
    are finished lines of the expressions that the compiler evaluates, in the order of
    a row's numbers; `rows` are finished lines of numbers.
    """

    path: str
    names: str
    row: str
    measured: str
    rows: str


class Checks:
    """Makes the checks of one module, and remembers what they refer to."""

    def __init__(self, chooser: Chooser) -> None:
        self._chooser = chooser
        self._job = chooser.job
        self._names: dict[tuple[int, ...], str] = {}

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
        measured: Sequence[str] = (),
    ) -> Check:
        """The check of a declared type. `parts` are what it has with their lines, by
        the names that Rust knows; `measured` replaces the type's own measures."""
        name = declared.name
        path, _, line = self._job.place(declared.span).rpartition(":")
        rows = self._chooser.record(name)
        if not measured:
            measured = [
                f"        size_of::<{name}>(),\n        align_of::<{name}>(),\n",
                *[f"        offset_of!({name}, {part}),\n" for part, _ in parts],
            ]
        return Check(
            literal(path),
            " ".join([f"{name}:{line}", *[f"{p}:{n}" for p, n in parts]]),
            self.row(name),
            "".join(measured),
            "".join(
                [
                    f"        {str(v)[1:-1]}, // {h.models}\n"
                    for h, v in zip(rows.headings, rows.values, strict=True)
                ]
            ),
        )

    def rows(self, name: str) -> list[tuple[int, ...]]:
        """The different rows of a declared type."""
        return self._chooser.record(name).values

    def row(self, name: str) -> str:
        """A Rust expression: which of the rows of a declared type it has here."""
        order = self._chooser.record(name).order
        found = self._names.get(order)
        if found is None:
            # Also where there is one row for all, so that on a target that is none of
            # them nothing is compared, and nothing else is said.
            found = self._names[order] = f"VMGEN_ROW_{'_'.join(map(str, order))}"
        return found
