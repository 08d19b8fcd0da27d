"""Documentation as Rust's doc comments."""

from __future__ import annotations

import re

from vmgen.text import UNSEEN, wrap

WIDTH = 100
"""Columns of a line, rustfmt's default."""

SKIP = "#[rustfmt::skip]\n"
"""Before an item that rustfmt would break, in a way that is hard to tell."""

CHAIN_WIDTH = 60
"""Columns of a chain of calls that stays on one line, rustfmt's default."""

INDENT = "    "

_CODE = "`[A-Za-z0-9_.-]++`(?!`)"
_PLAIN = re.compile(
    rf"""(?:[0-9]++[ ])?(?:[A-Za-z]|{_CODE})(?:
        [ ]?[A-Za-z0-9,.;'"()%?!]++ | (?<=[A-Za-z0-9])[-_](?=[A-Za-z0-9]) | :(?!/)
        | [ ]{_CODE}
    )*+\Z""",
    re.VERBOSE,
)
"""Text that is the same in Markdown, code between backticks in it, with single spaces:
nearly all. Possessive, since giving back what was matched would take exponential time."""


def doc(text: str, indent: str = "") -> str:
    """`text` as finished `///` lines, each with its line end; empty for no text."""
    room = WIDTH - len(indent) - 4
    start = f"{indent}/// "
    if _PLAIN.match(text):
        if len(text) <= room:
            return f"{start}{text}\n"
        lines = wrap(text, room)
        # A number or a dash may mean something where a line begins.
        if all(line[0].isalpha() or line[0] == "`" for line in lines[1:]):
            return "".join([f"{start}{line}\n" for line in lines])
    from vmgen.languages.rust.markdown import prose

    lines = prose(visible(text), room)
    blank = f"{indent}///\n"
    return "".join([f"{start}{line}\n" if line else blank for line in lines])


def comment(text: str, indent: str = "") -> str:
    """`text` as finished `//` lines, which nobody reads as Markdown."""
    lines = wrap(visible(text), WIDTH - len(indent) - 3)
    return "".join(f"{indent}// {line}".rstrip() + "\n" for line in lines)


def paragraphs(*parts: str) -> str:
    """Prose of those that say anything, one paragraph each."""
    return "\n\n".join(part.strip() for part in parts if part.strip())


def visible(text: str) -> str:
    """`text` with characters that can't be seen, or that turn text around, spelled."""
    if text.isascii() and text.isprintable():
        return text
    odd = f"[\x00-\x08\x0b-\x1f{UNSEEN}]"
    return re.sub(odd, lambda found: f"U+{ord(found[0]):04X}", text)
