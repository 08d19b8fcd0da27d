"""The blocks of the table of layouts that a generated module hands to its runtime.

`templates/python/runtime/define.py.j2` reads them. Numbers are those of
`vmgen.layout`, one per column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.lines import Lines
from vmgen.layout.place import least_align
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.languages.job import Job
    from vmgen.languages.python.columns import Columns
    from vmgen.layout.contexts import RegionLayout
    from vmgen.layout.place import RecordLayout
    from vmgen.reading.source import Span


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

    def least(self, declared: m.Struct | m.Union) -> str:
        """` align=N` of a record that some target aligns to more than its parts need."""
        if declared.align is None:
            return ""
        needed = [layout.needed_align for layout in self._layouts(declared.name)]
        return self._option(declared.name, declared.align, needed) or ""

    def context_options(self, context: m.Context) -> str:
        """The same of a context; with ` fixed` first where its regions don't count."""
        least = least_align(context)
        fixed = [layout.needed_align for layout in self._layouts(context.name)]
        layouts = [self._job.contexts[context.name][i] for i in self._columns.classes]
        whole = [
            max([align, *(r.align for r in layout.regions)])
            for align, layout in zip(fixed, layouts, strict=True)
        ]
        option = self._option(context.name, least, whole)
        if option is None:
            return f" fixed{self._option(context.name, least, fixed)}"
        return option

    def _option(self, name: str, least: int, needed: list[int]) -> str | None:
        """What makes of the alignments that are needed those that are; None is none.

        Nothing where the parts alone do: a number that changes nothing can be wrong
        without being noticed.
        """
        aligns = [layout.align for layout in self._layouts(name)]
        if aligns == needed:
            return ""
        raised = [max(align, least) for align in needed]
        return f" align={least}" if aligns == raised else None

    def _layouts(self, name: str) -> list[RecordLayout]:
        """A declared type's layouts, one per column."""
        row = self._job.layouts.row(name)
        return [row[i] for i in self._columns.classes]

    def region_rows(
        self, name: str, attributes: Sequence[str], elements: Sequence[str]
    ) -> Iterator[str]:
        """The rows of a context's regions; `.` is no count, and no flag.

        What a fixed number of elements takes is in the last column.
        """
        tokens = self._columns.tokens
        context = self._job.module.types[name]
        assert isinstance(context, m.Context)
        layouts = self._job.contexts[name]
        columns = [layouts[i].regions for i in self._columns.classes]
        for region, attribute, token, placed in zip(
            context.regions,
            attributes,
            elements,
            zip(*columns, strict=True),
            strict=True,
        ):
            count = "." if region.count is None else region.count
            words = [
                f"+ {attribute} {token} {self.line(region.span)} {count}",
                region.when or ".",
                _asked(region, placed),
                tokens[tuple([r.round_to for r in placed])],
                tokens[tuple([r.stride for r in placed])],
            ]
            if isinstance(region.count, int):
                words.append(tokens[tuple([r.fixed_size for r in placed])])
            yield " ".join(words)


def _asked(region: m.Region, placed: Sequence[RegionLayout]) -> str:
    """What a region is aligned to: `.` where that is what its element needs.

    The table has a number only where some rounding is to it, so that the runtime
    notices when it is wrong.
    """
    if all(r.round_to in (1, r.align) and r.misaligned is None for r in placed):
        return "."
    return str(region.align) if any(r.round_to > 1 for r in placed) else "none"
