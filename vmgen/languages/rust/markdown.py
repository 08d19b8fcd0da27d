"""A schema's prose as Markdown, which rustdoc reads.

The prose is plain text, with backticks around code. Everything else that means
something to Markdown is escaped: nothing becomes a link, a heading, HTML or a code
block that rustdoc would compile.
"""

from __future__ import annotations

import re

from vmgen.text import wrap

_VERBATIM = re.compile(
    r"(?<!`)`[^`\n]+`(?!`)|\bhttps?://[^\s<>`\"']*[^\s<>`\"'.,;:!?)\]}]"
)
"""Code between backticks, or an address."""
_SPECIAL = re.compile(r"([\\`*\[\]<>&~|$^])")
_LOOSE_UNDERSCORE = re.compile(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_DASH = re.compile(r"((?<=\S )[-+](?= )|-(?=-)|(?<=-)-)")
_BLOCK_START = re.compile(
    r"(?:#{1,6}|[+]|=+|-{2,}|\d{1,9}[.)])(?=\s|$)|:?-+:?$|\||>|```|~~~"
)
_ITEM = ("* ", "- ")


def prose(text: str, width: int) -> list[str]:
    """`text` as lines of Markdown that says what the text says."""
    lines = wrap(_escaped(text), width)
    inside = False
    for index, line in enumerate(lines):
        if not line:
            inside = False
        elif line.startswith(_ITEM):
            inside = True
        else:
            # What starts a line as it is wrapped must not start a heading or a list.
            if _BLOCK_START.match(line):
                cut = len(line) - len(line.lstrip("0123456789"))
                line = f"{line[:cut]}\\{line[cut:]}"
            lines[index] = f"  {line}" if inside else line
    return lines


def _escaped(text: str) -> str:
    """`text` with Markdown's characters escaped, except in code and addresses."""
    parts = []
    at = 0
    # One walk through the text for both: a search for each would cover all that is
    # left again and again.
    for found in _VERBATIM.finditer(text):
        parts.append(_plain(text[at : found.start()]))
        parts.append(found[0] if found[0][0] == "`" else f"<{found[0]}>")
        at = found.end()
    parts.append(_plain(text[at:]))
    return "".join(parts)


def _plain(text: str) -> str:
    lines = []
    for line in text.split("\n"):
        bullet = line.lstrip().startswith("* ")
        head, line = ("* ", line.lstrip()[2:]) if bullet else ("", line)
        line = _DASH.sub(r"\\\1", _SPECIAL.sub(r"\\\1", line))
        lines.append(head + _LOOSE_UNDERSCORE.sub(r"\\_", line))
    return "\n".join(lines)
