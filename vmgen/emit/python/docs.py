"""Docstrings and literals that Python reads as meant and black leaves alone."""

from __future__ import annotations

import re

from vmgen.emit.text import wrap

WIDTH = 88

# Control characters, lone surrogates, and the marks that reorder text in an editor.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff]"
)
_SPECIAL = re.compile(rf'\\|"""|{_UNPRINTABLE.pattern}')


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    if found == "\\":
        return r"\\"
    if found == '"""':
        return r"\"\"\""
    code = ord(found)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def docstring(text: str, indent: int) -> str:
    """A docstring whose first line stands `indent` columns in; no text gives none.

    It is one line where it fits, otherwise the closing quotes stand alone. black puts
    a space between a quote and the text's own quote at either end, and so does this.
    """
    lines = wrap(text, WIDTH - indent - 3)
    if not lines:
        return ""
    if any(map(_SPECIAL.search, lines)):
        lines = [_SPECIAL.sub(_escape, line) for line in lines]
    if lines[0][0] == '"':
        lines[0] = f" {lines[0]}"
    if len(lines) == 1:
        line = f'"""{lines[0]} """' if lines[0][-1] == '"' else f'"""{lines[0]}"""'
        if len(line) + indent <= WIDTH:
            return line
    margin = f"\n{' ' * indent}"
    rest = "".join(f"{margin}{line}" if line else "\n" for line in lines[1:])
    return f'"""{lines[0]}{rest}{margin}"""'


def literal(text: str) -> str:
    """A string literal in the quotes that black prefers."""
    quote = "'" if '"' in text and "'" not in text else '"'
    escaped = text.replace("\\", r"\\").replace(quote, f"\\{quote}")
    return f"{quote}{_UNPRINTABLE.sub(_escape, escaped)}{quote}"
