"""What to quote in a file that YAML can't read, tried before it is proposed.

A fault is rarely where the text begins that needs quotes. Whatever stands around it, the
innermost first, is put into quotes until YAML reads on behind it.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import msgspec

from vmgen.reading.quoting import as_text, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_TRIES = 12
"""Stretches that are tried at a place: each makes YAML read the file up to there."""

REACH = 4000
"""Characters of a line before and behind a place that are looked at."""

_KEY = r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s{}\[\],:#"'&*!|>%@`?-](?:[^{}\[\],:\n#]|(?<!\s)#|:(?=\S))*)"""
_FLOW_ENTRY = re.compile(rf"[\[{{,]\s*({_KEY})\s*:[ \t]+")
_FLOW_ITEM = re.compile(r"[\[,]\s*(?=\S)")
_LINE_ENTRY = re.compile(rf"([ \t]*(?:-[ \t]+)*)({_KEY})[ \t]*:[ \t]+(?=\S)")
_LINE_ITEM = re.compile(r"[ \t]*(?:-[ \t]+)+(?=\S)")
_LINE_KEY = re.compile(r"([ \t]*(?:-[ \t]+)*)(\S[^\n]*?)(?=[ \t]*:(?:[ \t]|$))", re.M)
_GLUED_SIGN = re.compile(r"(?<=\s)#(?=\S)")
_NEEDS_QUOTES = re.compile(r"""^[][{}&*!|>'"%@`#,?-]|:(?=\s|$)|\s#""")
_OPEN, _CLOSE = "([{<", ")]}>"


class Advice(msgspec.Struct, frozen=True):
    """A stretch of a file, in characters, and the line that says what to write there."""

    start: int
    end: int
    help: str


class _Candidate(msgspec.Struct, frozen=True):
    """A value as it stands in a file, with the key before it unless it is an item."""

    start: int
    end: int
    key: str = ""
    is_key: bool = False


def advice(
    text: str, places: list[int], fault_of: Callable[[str], int | None]
) -> Advice | None:
    """What to quote so that a fault at one of these places goes away.

    `fault_of` gives the index of the first fault of a text. None where no quotes help.
    """
    tried: set[_Candidate] = set()
    for place in places:
        for found in itertools.islice(_candidates(text, place), MOST_TRIES):
            if found in tried:
                continue
            tried.add(found)
            raw = text[found.start : found.end]
            instead = _name_of(raw) if found.is_key else quoted(raw)
            if not instead or instead == raw or not (found.is_key or _is_text(raw)):
                continue
            line_end = text.find("\n", found.end)
            rest = text[found.end : line_end if line_end >= 0 else None]
            fault = fault_of(f"{text[: found.start]}{instead}{rest}\n")
            if fault is not None and fault <= found.start + len(instead):
                continue
            if found.is_key:
                help = f"a key is a plain name: write `{instead}`"
            elif raw[0] == '"' and raw[1:] and '"' not in raw[1:]:
                whole = " ".join(raw.split())
                help = f'close the quotes: `{whole}"`'
            else:
                help = as_text(raw, found.key)
            return Advice(found.start, found.end, help)
    return None


def _is_text(raw: str) -> bool:
    """Whether quotes change what YAML makes of it, and it may well be a text.

    A list or a mapping is none, whole or with its end missing, unless words follow each
    other in it, or a `;` as in Rust's arrays.
    """
    if not _NEEDS_QUOTES.search(raw):
        return False
    if raw[0] not in "[{":
        return True
    depth = 0
    for index, character in enumerate(raw):
        depth += (character in "[{") - (character in "]}")
        if not depth:
            behind = raw[index + 1 :]
            return bool(behind) or (raw[0] == "[" and ";" in raw)
    if re.search(r"[\[{].*[\[{]", raw, re.S) or re.search(r"^\{.*:\s", raw, re.S):
        return False
    return re.search(r"[A-Za-z] [A-Za-z]", raw) is not None


def _name_of(raw: str) -> str:
    """The name in a key that has more than a name; empty if there is none."""
    words = re.findall(r"[A-Za-z_][A-Za-z0-9_-]*", raw)
    return words[0] if len(words) == 1 else ""


