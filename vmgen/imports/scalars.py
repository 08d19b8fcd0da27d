"""Texts and numbers as YAML has them, as a person would write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.reading.quoting import quoted
from vmgen.targets.find import TARGETS
from vmgen.text import UNSEEN, wrap

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

WIDTH = 80
"""Characters of a line."""

AS_WRITTEN = ("expect_offset", "nullable", "on", "volatile")
"""Keys whose values are no texts."""

_UNSEEN = re.compile(f"[\x00-\x08\x0b-\x1f{UNSEEN}]")
_PLAIN = re.compile(r"[A-Za-z0-9_(<`/.'][^\n]*")
_WORDS = re.compile(
    r"(?i)(~|null|true|false|yes|no|on|off|y|n|[-+.0-9][-+.,_0-9a-fx:]*)"
)
_MEANT = re.compile(r":(\s|$)|\s#")
_IN_BRACES = re.compile(r"[\[\]{},]")


def measured(numbers: Mapping[str, int], targets: Collection[str] = ()) -> str:
    """Bytes by target as an expectation has them: one number, or one for each width of
    pointers, or for each target; of a part of the `targets` never one alone."""
    by_pointer = _widths(numbers)
    unknown = {
        TARGETS[target].pointer_width for target in targets if target not in numbers
    }
    if by_pointer is None or not unknown.isdisjoint(by_pointer):
        return "{" + ", ".join(f"{k}: {v}" for k, v in numbers.items()) + "}"
    return _braces(by_pointer) if unknown else _by(by_pointer)


def by_width(numbers: Mapping[str, int], targets: Collection[str]) -> str:
    """Bytes by target as a foreign type has them: the largest of each width, and of a width
    on which nothing is of the type the largest of all."""
    most = max(numbers.values(), default=1)
    known = {TARGETS[target].pointer_width for target in numbers}
    missing = {TARGETS[target].pointer_width for target in targets} - known
    widths = dict.fromkeys(missing, most)
    for target, number in numbers.items():
        width = TARGETS[target].pointer_width
        widths[width] = max(number, widths.get(width, 0))
    return _braces(widths)


def _widths(numbers: Mapping[str, int]) -> dict[int, int] | None:
    """Bytes by the width of pointers; None where that doesn't decide."""
    widths: dict[int, int] = {}
    for target, number in numbers.items():
        if widths.setdefault(TARGETS[target].pointer_width, number) != number:
            return None
    return widths


def _by(widths: Mapping[int, int]) -> str:
    if len(set(widths.values())) == 1:
        return str(next(iter(widths.values())))
    return _braces(widths)


def _braces(numbers: Mapping[int, int]) -> str:
    ordered = sorted(numbers.items(), reverse=True)
    return "{" + ", ".join(f"{k}: {v}" for k, v in ordered) + "}"


def cleaned(doc: str) -> str:
    """Documentation without what nobody sees; its paragraphs stay apart."""
    text = _UNSEEN.sub("", doc.replace("\t", " ").replace("\r", ""))
    return "\n".join(wrap(text, 10_000))


def doc_lines(doc: str, indent: int) -> Iterator[str]:
    """The lines of a `doc`, as a key of what is indented so far."""
    doc = cleaned(doc)
    if not doc:
        return
    line = f"doc: {scalar(doc)}"
    if "\n" not in doc and len(line) + indent <= WIDTH:
        yield line
        return
    yield "doc: |-" if "\n" in doc else "doc: >-"
    yield from (f"  {line}".rstrip() for line in wrap(doc, WIDTH - indent - 2))


def scalar(text: str) -> str:
    """A text as YAML takes it for that on a line of its own."""
    plain = (
        _PLAIN.fullmatch(text)
        and not _MEANT.search(text)
        and not (_WORDS.fullmatch(text) and not text.isdigit() and not is_number(text))
        and not text.startswith(("'", "`"))
    )
    return text if plain or is_number(text) else quoted(text)


def braced(key: str, text: str) -> str:
    """A text as YAML takes it for that inside of braces."""
    if key in AS_WRITTEN or is_number(text):
        return text
    made = scalar(text)
    return quoted(text) if made == text and _IN_BRACES.search(text) else made


def key_of(name: str) -> str:
    """A name as YAML takes it for that before a colon."""
    return quoted(name) if name.lower() == "null" else name


def is_number(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]+", text) is not None
