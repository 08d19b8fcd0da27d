"""Numbers that clang makes of expressions of C, on a target."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from vmgen.imports.found import ImportFailed
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HEADERS = Path(__file__).parent / "headers"
"""The headers that a compiler brings along, which the library of it doesn't."""

FILE = "vmgen_asks.c"
_NUMBER = "vmgen_number_"

Of = Literal["value", "first bit", "bits"]


class Asked(msgspec.Struct, frozen=True):
    """An expression of C, and what about it is asked: the number that it is, or of a member
    of a record its first bit, counted from the record's begin, or how many bits it has.
    """

    text: str
    of: Of = "value"


class Values(msgspec.Struct, frozen=True):
    """What clang says of some questions: `numbers` are those that it has a number for,
    as an unsigned 64-bit integer, by index, and `faults` what is wrong with the others.
    `refused` is what is wrong before the first of them, with its place, empty if nothing is,
    and `line` that of our own lines, counted from 0, which it is in, None in another file.
    """

    numbers: dict[int, int]
    faults: dict[int, str]
    refused: str = ""
    line: int | None = None


def values(
    head: Sequence[str], asked: Sequence[Asked], target: str, flags: Sequence[str]
) -> Values:
    """What the questions come to behind the lines `head`, on one of rustc's targets.
    Raises `ImportFailed`."""
    from clang.cindex import (  # type: ignore[import-untyped]
        Index,
        TranslationUnitLoadError,
    )

    lines = [
        f"enum {{ {_NUMBER}{index} = (unsigned long long)({_number(one)}) }};"
        for index, one in enumerate(asked)
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
    numbers = {
        index: _told(constant, asked[index].of)
        for index, constant in _constants(unit)
        if index not in faults
    }
    return Values(numbers, faults)


def _number(asked: Asked) -> str:
    """What has a number; a member of a record that is named in it is looked up there."""
    return asked.text if asked.of == "value" else f"sizeof ((void)({asked.text}), 0)"


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


def _constants(unit: Any) -> Iterator[tuple[int, Any]]:
    for cursor in unit.cursor.get_children():
        if cursor.kind.name == "ENUM_DECL" and cursor.location.file.name == FILE:
            for constant in cursor.get_children():
                if constant.spelling.startswith(_NUMBER):
                    index = int(constant.spelling.removeprefix(_NUMBER))
                    yield index, constant


def _told(constant: Any, what: Of) -> int:
    """What is asked of a constant, or of the member that is named inside it."""
    if what == "value":
        return int(constant.enum_value & (1 << 64) - 1)
    inside = [*constant.walk_preorder()]
    # The last name comes first. What is anonymous is among them now and then.
    path = [
        cursor
        for cursor in inside
        if cursor.kind.name == "MEMBER_REF_EXPR" and cursor.spelling.isidentifier()
    ]
    if what == "bits":
        member = path[0].referenced
        if member.is_bitfield():
            return int(member.get_bitfield_width())
        return 8 * int(member.type.get_size())
    pointer = next(
        cursor.type
        for cursor in inside
        if cursor.kind.name == "CSTYLE_CAST_EXPR" and cursor.type.kind.name == "POINTER"
    )
    record = pointer.get_pointee()
    first = 0
    for cursor in reversed(path):
        first += record.get_canonical().get_offset(cursor.spelling)
        record = cursor.type
    return first
