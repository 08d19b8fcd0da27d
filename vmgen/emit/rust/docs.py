"""Documentation as Rust's doc comments."""

from __future__ import annotations

import re

from vmgen.emit.text import wrap

WIDTH = 100
"""Columns of a line, rustfmt's default."""

INDENT = "    "

_PLAIN = re.compile(
    r"""[A-Za-z](?:
        [ ]?[A-Za-z0-9,.;'"()%?!]++ | (?<=[A-Za-z0-9])[-_](?=[A-Za-z0-9]) | :(?!/)
    )*+\Z""",
    re.VERBOSE,
)
"""Text that is the same in Markdown, on one line, with single spaces: nearly all.
Possessive, since giving back what was matched would take exponential time."""

_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


def doc(text: str, indent: str = "") -> str:
    """`text` as finished `///` lines, each with its line end; empty for no text."""
    room = WIDTH - len(indent) - 4
    if len(text) <= room and _PLAIN.match(text):
        return f"{indent}/// {text}\n"
    from vmgen.emit.rust.markdown import prose

    start = f"{indent}/// "
    blank = f"{indent}///\n"
    return "".join(
        f"{start}{line}\n" if line else blank for line in prose(visible(text), room)
    )


def comment(text: str, indent: str = "") -> str:
    """`text` as finished `//` lines, which nobody reads as Markdown."""
    lines = wrap(visible(text), WIDTH - len(indent) - 3)
    return "".join(f"{indent}// {line}".rstrip() + "\n" for line in lines)


def paragraphs(*parts: str) -> str:
    """Prose of those that say anything, one paragraph each."""
    return "\n\n".join(part.strip() for part in parts if part.strip())


def visible(text: str) -> str:
    """`text` with characters that can't be seen, or that turn text around, spelled."""
    return _ODD.sub(lambda found: f"U+{ord(found[0]):04X}", text)
