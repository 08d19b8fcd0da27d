"""The numbers of a layout in a header, and what a compiler says of a wrong one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROW = re.compile(
    r"^VMGEN_(?P<what>[A-Z_]+?1?)(?P<several>S?)\((?P<type>\w+)(?:, (?P<part>[a-z]\w*))?,"
    r" +(?P<numbers>.+)\);$",
    re.MULTILINE,
)
MACRO = re.compile(
    r"^#define (?P<macro>\w+)\(model\)(?: \\\n   )? "
    r"(?:\w+_BY_MODEL\(model, )?(?P<numbers>\d+(?:, +\d+)*)\)?$",
    re.MULTILINE,
)
RECORD = re.compile(r"^(?:struct|union) (\w+) \{\n(.*?)^\};$", re.MULTILINE | re.DOTALL)
MEMBER = re.compile(r"(\w+)((?:\[[^]]+\])+);$", re.MULTILINE)
TYPEDEF = re.compile(r"^typedef .*\b(\w+)((?:\[\d+\])+);$", re.MULTILINE)
PROBE = re.compile(
    r"^struct vmgen_in_([^\W_]+)_(\w+) \{ char before; .*\bit((?:\[\d+\])+); \};$",
    re.MULTILINE,
)
WHAT = {
    "RECORD": "size or alignment",
    "TYPEDEF": "size or alignment",
    "SIZE": "size",
    "ALIGN": "alignment",
    "OFFSET": "offset",
    "ARRAY": "offset or size",
    "END": "end",
    "BEGIN": "begin of the regions",
    "ELEMENT": "size of an element",
    "NATURAL": "alignment of an element",
    "NATURAL_OR_1": "alignment of an element",
    "ROUNDING": "rounding",
}
"""What each row says of the type, member or region that it is given."""


class Number(NamedTuple):
    """A number that the compiler of one data model judges: its place in the header, and
    what is said when it is wrong."""

    start: int
    end: int
    says: str


def judged(header: str, model: int, models: int) -> list[Number]:
    """Every number of a layout that a header has for the data model of that index, out of
    so many: in rows, macros and declarations."""
    found = [*_of_rows(header, model, models), *_of_declarations(header)]
    says = {
        macro: _says(row)
        for row in ROW.finditer(header)
        for macro in re.findall(r"\b([A-Z]\w+)\(\w+_HOST\)", row["numbers"])
    }
    for macro in MACRO.finditer(header):
        spans = _digits(macro, "numbers")
        start, end = spans[model if len(spans) > 1 else 0]
        found.append(Number(start, end, says[macro["macro"]]))
    return sorted(found)


def _of_rows(header: str, model: int, models: int) -> Iterator[Number]:
    for row in ROW.finditer(header):
        if "_HOST)" in row["numbers"]:
            continue
        if "_BY_MODEL(" in row["numbers"]:
            before = header.index("_HOST, ", row.start("numbers"), row.end())
            spans = [s for s in _digits(row, "numbers") if s[0] > before]
            yield Number(*spans[model], _says(row))
            continue
        spans = _digits(row, "numbers")
        if row["several"]:
            columns, rest = divmod(len(spans), models)
            chosen = [spans[column * models + model] for column in range(columns)]
            spans = [*chosen, *spans[len(spans) - rest :]] if rest else chosen
        for span in spans:
            yield Number(*span, _says(row))


def _of_declarations(header: str) -> Iterator[Number]:
    """The lengths of arrays."""
    for record in RECORD.finditer(header):
        for member in MEMBER.finditer(header, record.start(2), record.end(2)):
            says = f"{record[1]}.{member[1]}: offset or size"
            for start, end in _digits(member, 2):
                if member[1] != "bytes":
                    yield Number(start, end, says)
    for typedef in TYPEDEF.finditer(header):
        for span in _digits(typedef, 2):
            yield Number(*span, f"{typedef[1]}: size or alignment")
    for probe in PROBE.finditer(header):
        for span in _digits(probe, 3):
            yield Number(*span, f"{probe[1]}.{probe[2]}: size of an element")


def _digits(match: re.Match[str], group: str | int) -> list[tuple[int, int]]:
    start = match.start(group)
    return [
        (start + number.start(), start + number.end())
        for number in re.finditer(r"\b\d+\b", match[group])
    ]


def _says(row: re.Match[str]) -> str:
    part = f".{row['part']}" if row["part"] else ""
    return f"{row['type']}{part}: {WHAT[row['what']]}"
