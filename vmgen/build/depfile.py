"""Dependency files, in the syntax that Make, Ninja and their kin read."""

from __future__ import annotations

import re
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
    """A path, with slashes, as Make reads it.

    The colon after a drive's letter stays as it is, which both programs know.
    """
    drive = 2 if re.match("[A-Za-z]:/", path) else 0
    # Backslashes count only before what they quote: there, two stand for one.
    quoted = re.sub(r"(\\*)([ #:])", r"\1\1\\\2", path[drive:])
    return path[:drive] + quoted.replace("$", "$$")


def is_depfile(text: str) -> bool:
    """Whether a file is of the kind that `depfile` makes: one rule, and a target without
    a rule for each file that it names."""
    rule, *targets = text.replace("\\\n", " ").splitlines() or [""]
    named = " ".join(t.removesuffix(":") for t in targets if t.endswith(":"))
    is_rule = rule.partition(": ")[2].split() == named.split()
    return is_rule and all(target.endswith(":") for target in targets)
