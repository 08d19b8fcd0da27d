"""Docstrings and literals that Python reads as meant and black leaves alone."""

from __future__ import annotations

import re

from vmgen.text import UNSEEN, wrap

WIDTH = 88

# Control characters, lone surrogates, and the marks that reorder text in an editor.
# Patterns are text: few schemas have any of these, and compiling takes a while.
_UNPRINTABLE = f"[\x00-\x1f{UNSEEN}\ud800-\udfff]"
_SPECIAL = rf'\\|"""|{_UNPRINTABLE}'


def _escape(match: re.Match[str]) -> str:
    found = match[0]
    if found == "\\":
        return r"\\"
    if found == '"""':
        return r"\"\"\""
    code = ord(found)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def docstring(text: str, indent: int) -> str:
    """A docstring whose first line stands `indent` columns in; no text gives none.

    It is one line where it fits, otherwise the closing quotes stand alone. Like black,
    it puts a space between a quote and the text's own quote at either end, and keeps
    the quotes of a single line together however long its one word is.
    """
    if len(text) <= WIDTH - indent - 6 and _is_plain(text):
        return f'"""{text}"""' if text else ""
    plain = wrap(text, WIDTH - indent - 3)
    lines = _escaped(plain)
    if not lines:
        return ""
    if len(lines) == 1 and indent + len(_closed(lines[0])) > WIDTH:
        lines = _escaped(wrap(text, len(plain[0]) - 1))
    if len(lines) == 1:
        return _closed(lines[0])
    margin = f"\n{' ' * indent}"
    rest = "".join(f"{margin}{line}" if line else "\n" for line in lines[1:])
    return f'"""{lines[0]}{rest}{margin}"""'


def _is_plain(text: str) -> bool:
    """Whether a line stands in a docstring as it is: most do."""
    return (
        text.isprintable()
        and (text.isascii() or not re.search(_UNPRINTABLE, text))
        and '"' not in text
        and "\\" not in text
        and "  " not in text
        and text == text.strip()
    )


def _closed(line: str) -> str:
    return f'"""{line} """' if line[-1] == '"' else f'"""{line}"""'


def _escaped(lines: list[str]) -> list[str]:
    if not all(map(_is_plain, lines)):
        lines = [re.sub(_SPECIAL, _escape, line) for line in lines]
    if lines and lines[0][0] == '"':
        lines[0] = f" {lines[0]}"
    return lines


def kept(line: str, indent: int = 0) -> str:
    """A line that stands `indent` columns in, marked where black would break it.

    Lines are that long only where names are; so no more is done about them.
    """
    return f"{line}  # fmt: skip" if indent + len(line) > WIDTH else line


def literal(text: str) -> str:
    """A string literal in the quotes that black prefers."""
    quote = "'" if '"' in text and "'" not in text else '"'
    escaped = text.replace("\\", r"\\").replace(quote, f"\\{quote}")
    if not (escaped.isascii() and escaped.isprintable()):
        escaped = re.sub(_UNPRINTABLE, _escape, escaped)
    return f"{quote}{escaped}{quote}"
