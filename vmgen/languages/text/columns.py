"""Numbers side by side: a column for each group of layout classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.layout.class_names import column_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.groups import Group
    from vmgen.layout.parts import Part, Record

WIDTH = 10
ABSENT = "."

Lines = tuple[str, str]
"""The cells of a part, and the line of the padding after it or nothing."""


class Columns:
    """Writes the numbers of one module's records."""

    def __init__(self, classes: Sequence[LayoutClass]) -> None:
        self._classes = classes
        self._headings: dict[tuple[Group, ...], list[str]] = {}
        self._cells: dict[int, list[Lines]] = {}

    def heading(self, columns: tuple[Group, ...]) -> list[str]:
        """Labels above their columns; one that is too wide gets a line of its own."""
        known = self._headings.get(columns)
        if known is None:
            labels = [column_label(self._classes, group) for group in columns]
            known = self._headings[columns] = _staircase(labels)
        return known

    def totals(self, record: Record) -> str:
        """Size and alignment; the size of a context depends on its counts."""
        layouts = [record.layouts[group[0]] for group in record.columns]
        if record.contexts:
            return _line([f"/{layout.align}" for layout in layouts], "align")
        cells = [f"{layout.size}/{layout.align}" for layout in layouts]
        return _line(cells, "size/align")

    def parts(self, record: Record) -> Iterator[tuple[Part, Lines]]:
        """Each part with its numbers; records that are laid out alike have the same."""
        known = self._cells.get(id(record.layouts))
        on_some = any(part.on for part in record.parts)
        if known is None or on_some:
            known = [_cells(part, record.columns) for part in record.parts]
        if not on_some:
            self._cells[id(record.layouts)] = known
        return zip(record.parts, known, strict=True)


def _cells(part: Part, columns: tuple[Group, ...]) -> Lines:
    chosen = [group[0] for group in columns]
    cells = [
        ABSENT if i in part.absent else f"{part.shown_offset(i)}+{part.extents[i][0]}"
        for i in chosen
    ]
    holes = [part.padding[i] for i in chosen]
    if not any(holes):
        return _line(cells, ""), ""
    padding = [f"{hole[0]}+{hole[1]}" if hole else ABSENT for hole in holes]
    return _line(cells, ""), _line(padding, "(padding)")


def _line(cells: Iterable[str], text: str) -> str:
    numbers = "".join([f"{cell:<{WIDTH - 1}} " for cell in cells])
    return f"  {numbers}{text}"


def _staircase(labels: Sequence[str]) -> list[str]:
    lines = []
    current = ""
    for index, label in enumerate(labels):
        current = f"{current:<{index * WIDTH}}{label}"
        if len(label) >= WIDTH and index + 1 < len(labels):
            lines.append(f"  {current}")
            current = "".join(f"{'|':<{WIDTH}}" for _ in range(index + 1))
    lines.append(f"  {current}")
    return lines
