"""The files that vmgen made, known by their first lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.header import MARK, REMAKE

if TYPE_CHECKING:
    from collections.abc import Iterator

LENGTH = 1 << 14
"""Bytes in which the mark ends, whatever licence is above it and path it names."""

_MARK_LINE = re.compile(
    rf"(?P<comment># |// |/\* |<!-- ){MARK}(?: from (?P<schema>.+))?\. Do not edit\."
    r"(?: \*/| -->)?"
)
_REMAKE_LINE = re.compile(rf"(?:# |// |/\* |<!-- ){REMAKE}.*")
_CONFLICT = re.compile(r"([<|=>])\1{6}(?: .*)?")
_C_COMMENT = r"//[^\n]*|/\*(?:(?!\*/).)*+\*/"
_COMMENTS = {
    mark: re.compile(rf"(?:(?:{comment})[ \t]*\n)*+", re.DOTALL)
    for mark, comment in {
        "# ": r"#[^\n]*",
        "// ": _C_COMMENT,
        "/* ": _C_COMMENT,
        "<!-- ": r"<!--(?:(?!-->).)*+-->",
    }.items()
}
"""Lines of nothing but comments, by how the mark begins in a file that has such ones."""


class Mark(msgspec.Struct, frozen=True):
    """The mark of a generated file, and the schema that it names, if any.

    `is_first` unless comments stand above it, which other tools put there: a licence,
    say. A copy that somebody keeps may have one as well.
    """

    schema: str | None
    is_first: bool


def find_mark(head: bytes) -> Mark | None:
    """The mark of a file that vmgen made; None of another file.

    `head` is at least the first `LENGTH` bytes. Empty lines and the marks of a merge
    conflict may stand anywhere, and comments above, if both of our lines are there. A
    line of another file that only speaks of the mark is somebody's own.
    """
    lines = list(_lines(head))
    for index, line in enumerate(lines):
        found = _MARK_LINE.fullmatch(line)
        if found and index == 0:
            return Mark(found["schema"], True)
        if found:
            above = "".join(f"{line}\n" for line in lines[:index])
            is_header = any(map(_REMAKE_LINE.fullmatch, lines[index + 1 : index + 2]))
            if is_header and _COMMENTS[found["comment"]].fullmatch(above):
                return Mark(found["schema"], False)
            return None
    return None


def _lines(head: bytes) -> Iterator[str]:
    """The lines of a text, but for empty ones and the marks of a merge conflict."""
    text = head[:LENGTH].decode(errors="replace").removeprefix("\ufeff")
    for line in text.split("\n"):
        line = line.removesuffix("\r")
        if line and not _CONFLICT.fullmatch(line):
            yield line
