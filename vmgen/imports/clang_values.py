"""Numbers that clang makes of expressions of C, on a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from vmgen.imports.clang_types import HEADERS
from vmgen.imports.found import ImportFailed
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILE = "vmgen_asks.c"
_NUMBER = "vmgen_number_"


class Values(msgspec.Struct, frozen=True):
    """What clang says of some expressions: `numbers` are those that it has a number for,
    as an unsigned 64-bit integer, by index, and `faults` what is wrong with the others.
    `refused` is what is wrong before the first of them, with its place, empty if nothing is,
    and `line` that of our own lines, counted from 0, which it is in, None in another file.
    """

    numbers: dict[int, int]
    faults: dict[int, str]
    refused: str = ""
    line: int | None = None


def values(
    head: Sequence[str], expressions: Sequence[str], target: str, flags: Sequence[str]
) -> Values:
    """What the expressions come to behind the lines `head`, on one of rustc's targets.
    Raises `ImportFailed`."""
    from clang.cindex import (  # type: ignore[import-untyped]
        Index,
        TranslationUnitLoadError,
    )

    lines = [
        f"enum {{ {_NUMBER}{index} = (unsigned long long)({expression}) }};"
        for index, expression in enumerate(expressions)
    ]
    arguments = [
        "-xc", "-std=gnu17", f"--target={TARGETS[target].llvm}", "-ferror-limit=0",
        "-Wno-everything", "-I.", "-isystem", str(HEADERS), *flags,
    ]  # fmt: skip
    text = "\n".join([*head, *lines, ""])
    try:
        unit = Index.create().parse(FILE, arguments, [(FILE, text)])
    except TranslationUnitLoadError:
        raise ImportFailed("clang can't read it") from None
    faults: dict[int, str] = {}
    for line, place, message in _errors(unit):
        if line is None or line <= len(head):
            own = None if line is None else line - 1
            return Values({}, {}, f"{place}{message}", own)
        faults.setdefault(line - len(head) - 1, message)
    return Values({i: n for i, n in _numbers(unit) if i not in faults}, faults)


def _errors(unit: Any) -> Iterator[tuple[int | None, str, str]]:
    """The line of ours that each is in, None for another file, its place and what it says."""
    for said in unit.diagnostics:
        if said.severity >= said.Error:
            place = said.location
            name = place.file.name if place.file else ""
            if name == FILE:
                yield place.line, "", said.spelling
            else:
                where = f"{name}:{place.line}:{place.column}: " if name else ""
                yield None, where, said.spelling


def _numbers(unit: Any) -> Iterator[tuple[int, int]]:
    for cursor in unit.cursor.get_children():
        if cursor.kind.name == "ENUM_DECL" and cursor.location.file.name == FILE:
            for constant in cursor.get_children():
                if constant.spelling.startswith(_NUMBER):
                    index = int(constant.spelling.removeprefix(_NUMBER))
                    yield index, constant.enum_value & (1 << 64) - 1
