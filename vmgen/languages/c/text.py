"""Text that C can't misread: comments that end where they should, string literals."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from vmgen.languages.c.words import WORDS
from vmgen.text import UNSEEN, wrap

if TYPE_CHECKING:
    from vmgen.targets.conditions import Condition

WIDTH = 100
INDENT = 4


@cache
def member_name(name: str) -> str:
    """A member's name as C spells it. Most records have names that others have too."""
    return WORDS.spelled(name)


# What could end a comment or open another, what trigraphs are made of, and what an
# editor doesn't show: control characters and the marks that reorder text.
_UNSAFE = f"[\x00-\x08\x0b-\x1f{UNSEEN}]" + r"|\*/|/\*|\?\?|\\"
# Nothing of that kind nor markup, and quicker to see: printable ASCII without a few.
_PLAIN = re.compile(r"[ -)+-.0-;=>A-\[\]-~]*")
_APART = {"*/": "* /", "/*": "/ *", "??": "? ?"}


def _harmless(match: re.Match[str]) -> str:
    found = match[0]
    if found == "\\":
        return found
    return _APART.get(found) or f"<U+{ord(found):04X}>"


def prose(text: str) -> str:
    """Text that may stand in a block comment, still to be wrapped."""
    if _PLAIN.fullmatch(text):
        return text
    # Taking one pair apart can bring two others together, as in `*/*` or `???`.
    while (safe := re.sub(_UNSAFE, _harmless, text)) != text:
        text = safe
    return text


# The tags of HTML that tools know which read documentation comments.
_TAGS = """a abbr b big blockquote br caption center cite code col colgroup dd del details
    dfn div dl dt em font h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre s samp small span
    strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var"""
# What begins a command to such tools, or ends an escape of theirs that stands before it.
# It is text: few schemas have any, and compiling takes a while.
_MARKUP = (
    rf"(?i:[\\@](?=[A-Za-z\\@&$#<>%\".:|~-])|<(?=/?(?:{'|'.join(_TAGS.split())})\b))"
)


def documentation(text: str) -> str:
    """Prose as doxygen and clang read it: no command, no markup, every letter itself."""
    return re.sub(_MARKUP, r"\\\g<0>", prose(text))


def comment(paragraphs: list[str], indent: int = 0) -> list[str]:
    """A documentation comment, a line per entry and none of them indented.

    `indent` is how far the printed lines will be. No paragraphs give no lines.
    """
    if len(paragraphs) > 1:
        paragraphs = [p for p in paragraphs if p]
    if not paragraphs or not paragraphs[0]:
        return []
    if len(paragraphs) == 1:
        text = paragraphs[0].strip()
        room = WIDTH - indent - 7
        if len(text) <= room and "\n" not in text:
            if not _PLAIN.fullmatch(text):
                text = documentation(text)
            if len(text) <= room and text[-1:] != "\\":
                return [f"/** {text} */"]
    lines = ["/**"]
    for number, paragraph in enumerate(paragraphs):
        if number:
            lines.append(" *")
        for line in wrap(documentation(paragraph), WIDTH - indent - 3):
            # A backslash at the end of a line would join it with the next one.
            lines.append(f" * {line}." if line[-1:] == "\\" else f" * {line}".rstrip())
    lines.append(" */")
    return lines


_IN_STRING = re.compile(r'[\\"?]|[^\x20-\x7e]')


def string(text: str) -> str:
    """A string literal of the text as UTF-8, for C and for C++."""
    return f'"{_IN_STRING.sub(_in_string, text)}"'


def _in_string(match: re.Match[str]) -> str:
    found = match[0]
    if found in '\\"?':
        return "\\" + found
    # Octal: a hexadecimal escape would take in the digits that follow it.
    return "".join(f"\\{byte:03o}" for byte in found.encode("utf-8", "replace"))


def under(on: Condition | None, lines: list[str]) -> list[str]:
    """Lines that are there under a condition."""
    return lines if on is None else [f"#if {on.c}", *lines, "#endif"]
