"""What a table is made of, as Python's literals."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.languages.python.types import Tree

MARGIN = " " * 8


def shown(value: Tree | int | None) -> str:
    """A tree, a number or None as a literal."""
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))})"
    return f'"{value}"' if isinstance(value, str) else str(value)


def block(rows: Iterable[str]) -> str:
    """A tuple of rows, a line for each."""
    lines = f",\n{MARGIN}    ".join(rows)
    return f"(\n{MARGIN}    {lines},\n{MARGIN})" if lines else "()"


def strings(names: Sequence[str]) -> str:
    """A tuple of strings."""
    return shown(tuple(names)) if len(names) != 1 else f'("{names[0]}",)'