def _candidates(text: str, place: int) -> Iterator[_Candidate]:
    """What stands at a place of a text, the innermost first."""
    start, end = _line_around(text, place)
    line = text[start:end]
    for sign in itertools.islice(_GLUED_SIGN.finditer(text, place, place + 2000), 5):
        yield from _flow_values(text, sign.start())
        yield from _items(text, *_line_around(text, sign.start()), sign.start())
    yield from _items(text, start, end, place)
    yield from _flow_values(text, place)
    own = _LINE_ENTRY.match(line)
    if own is not None and start + own.end() <= place:
        cut = _flow_end(text, start + own.end(), end)
        if place <= cut < end:
            yield _Candidate(start + own.end(), cut, own[2])
        yield from _block(text, start, own, place)
    item = _LINE_ITEM.match(line)
    if item is not None and own is None:
        yield _Candidate(start + item.end(), _trimmed(text, start + item.end(), end))
    key = _LINE_KEY.match(line)
    if key is not None and start + key.start(2) <= place:
        yield _Candidate(start + key.start(2), start + key.end(2), is_key=True)
    above = _parent(text, start)
    if above is not None:
        yield from _block(text, above[0], above[1], place)


def _line_around(text: str, place: int) -> tuple[int, int]:
    """Begin and end of the line that a place is on, or of as much of it as is near."""
    near = max(0, place - REACH)
    start = max(near, text.rfind("\n", near, place) + 1)
    end = text.find("\n", place, place + REACH)
    return start, end if end >= 0 else min(len(text), place + REACH)


def _flow_values(text: str, place: int) -> Iterator[_Candidate]:
    """The values of entries in braces that a place is in, the innermost first."""
    start, end = _line_around(text, place)
    for entry in reversed(list(_FLOW_ENTRY.finditer(text, start, end))):
        if entry.end() <= place:
            cut = _flow_end(text, entry.end(), end)
            if place <= cut:
                yield _Candidate(entry.end(), cut, entry[1])


def _items(text: str, start: int, end: int, place: int) -> Iterator[_Candidate]:
    """The item of a list in brackets, unless the brackets are those of a Rust array."""
    for item in reversed(list(_FLOW_ITEM.finditer(text, start, end))):
        if item.end() > place:
            continue
        if _FLOW_ENTRY.match(text, item.start()):
            return  # It is a name with something, and that alone may need quotes.
        cut = _flow_end(text, item.end(), end)
        opened = text.rfind("[", start, item.end())
        if place <= cut and opened >= 0 and not _is_array(text[item.end() : cut]):
            inside = text[opened : item.start() + 1]
            if not re.search(r"\]|:\s", inside):
                yield _Candidate(item.end(), cut)


def _is_array(inside: str) -> bool:
    """Whether it is what stands in the brackets of a Rust array: `T; N`."""
    flat = inside
    while (outer := re.sub(r"\[[^\[\]]*\]", "", flat)) != flat:
        flat = outer
    return ";" in flat


def _flow_end(text: str, start: int, end: int) -> int:
    """Where a value inside of brackets ends: before the comma or bracket that does."""
    depth = 0
    at = start
    while at < end:
        character = text[at]
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE and text[at - 1] != "-":
            if not depth and character in "]}":
                break
            depth = max(0, depth - 1)
        elif character == "," and not depth:
            break
        at += 1
    return _trimmed(text, start, at)


def _block(
    text: str, start: int, entry: re.Match[str], place: int
) -> Iterator[_Candidate]:
    """The value on the line at `start`, with the lines that go on with it."""
    indent = len(entry[1])
    at = text.find("\n", start)
    while 0 <= at < len(text) - 1:
        following = text.find("\n", at + 1)
        line = text[at + 1 : following if following >= 0 else None]
        deeper = len(line) - len(line.lstrip()) > indent
        if not line.strip() or not deeper or line.lstrip().startswith("#"):
            break
        at = following
    end = _trimmed(text, start + entry.end(), len(text) if at < 0 else at)
    if start + entry.end() <= place <= end:
        yield _Candidate(start + entry.end(), end, entry[2])


def _parent(text: str, start: int) -> tuple[int, re.Match[str]] | None:
    """The nearest line above that is less indented, if a value begins on it."""
    end = text.find("\n", start)
    line = text[start : end if end >= 0 else None]
    indent = len(line) - len(line.lstrip())
    for _ in range(100):
        if start == 0 or not indent:
            return None
        start = text.rfind("\n", 0, start - 1) + 1
        line = text[start : text.find("\n", start)]
        if line.strip() and len(line) - len(line.lstrip()) < indent:
            entry = _LINE_ENTRY.match(line)
            return (start, entry) if entry else None
    return None


def _trimmed(text: str, start: int, end: int) -> int:
    """The end without spaces before it, and without a comment that a space is behind."""
    comment = re.search(r"\s#\s", text[start:end].partition("\n")[0])
    if comment is not None:
        end = start + comment.start()
    return start + len(text[start:end].rstrip())
