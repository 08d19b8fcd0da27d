"""`vmgen layout` as text: records byte for byte, contexts with their formulas.

For one target the style is pahole's: a line per field, comments for holes and for
the begin of each cache line, totals below. Several targets stand side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.colour import paint
from vmgen.layout.fingerprint import shown as in_hex
from vmgen.layout.placed import placed
from vmgen.schema import model as m
from vmgen.show.columns import merged, same_things
from vmgen.show.table.regions import Shown, formulas
from vmgen.show.table.rows import Row, rows, total_rows, totals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.layout.parts import Record
    from vmgen.show.columns import Column

OFFSET, SIZE = 8, 6
"""Least widths of the two numbers that each target has on a line."""

_ROLES = {
    "part": ("bold", "dim"),
    "hole": ("warning", "dim"),
    "boundary": ("frame", "dim"),
    "fault": ("error", "dim"),
    "total": ("bold", "dim"),
}


def table(
    columns: Sequence[Column],
    names: Sequence[str],
    counts: Mapping[str, int] | None,
    *,
    only_differences: bool,
    colour: bool,
    width: int | None = None,
) -> str:
    """The named types in columns of one module; the text has a line's end at its end.

    With `counts`, of which those that are missing are 0, contexts are shown with the
    offsets of their regions, and as formulas without. Lines are cut to `width` columns,
    None for as long as they are. `only_differences` leaves out what is the same in all
    columns.

    Raises `vmgen.layout.expr.OffsetOverflow` for counts that no u32 offset reaches.
    """
    writer = _Writer(columns, counts, only_differences, colour, width)
    return "".join(f"{line}\n" for line in writer.lines(names))


class _Writer:
    """One call's choices, so that each step needs only its own arguments."""

    def __init__(
        self,
        columns: Sequence[Column],
        counts: Mapping[str, int] | None,
        only_differences: bool,
        colour: bool,
        width: int | None,
    ) -> None:
        self.columns = columns
        self.counts = counts
        self.only_differences = only_differences
        self.colour = colour
        self.width = width
        self.labels = [_label(i) for i in range(len(columns))]
        self.single = len(columns) == 1
        self.ages = [column.age for column in columns]

    def lines(self, names: Sequence[str]) -> Iterator[str]:
        yield from self._head()
        same = 0
        each = self._records(names)
        for records in each:
            block = list(self._type(records))
            if not block:
                same += 1
                continue
            yield ""
            yield from block
        if same:
            what = "type is" if same == 1 else "types are"
            yield ""
            where = (
                "on all of these targets" if self._same_version else "in all of these"
            )
            yield f"{same} of {len(each)} {what} the same {where}"

    def _records(self, names: Sequence[str]) -> list[list[Record | None]]:
        """What the named types are in each column, each type once, whatever a version
        calls it."""
        types = [column.layouts.module.types for column in self.columns]
        former = [{name: each[name].was for name in each} for each in types]
        things = same_things(former, self.ages)
        by_thing = [{thing: name for name, thing in each.items()} for each in things]
        wanted = merged([[each[n] for n in names if n in each] for each in things])
        return [
            [
                column.record(found[thing]) if thing in found else None
                for column, found in zip(self.columns, by_thing, strict=True)
            ]
            for thing in wanted
        ]

    @property
    def _same_version(self) -> bool:
        first = self.columns[0].version
        return all(column.version == first for column in self.columns)

    def _head(self) -> Iterator[str]:
        first = self.columns[0]
        version = f" {first.version}" if first.version and self._same_version else ""
        module = f"{first.module}{version}"
        if self.single:
            yield f"{module} on {_target(first)}"
            return
        yield f"{module}; * marks what differs"
        for label, column in zip(self.labels, self.columns, strict=True):
            where = _target(column)
            if not self._same_version:
                where = f"{column.version} on {where}"
            yield f"  {self._paint(label, 'bold')}  {where}"

    def _type(self, records: Sequence[Record | None]) -> Iterator[str]:
        record = [r for r in records if r][-1]
        names = list(dict.fromkeys(r.name for r in records if r))
        is_opaque = isinstance(record.declared, m.Opaque)
        has_formulas = bool(record.contexts) and self.counts is None
        sized = not has_formulas and not m.is_prefix(record.declared)
        each = [
            placed(r, column.index, self.counts) if r else None
            for r, column in zip(records, self.columns, strict=True)
        ]
        lines = list(rows(record.kind, each, self.ages))
        if not (self.single or is_opaque):
            whole = not m.is_prefix(record.declared)
            lines += total_rows(each, sized=sized) if whole else []
        below = list(self._formulas(records)) if has_formulas else []
        variants = list(self._variants(records))
        if self.only_differences:
            lines = [row for row in lines if row.differs]
            if not (lines or below or variants or len(names) > 1):
                return
        yield self._title(record, names)
        yield from self._table(lines)
        yield from below
        yield from variants
        alone = each[0] if self.single else None
        if alone is not None:
            whole = not m.is_prefix(record.declared)
            total = totals(record.kind, alone, sized=sized, whole=whole)
            said = "known by its address only" if is_opaque else total
            yield f"  {self._paint(said, 'bold')}"

    def _title(self, record: Record, names: Sequence[str]) -> str:
        shown = f"{record.kind} {' | '.join(names)}"
        if m.is_prefix(record.declared):
            shown += ", of which this is a prefix"
        match record.declared:
            case m.PlainEnum(tag=type) | m.TaggedEnum(tag=type) | m.Newtype(inner=type):
                shown += f": {type}"
            case _:
                pass
        return self._paint(shown, "bold")

    def _table(self, lines: Sequence[Row]) -> Iterator[str]:
        if not lines:
            return
        widths = _widths(lines)
        if not self.single:
            yield "  " + "".join(f"{label:>{sum(widths)}}" for label in self.labels)
        yield "  " + _cell("offset", "size", widths) * len(self.labels)
        named = [len(row.name) for row in lines if row.type]
        name_width = max(named, default=0)
        for row in lines:
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

    def _formulas(self, records: Sequence[Record | None]) -> Iterator[str]:
        each = zip(self.labels, records, self.columns, strict=True)
        contexts = [
            Shown(label, record, column.index, column.age)
            for label, record, column in each
            if record is not None and record.contexts
        ]
        shown = formulas(
            contexts,
            self.labels,
            only_differences=self.only_differences,
            width=self.width,
        )
        for text, role in shown:
            yield self._paint(text, role) if role else text

    def _variants(self, records: Sequence[Record | None]) -> Iterator[str]:
        """The variants of an enum; those that not all columns have with those that do."""
        each = [_variants_of(record) for record in records]
        former = [{v.name: v.was for v in variants} for variants in each]
        things = same_things(former, self.ages)
        having: dict[tuple[int, int, str], tuple[list[str], list[str]]] = {}
        for label, variants, known in zip(self.labels, each, things, strict=True):
            for variant in variants:
                payload = f"({variant.text.type})" if variant.text else ""
                key = variant.value, known[variant.name], payload
                names, labels = having.setdefault(key, ([], []))
                labels.append(label)
                if variant.name not in names:
                    names.append(variant.name)
        digits = max((len(str(value)) for value, *_ in having), default=0)
        # In the order written where that is the same everywhere.
        same = all(len(labels) == len(self.labels) for _, labels in having.values())
        for value, thing, payload in having if same else sorted(having):
            names, labels = having[value, thing, payload]
            text = f"{value:>{digits}} = {' | '.join(names)}{payload}"
            if len(labels) < len(self.labels):
                yield f"* {text}  [{' '.join(labels)}]"
            elif len(names) > 1:
                yield f"* {text}"
            elif not self.only_differences:
                yield f"  {text}"

    def _cut(self, text: str, used: int) -> str:
        if self.width is None or used + len(text) <= self.width:
            return text
        room = self.width - used - 3
        return f"{text[:room]}..." if room > 0 else ""

    def _paint(self, text: str, role: str) -> str:
        return paint(text, role, self.colour)


def _variants_of(record: Record | None) -> tuple[m.Variant, ...]:
    declared = record.declared if record else None
    if isinstance(declared, m.PlainEnum | m.TaggedEnum):
        return declared.variants
    return ()


def _widths(lines: Sequence[Row]) -> tuple[int, int]:
    """Widths of offsets and sizes: two columns stay free to the left of each number."""
    cells = [cell for row in lines for cell in row.cells]
    return (
        max([OFFSET, *(len(offset) + 2 for offset, _ in cells)]),
        max([SIZE, *(len(size) + 2 for _, size in cells)]),
    )


def _cell(offset: str, size: str, widths: tuple[int, int]) -> str:
    return f"{offset:>{widths[0]}}{size:>{widths[1]}}"


def _target(column: Column) -> str:
    target, model = column.target, column.target.model
    fingerprint = in_hex(column.layouts.fingerprint(target))
    return (
        f"{target.name} ({model.pointer_width}-bit, {model.endian}-endian), "
        f"fingerprint {fingerprint}"
    )


def _label(index: int) -> str:
    """`A` to `Z`, then `AA`."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, len(letters))
        text = letters[letter] + text
    return text
