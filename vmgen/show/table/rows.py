"""The lines of one type in a table, for one column or several: a line for each part and
each hole, with an offset and a size for every column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.layout.cache_lines import cache_line, cache_lines
from vmgen.show.columns import merged, same_things
from vmgen.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.place import Hole
    from vmgen.layout.placed import Placed, PlacedPart

Cell = tuple[str, str]
"""An offset and a size, each empty where a column has none."""

ABSENT: Cell = ("", "")


class Row(msgspec.Struct, frozen=True):
    """A line. `role` is what it is: part, hole, boundary, fault, total."""

    cells: tuple[Cell, ...]
    name: str
    type: str = ""
    role: str = "part"
    has_several: bool = False
    """Whether columns have different names or types on this line."""

    @property
    def differs(self) -> bool:
        """Whether columns disagree on what is on this line."""
        return self.has_several or any(cell != self.cells[0] for cell in self.cells)


def rows(
    kind: str, each: Sequence[Placed | None], ages: Sequence[int]
) -> Iterator[Row]:
    """The lines of one type of that kind; `each` has it once per column, None in one
    whose version doesn't have it. `ages` are the columns' (`Column.age`)."""
    alone = each[0] if len(each) == 1 else None
    if alone is None:
        yield from _side_by_side(each, ages)
    elif kind == "union":
        yield from _with_boundaries(alone, in_union=True)
    else:
        yield from _with_boundaries(alone, in_union=False)


def _side_by_side(each: Sequence[Placed | None], ages: Sequence[int]) -> Iterator[Row]:
    names = [{part.name: part.was for part in p.parts} if p else {} for p in each]
    things = same_things(names, ages)
    by_thing = [
        {known[part.name]: part for part in p.parts} if p else {}
        for p, known in zip(each, things, strict=True)
    ]
    for thing in merged(by_thing):
        parts = [found.get(thing) for found in by_thing]
        yield _part(parts)
        if any(part and part.remainder for part in parts):
            off = [
                f"{p.remainder}%{p.align}" if p and p.remainder else "" for p in parts
            ]
            cells = tuple(("", cell) for cell in off)
            yield Row(cells, "/* misaligned */", role="fault")
        holes = [part.padding if part else None for part in parts]
        if any(holes):
            yield _hole(each, holes)


def _with_boundaries(placed: Placed, *, in_union: bool) -> Iterator[Row]:
    """The lines for one target, with those of cache lines that begin in between."""
    line = 0
    for part in placed.parts:
        if not in_union:
            yield from _boundary(part.offset, line)
            line = max(line, cache_line(part.offset).number)
        yield _part([part])
        if part.remainder:
            text = f"it begins at {part.remainder} mod {part.align}"
            yield Row((ABSENT,), f"/* misaligned: {text} */", role="fault")
        if part.padding:
            yield from _boundary(part.padding[0], line)
            line = max(line, cache_line(part.padding[0]).number)
            yield _hole([placed], [part.padding])
    if cache_line(placed.size).past:
        yield from _boundary(placed.size, line)


def _part(parts: Sequence[PlacedPart | None]) -> Row:
    cells = tuple((p.shown_offset, str(p.size)) if p else ABSENT for p in parts)
    there = [part for part in parts if part]
    names = list(dict.fromkeys(part.name for part in there))
    types = list(dict.fromkeys(part.type for part in there))
    several = len(names) > 1 or len(types) > 1
    return Row(cells, " | ".join(names), " | ".join(types), has_several=several)


def _boundary(offset: int, line: int) -> Iterator[Row]:
    """Cache lines that have begun between the last part and `offset`, as pahole says
    it: the last one, and how far back it began."""
    reached = cache_line(offset)
    if reached.number > line:
        ago = f" was {plural(reached.past, 'byte')} ago" if reached.past else ""
        text = f"cacheline {reached.number} boundary ({reached.begin} bytes){ago}"
        yield Row((ABSENT,), f"/* --- {text} --- */", role="boundary")


def _hole(each: Sequence[Placed | None], found: Sequence[Hole | None]) -> Row:
    pairs = zip(each, found, strict=True)
    is_tail = all(p is None or hole is None or p.is_tail(hole) for p, hole in pairs)
    what = "tail padding" if is_tail else "hole"
    cells = tuple((str(f[0]), str(f[1])) if f else ABSENT for f in found)
    lengths = {f[1] for f in found if f}
    size = f"{plural(lengths.pop(), 'byte')} " if len(lengths) == 1 else ""
    return Row(cells, f"/* {size}{what} */", role="hole")


def total_rows(each: Sequence[Placed | None], *, sized: bool) -> list[Row]:
    """Size and alignment as lines of the table, where columns are compared."""
    sizes = tuple(("", str(placed.size) if placed else "") for placed in each)
    aligns = tuple(("", str(placed.align) if placed else "") for placed in each)
    align = Row(aligns, "align", role="total")
    return [Row(sizes, "size", role="total"), align] if sized else [align]


def totals(kind: str, placed: Placed, *, sized: bool, whole: bool = True) -> str:
    """The last line of a type on one target; a context without counts has no size, and
    what is no `whole` has no alignment either."""
    said = [f"size {placed.size}, align {placed.align}"]
    if not sized:
        said = [f"align {placed.align}"] if whole else []
    if not placed.parts:
        return said[0]
    what = {"union": "member", "functions": "slot"}.get(kind, "field")
    said.append(plural(len(placed.parts), what))
    if kind != "union":
        said[-1] += f" of {plural(placed.used, 'byte')}"
    inner = placed.inner_holes
    if inner:
        said.append(f"{plural(len(inner), 'hole')} of {plural(sum(inner), 'byte')}")
    if placed.tail:
        said.append(f"tail padding of {plural(placed.tail, 'byte')}")
    if sized:
        said.append(plural(cache_lines(placed.size), "cache line"))
    return "; ".join(said)
