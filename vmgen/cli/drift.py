"""The difference between a file as it is and as it would be built."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from vmgen.report.colour import paint

if TYPE_CHECKING:
    from vmgen.build.write import Change

_ROLES = {"+": "added", "-": "removed", "@": "frame"}


def diff(change: Change, shown: str, limit: int | None, colour: bool) -> str:
    """A unified diff of one change, at most `limit` lines of it if one is given."""
    old = (change.old or b"").decode(errors="replace").splitlines()
    new = (change.new or b"").decode(errors="replace").splitlines()
    before = "/dev/null" if change.kind == "new" else f"{shown} (as it is)"
    after = "/dev/null" if change.kind == "removed" else f"{shown} (as built)"
    lines: list[str] = []
    for line in difflib.unified_diff(old, new, before, after, lineterm=""):
        if limit is not None and len(lines) == limit:
            lines.append("  … more with --diff")
            break
        lines.append(
            paint(line, _ROLES.get(line[:1], "bold"), colour and line[:1] in _ROLES)
        )
    if not lines and change.old and change.new:
        return "  the lines are the same, but end in other ways (CRLF, say)\n"
    return "".join(f"{line}\n" for line in lines)
