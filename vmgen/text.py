"""Text in other forms: prose in lines, names in other cases, numbers of things."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


UNSEEN = (
    "\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What an editor doesn't show, or turns the text around for, as a regular expression's
character class holds it: the upper control characters, what Unicode calls default
ignorable (the marks that set a direction among it), and separators of lines.

Variation selectors (U+FE00 to U+FE0F) are left out: they say how the character before
them looks. The lower control characters are for each language to say."""


def wrap(text: str, width: int) -> list[str]:
    """Prose as lines of at most `width` characters; paragraphs stay apart.

    A word longer than `width` stands on a line of its own. Lines that are indented
    or start a list item begin a new line, as written. No text gives no lines.
    """
    lines: list[str] = []
    text = text.strip()
    if not text:
        return lines
    if len(text) <= width and "\n" not in text:
        return [" ".join(text.split())]
    current = ""
    for source in text.splitlines():
        stripped = source.strip()
        if not stripped:
            if current:
                lines.append(current)
                current = ""
            if lines and lines[-1]:
                lines.append("")
            continue
        if current and stripped.startswith(("* ", "- ")):
            lines.append(current)
            current = ""
        for word in stripped.split():
            if current and len(current) + 1 + len(word) > width:
                lines.append(current)
                current = word
            else:
                current = f"{current} {word}" if current else word
    if current:
        lines.append(current)
    return lines


def packed(pieces: Sequence[str], width: int) -> list[str]:
    """Pieces as lines of at most `width` characters, with a space between two on one
    line. A piece longer than that stands on a line of its own."""
    lines: list[str] = []
    for piece in pieces:
        if lines and len(lines[-1]) + 1 + len(piece) <= width:
            lines[-1] += f" {piece}"
        else:
            lines.append(piece)
    return lines


def snake_case(name: str) -> str:
    """`VMFuncRef` as `vm_func_ref`."""
    return _BOUNDARY.sub("_", name).lower()


def screaming_case(name: str) -> str:
    """`VMFuncRef` as `VM_FUNC_REF`."""
    return _BOUNDARY.sub("_", name).upper()


def plural(count: int, what: str) -> str:
    """`1 byte`, `2 bytes`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
