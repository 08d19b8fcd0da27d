"""`vmgen layout` as text: records byte for byte, contexts with their formulas.

For one target the style is pahole's: a line per field, comments for holes and for
the begin of each cache line, totals below. Several targets stand side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.colour import paint
from vmgen.show.regions import formulas
from vmgen.show.rows import Described, Row, rows, totals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.layouts import Layouts

OFFSET, SIZE = 8, 6
"""Least widths of the two numbers that each target has on a line."""

_ROLES = {
    "part": ("bold", "dim"),
    "hole": ("warning", "dim"),
    "boundary": ("frame", "dim"),
    "fault": ("error", "dim"),
    "total": ("bold", "dim"),
}


def tables(
    described: Sequence[Described],
    layouts: Layouts,
    *,
    concrete: bool,
    only_differences: bool,
    colour: bool,
    width: int | None = None,
) -> str:
    """The text, with a line's end at its end.

    `described` has one object of `vmgen.show.describe` per target, all about the
    same types. Contexts are shown with their counts' offsets when `concrete`, and
    as formulas otherwise. Lines are cut to `width` columns, None for as long as
    they are. `only_differences` leaves out what is the same on all targets.
    """
    writer = _Writer(described, layouts, concrete, only_differences, colour, width)
    return "".join(f"{line}\n" for line in writer.lines())


class _Writer:
    """One call's choices, so that each step needs only its own arguments."""

    def __init__(
        self,
        described: Sequence[Described],
        layouts: Layouts,
        concrete: bool,
        only_differences: bool,
        colour: bool,
        width: int | None,
    ) -> None:
        self.described = described
        self.layouts = layouts
        self.concrete = concrete
        self.only_differences = only_differences
        self.colour = colour
        self.width = width
        self.labels = [_label(i) for i in range(len(described))]
        self.single = len(described) == 1

    def lines(self) -> Iterator[str]:
        yield from self._head()
        names = list(self.described[0]["types"])
        same = 0
        for name in names:
            block = list(self._type(name))
            if not block:
                same += 1
                continue
            yield ""
            yield from block
        if same:
            what = "type is" if same == 1 else "types are"
            yield ""
            yield f"{same} of {len(names)} {what} the same on all of these targets"

    def _head(self) -> Iterator[str]:
        if self.single:
            yield f"{self.described[0]['module']} on {_target(self.described[0])}"
            return
        yield f"{self.described[0]['module']}; * marks what differs"
        for label, one in zip(self.labels, self.described, strict=True):
            yield f"  {self._paint(label, 'bold')}  {_target(one)}"

    def _type(self, name: str) -> Iterator[str]:
        per_target = [one["types"][name] for one in self.described]
        kind = per_target[0]["kind"]
        is_context = kind == "context" and not self.concrete
        table = [*rows(per_target, self.concrete), *self._total_rows(per_target)]
        below = list(self._formulas(name)) if is_context else []
        if self.only_differences:
            table = [r for r in table if r.differs]
            if not table and not below:
                return
        yield self._title(name, per_target[0])
        yield from self._table(table)
        yield from below
        if not self.only_differences:
            yield from self._variants(per_target[0])
        if self.single:
            total = totals(per_target[0], self.concrete)
            yield f"  {self._paint(total, 'bold')}"

    def _title(self, name: str, described: Described) -> str:
        kind = described["kind"]
        shown = f"{kind} {name}"
        if "tag" in described:
            shown += f": {described['tag']}"
        if "of" in described:
            shown += f": {described['of']}"
        return self._paint(shown, "bold")

    def _total_rows(self, per_target: Sequence[Described]) -> list[Row]:
        """Size and alignment as lines of the table, where targets are compared."""
        if self.single or "align" not in per_target[0]:
            return []
        found = []
        if per_target[0]["kind"] != "context" or self.concrete:
            sizes = tuple(("", str(d["size"])) for d in per_target)
            found.append(Row(sizes, "size", role="total"))
        aligns = tuple(("", str(d["align"])) for d in per_target)
        found.append(Row(aligns, "align", role="total"))
        return found

    def _table(self, table: Sequence[Row]) -> Iterator[str]:
        if not table:
            return
        widths = _widths(table)
        if not self.single:
            yield "  " + "".join(f"{label:>{sum(widths)}}" for label in self.labels)
        yield "  " + _cell("offset", "size", widths) * len(self.labels)
        named = [len(r.name) for r in table if r.type]
        name_width = max(named, default=0)
        for row in table:
            yield self._row(row, name_width, widths)

    def _row(self, row: Row, name_width: int, widths: tuple[int, int]) -> str:
        cells = row.cells if len(row.cells) == len(self.labels) else ()
        numbers = "".join(
            _cell(offset, size, widths) for offset, size in cells
        ) or " " * (len(self.labels) * sum(widths))
        mark = "*" if row.differs else " "
        name_role, type_role = _ROLES[row.role]
        name = f"{row.name:<{name_width}}" if row.type else row.name
        used = len(numbers) + 4 + len(name) + 2
        type = self._cut(row.type, used)
        shown = f"{mark} {numbers}  {self._paint(name, name_role)}"
        return (f"{shown}  {self._paint(type, type_role)}" if type else shown).rstrip()

    def _variants(self, described: Described) -> Iterator[str]:
        variants = described.get("variants", ())
        if not variants:
            return
        digits = max(len(str(v["value"])) for v in variants)
        for variant in variants:
            payload = f"({variant['type']})" if variant["type"] else ""
            yield f"  {variant['value']:>{digits}} = {variant['name']}{payload}"

    def _formulas(self, name: str) -> Iterator[str]:
        shown = formulas(
            self.layouts,
            name,
            [one["target"] for one in self.described],
            self.labels,
            only_differences=self.only_differences,
            width=self.width,
        )
        for text, role in shown:
            yield self._paint(text, role) if role else text

    def _cut(self, text: str, used: int) -> str:
        if self.width is None or used + len(text) <= self.width:
            return text
        room = self.width - used - 3
        return f"{text[:room]}..." if room > 0 else ""

    def _paint(self, text: str, role: str) -> str:
        return paint(text, role, self.colour)


def _widths(table: Sequence[Row]) -> tuple[int, int]:
    """Widths of offsets and sizes: two columns stay free to the left of each number."""
    cells = [cell for row in table for cell in row.cells]
    return (
        max([OFFSET, *(len(offset) + 2 for offset, _ in cells)]),
        max([SIZE, *(len(size) + 2 for _, size in cells)]),
    )


def _cell(offset: str, size: str, widths: tuple[int, int]) -> str:
    return f"{offset:>{widths[0]}}{size:>{widths[1]}}"


def _target(described: Described) -> str:
    width, endian = described["pointer_width"], described["endian"]
    return f"{described['target']} ({width}-bit, {endian}-endian)"


def _label(index: int) -> str:
    """`A` to `Z`, then `AA`."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, len(letters))
        text = letters[letter] + text
    return text
