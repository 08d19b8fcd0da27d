"""The table of layouts that a generated module hands to its runtime, as Python.

`runtime/definition.py` says what its rows are. Numbers are those of `vmgen.layout`, one per
column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.python.literals import MARGIN, block, shown
from vmgen.layout.fingerprint import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.languages.python.columns import Columns
    from vmgen.layout.parts import Record, Region


class Rows:
    """Rows of the table of one module."""

    def __init__(self, columns: Columns) -> None:
        self._classes = columns.classes

    def row(
        self,
        what: str,
        cls: str,
        record: Record,
        parts: Iterable[str] = (),
        more: Iterable[str] = (),
    ) -> str:
        """The row of a declared type, whose Python class is `cls`."""
        rest = "".join(f", {one}" for one in more)
        held = block(parts)
        return f'{MARGIN}("{what}", "{cls}", {held}, {self._numbers(record)}{rest}),'

    def part(self, name: str, tree: str) -> str:
        """The line of a part; `tree` is that of its type, as a literal."""
        return f'"{name}", {tree}'

    def region(self, name: str, tree: str, region: Region) -> str:
        """The row of a region; `tree` is that of an element's type, as a literal."""
        source = region.source
        how = f"{shown(source.count)}, {shown(source.when)}"
        return f'("{name}", {tree}, {how})'

    def _numbers(self, record: Record) -> str:
        """A record's numbers, a tuple for each column; one alone if they agree."""
        rows = [tuple(numbers(record, index)) for index in self._classes]
        if len(set(rows)) == 1:
            return f"({rows[0]},)"
        return block(map(str, rows))
