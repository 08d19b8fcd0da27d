"""Colours of the terminal, by role."""

from __future__ import annotations

_CODES = {
    "error": "1;31",
    "warning": "1;33",
    "note": "1;36",
    "bold": "1",
    "frame": "1;34",
    "added": "32",
    "removed": "31",
    "dim": "2",
}


def paint(text: str, role: str, colour: bool) -> str:
    """`text` in the colour of a role, or as it is."""
    return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if colour and text else text
