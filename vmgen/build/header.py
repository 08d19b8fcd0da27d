"""The files that vmgen made, known by their first lines."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.header import MARK, REMAKE
from vmgen.languages.registry import OWN, is_known, language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.language import Comments

LENGTH = 1 << 14
"""Bytes in which the mark ends, whatever licence is above it and path it names."""

_CONFLICT = re.compile(r"([<|=>])\1{6}(?: .*)?")
PAGE: Comments = (("<!--", "-->"),)
"""Those of a page that `vmgen doc` writes."""


class Mark(msgspec.Struct, frozen=True):
    """The mark of a generated file, and the schema that it names, if any.

    `is_first` unless comments stand above it, which other tools put there: a licence,
    say. A copy that a user keeps may have one as well.
    """

    schema: str | None
    is_first: bool


class _Kind(msgspec.Struct, frozen=True):
    """How the lines begin a file with such comments, and what may be above them."""

    mark: re.Pattern[str]
    remake: re.Pattern[str]
    above: re.Pattern[str]


@cache
def _kind(comments: Comments) -> _Kind:
    begins = "|".join(re.escape(begin) for begin, _ in comments)
    ends = "|".join(re.escape(f" {end}") for _, end in comments if end)
    whole = "|".join(
        (
            rf"{re.escape(begin)}(?:(?!{re.escape(end)}).)*+{re.escape(end)}"
            if end
            else rf"{re.escape(begin)}[^\n]*"
        )
        for begin, end in comments
    )
    return _Kind(
        re.compile(
            rf"(?:{begins}) {MARK}(?: from (?P<schema>.+))?\. Do not edit\.(?:{ends})?"
        ),
        re.compile(rf"(?:{begins}) {REMAKE}.*"),
        re.compile(rf"(?:(?:{whole})[ \t]*\n)*+", re.DOTALL),
    )


def comments_in(folder: str) -> tuple[Comments, ...]:
    """The comments by which files are known in a folder of the output folder: of what
    vmgen writes itself, and of the language whose folder it is."""
    known = {c: None for name in OWN for c in language(name).comments}
    known[PAGE] = None
    if folder not in OWN and is_known(folder):
        known.update(dict.fromkeys(language(folder).comments))
    return tuple(known)


def find_mark(head: bytes, folder: str = "") -> Mark | None:
    """The mark of a file that vmgen made; None of another file.

    `folder` is that of its language. `head` is at least the first `LENGTH` bytes. Empty lines and the marks of a merge
    conflict may stand anywhere, and comments above, if both of our lines are there. A
    line of another file that only mentions the mark isn't ours.
    """
    lines = list(_lines(head))
    if not any(MARK in line for line in lines):
        return None
    kinds = [_kind(comments) for comments in comments_in(folder)]
    for index, line in enumerate(lines):
        marked = [(kind, mark) for kind in kinds if (mark := kind.mark.fullmatch(line))]
        if not marked:
            continue
        schema = marked[0][1]["schema"]
        if index == 0:
            return Mark(schema, True)
        above = "".join(f"{line}\n" for line in lines[:index])
        behind = lines[index + 1] if index + 1 < len(lines) else ""
        is_header = any(
            kind.remake.fullmatch(behind) and kind.above.fullmatch(above)
            for kind, _ in marked
        )
        return Mark(schema, False) if is_header else None
    return None


def _lines(head: bytes) -> Iterator[str]:
    """The lines of a text, but for empty ones and the marks of a merge conflict."""
    text = head[:LENGTH].decode(errors="replace").removeprefix("\ufeff")
    for line in text.split("\n"):
        line = line.removesuffix("\r")
        if line and not _CONFLICT.fullmatch(line):
            yield line
