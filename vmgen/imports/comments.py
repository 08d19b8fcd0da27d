"""Comments of C and Rust as documentation."""

from __future__ import annotations

import re

_MARGIN = re.compile(r"^[ \t]*(?:/{2,}!?<?|\*+(?!/)|)[ \t]?")
_OPENING = re.compile(r"^\s*/\*+!?<?|\*+/\s*$")
_COMMANDS = re.compile(r"[\\@](?:brief|short|note|details|remark|c|p|a|e|ref)\b\s*")
_EXAMPLE = re.compile(r"[\\@](code|verbatim)\b.*?[\\@]end\1\b", re.DOTALL)
_SEE = re.compile(r"[\\@](?:sa|see)\b\s*(\S+)")
_PARAMETER = re.compile(r"[\\@]t?param(?:\[[\w, ]*\])?\s+(\w+)[ \t]*")
_RESULT = re.compile(r"[\\@]returns?\b[ \t]*")
_SILENT = re.compile(r"[-=*#_/\s]*")


def documentation(comment: str) -> str:
    """What a comment of C says, or several in lines: without its signs, its margin, its
    examples, and the commands of Doxygen that say how something is set."""
    lines = []
    for line in _OPENING.sub("", comment.replace("\r", "")).split("\n"):
        text = _MARGIN.sub("", line).rstrip()
        text = re.sub(r"\s*\*+/$", "", text)
        lines.append("" if _SILENT.fullmatch(text) else text)
    text = _EXAMPLE.sub("", "\n".join(lines))
    text = _RESULT.sub("- gives ", _PARAMETER.sub(r"- `\1`: ", text))
    return _COMMANDS.sub("", _SEE.sub(r"See \1.", text)).strip()
