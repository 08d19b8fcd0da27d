"""The blocks of the table of layouts that a generated module hands to its runtime.

`templates/python/runtime/define.py.j2` reads them. Numbers are those of
`vmgen.layout`, one per column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.emit.lines import Lines
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.emit.job import Job
    from vmgen.emit.python.columns import Columns
    from vmgen.layout.records import RecordLayout
    from vmgen.source import Span


class Blocks:
    """Builds the blocks of the layouts' text, by value first."""

    def __init__(self, job: Job, columns: Columns) -> None:
        self._job = job
        self._columns = columns
        self._files = {f.name: number for number, f in enumerate(job.module.files)}
        self.line = Lines().line

    def place(self, span: Span) -> str:
        """`FILE:LINE`, the file by number; the line alone in the schema itself."""
        number = self._files[span.file.name]
        line = self.line(span)
        return f"{number}:{line}" if number else str(line)

    def block(
        self,
        category: str,
        name: str,
        span: Span,
        extent: str,
        rows: Iterable[str],
        options: str = "",
    ) -> str:
        """A record: its size and alignment as the table has them, and its rows."""
        head = f"{category} {name} {self.place(span)} {extent}{options}"
        return "\n".join([head, *rows])

    def extent(self, name: str) -> str:
        """Size and alignment of a declared type, as the table has them."""
        layouts = self._layouts(name)
        tokens = self._columns.tokens
        sizes = tokens[tuple([layout.size for layout in layouts])]
        return f"{sizes} {tokens[tuple([layout.align for layout in layouts])]}"

    def part_extents(self, name: str) -> Iterator[str]:
        """The same of each part of a declared type."""
        tokens = self._columns.tokens
        parts = zip(*[layout.extents for layout in self._layouts(name)], strict=True)
        for part in parts:
            sizes, aligns = zip(*part, strict=True)
            yield f"{tokens[sizes]} {tokens[aligns]}"

    def offsets(self, name: str) -> Iterator[str]:
        """The offsets of each part of a declared type, as the table has them."""
        parts = zip(*[layout.offsets for layout in self._layouts(name)], strict=True)
        return map(self._columns.tokens.__getitem__, parts)

    def _layouts(self, name: str) -> list[RecordLayout]:
        """A declared type's layouts, one per column."""
        row = self._job.layouts.row(name)
        return [row[i] for i in self._columns.classes]

    def region_rows(
        self, name: str, attributes: Sequence[str], tokens: Sequence[str]
    ) -> Iterator[str]:
        """The rows of a context's regions; `.` is no count, and no flag."""
        context = self._job.module.types[name]
        assert isinstance(context, m.Context)
        layouts = self._job.contexts[name]
        columns = [layouts[i].regions for i in self._columns.classes]
        for region, attribute, token, placed in zip(
            context.regions, attributes, tokens, zip(*columns, strict=True), strict=True
        ):
            count = "." if region.count is None else region.count
            rounding = self._columns.tokens[tuple([r.round_to for r in placed])]
            strides = self._columns.tokens[tuple([r.stride for r in placed])]
            yield (
                f"+ {attribute} {token} {self.line(region.span)} {count} "
                f"{region.when or '.'} {region.align or 0} {rounding} {strides}"
            )
