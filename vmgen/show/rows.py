"""The lines that `vmgen layout` shows of one type, for one target or several.

Numbers are `vmgen.show.describe`'s; this arranges them: a line for each part and
each hole, with an offset and a size for every target.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from vmgen.layout.padding import CACHE_LINE, cache_lines, padding_after
from vmgen.layout.place import RecordLayout
from vmgen.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Described = dict[str, Any]
"""One type on one target, as `vmgen.show.describe` gives it."""

Cell = tuple[str, str]
"""An offset and a size, each empty where a target has none."""

ABSENT: Cell = ("", "")


class Row(msgspec.Struct, frozen=True):
    """A line. `role` is what it is: part, hole, boundary, fault, total."""

    cells: tuple[Cell, ...]
    name: str
    type: str = ""
    role: str = "part"

    @property
    def differs(self) -> bool:
        """Whether targets disagree on the numbers of this line."""
        return any(cell != self.cells[0] for cell in self.cells)


def parts(described: Described, concrete: bool) -> list[Mapping[str, Any]]:
    """Fields, and with counts given the regions too, each as a field of its bytes."""
    found: list[Mapping[str, Any]] = list(described.get("fields", ()))
    if concrete:
        found.extend(
            {
                "name": region["name"],
                "type": f"[{region['type']}; {region['count']}]",
                "offset": region["offset"],
                "size": region["stride"] * region["count"],
                "align": region["align"],
                "count": region["count"],
            }
            for region in described.get("regions", ())
        )
    return found


def record_of(described: Described, concrete: bool) -> RecordLayout:
    """The described bytes as a record, for its holes. Of a context without counts
    these are the fixed fields alone."""
    placed = parts(described, concrete)
    size = described.get("size", 0)
    if described["kind"] == "context" and not concrete:
        size = max((p["offset"] + p["size"] for p in placed), default=0)
    return RecordLayout(
        size,
        described.get("align", 1),
        tuple(p["offset"] for p in placed),
        tuple((p["size"], p["align"]) for p in placed),
    )


def rows(described: Sequence[Described], concrete: bool) -> Iterator[Row]:
    """The lines of one type; `described` has it once per target."""
    records = [record_of(d, concrete) for d in described]
    holes = [padding_after(r) for r in records]
    columns = [parts(d, concrete) for d in described]
    single = len(described) == 1
    line = 0
    for index, part in enumerate(columns[0]):
        if single and described[0]["kind"] != "union":
            yield from _boundary(part["offset"], line)
            line = max(line, part["offset"] // CACHE_LINE)
        cells = tuple(
            (str(column[index]["offset"]), str(column[index]["size"]))
            for column in columns
        )
        yield Row(cells, part["name"], part["type"])
        yield from _misaligned([column[index] for column in columns])
        found = [after.get(index) for after in holes]
        if any(found):
            last = index == len(columns[0]) - 1
            if single and found[0]:
                yield from _boundary(found[0][0], line)
                line = max(line, found[0][0] // CACHE_LINE)
            yield _hole(found, last)
    if single:
        end = records[0].size
        if end % CACHE_LINE:
            yield from _boundary(end, line)


def _boundary(offset: int, line: int) -> Iterator[Row]:
    """Cache lines that have begun between the last part and `offset`, as pahole says
    it: the last one, and how far back it began."""
    reached = offset // CACHE_LINE
    if reached > line:
        past = offset % CACHE_LINE
        ago = f" was {plural(past, 'byte')} ago" if past else ""
        text = f"--- cacheline {reached} boundary ({reached * CACHE_LINE} bytes){ago}"
        yield Row((ABSENT,), f"/* {text} --- */", role="boundary")


def _hole(found: Sequence[tuple[int, int] | None], tail: bool) -> Row:
    what = "tail padding" if tail else "hole"
    cells = tuple((str(f[0]), str(f[1])) if f else ABSENT for f in found)
    lengths = {f[1] for f in found if f}
    size = f"{plural(lengths.pop(), 'byte')} " if len(lengths) == 1 else ""
    return Row(cells, f"/* {size}{what} */", role="hole")


def _misaligned(placed: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """A line that says so where a region is off its alignment with these counts."""
    cells = []
    for part in placed:
        off = part["offset"] % part["align"] if part.get("count") else 0
        cells.append(f"{off} mod {part['align']}" if off else "")
    if any(cells):
        if len(cells) == 1:
            text = f"/* misaligned: it begins at {cells[0]} */"
            yield Row((ABSENT,), text, role="fault")
        else:
            yield Row(
                tuple(("", cell.replace(" mod ", "%")) for cell in cells),
                "/* misaligned */",
                role="fault",
            )


def totals(described: Described, concrete: bool) -> str:
    """The last line of a type on one target."""
    if described["kind"] == "opaque":
        return "known by its address only"
    size = f"size {described['size']}, align {described['align']}"
    if described["kind"] == "context" and not concrete:
        size = f"align {described['align']}"
    placed = parts(described, concrete)
    if not placed:
        return size
    record = record_of(described, concrete)
    what = {"union": "member", "functions": "slot"}.get(described["kind"], "field")
    said = [size]
    used = record.size - sum(length for _, length in record.holes)
    if described["kind"] == "union":
        said.append(plural(len(placed), what))
    else:
        said.append(f"{plural(len(placed), what)} of {plural(used, 'byte')}")
    inner, tail = _split(record)
    if inner:
        said.append(f"{plural(len(inner), 'hole')} of {plural(sum(inner), 'byte')}")
    if tail:
        said.append(f"tail padding of {plural(tail, 'byte')}")
    if described["kind"] != "context" or concrete:
        said.append(plural(cache_lines(record.size), "cache line"))
    return "; ".join(said)


def _split(record: RecordLayout) -> tuple[list[int], int]:
    """Lengths of the holes between parts, and of the padding at the end."""
    inner = [length for _, length in record.holes]
    at_end = record.holes and sum(record.holes[-1]) == record.size
    return (inner[:-1], inner[-1]) if at_end else (inner, 0)
