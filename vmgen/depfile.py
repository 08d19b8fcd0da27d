"""Dependency files, in the syntax that Make, Ninja and their kin read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def depfile(outputs: Sequence[str], inputs: Sequence[str]) -> str:
    """One rule: all outputs, all inputs; and each input as a target without a rule,
    so that a removed include is no error (as gcc's ``-MP``)."""
    made = " ".join(escape(o) for o in outputs)
    read = [escape(i) for i in dict.fromkeys(inputs)]
    lines = [f"{made}: " + " \\\n  ".join(read)]
    lines.extend(f"{i}:" for i in read)
    return "\n".join(lines) + "\n"


def escape(path: str) -> str:
    """A path as Make reads it."""
    path = path.replace("\\", "/").replace("$", "$$")
    return path.replace("#", "\\#").replace(" ", "\\ ")
