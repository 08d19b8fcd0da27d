"""Changes as Markdown, for release notes and pull requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.report.changes import (
    FOR_WHOM,
    allowance,
    fingerprints,
    summary,
)
from vmgen.rules.changes import LEVELS
from vmgen.rules.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.changes.change import Found
    from vmgen.changes.compare import Compared


def render(compared: Compared, policy: str) -> str:
    """A section for each class of change, then the fingerprints."""
    old, new = compared.sides.old.name, compared.sides.new.name
    lines = [f"## Layout changes from {_plain(old)} to {_plain(new)}", ""]
    lines += [f"{_code(summary(compared, policy))}.", ""]
    for level in LEVELS:
        here = [f for f in compared.found if f.kind.level == level]
        if here:
            lines += [f"### {FOR_WHOM[level].capitalize()}", ""]
            for found in here:
                lines += _item(found)
            lines.append("")
    lines += ["| targets | old fingerprint | new fingerprint |", "|---|---|---|"]
    for where, before, after in fingerprints(compared):
        same = "the same" if before == after else f"`{after}`"
        lines.append(f"| {where.removeprefix('on ')} | `{before}` | {same} |")
    return "\n".join(lines) + "\n"


def _item(found: Found) -> Iterator[str]:
    breaks = f" Breaks {listed(found.kind.breaks)}." if found.kind.breaks else ""
    yield f"- {_code(found.message)} ({found.kind.code}).{breaks}"
    for detail in found.details:
        yield f"  - {_code(detail)}"
    if found.allow is not None:
        yield f"  - {_plain(allowance(found))}"


def _plain(text: str) -> str:
    """Text in which nothing is markup."""
    marked = "".join(f"\\{c}" if c in "\\`*_[]<#|" else c for c in text)
    return re.sub(r"\s+", " ", marked)


def _code(text: str) -> str:
    """Text of ours, in which what is between backticks is code already."""
    pieces = text.split("`")
    return "`".join(
        piece if index % 2 else _plain(piece) for index, piece in enumerate(pieces)
    )
