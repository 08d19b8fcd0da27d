"""The difference between a file as it is and as it would be built."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from vmgen.colour import paint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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


def line_ends(drifted: Sequence[Change], out: Path) -> str:
    """What keeps git from checking files out with other ends of lines, if it did."""
    from vmgen.build.attributes import LINE_ENDS, pattern

    if not any(change.has_other_line_ends for change in drifted):
        return ""
    folder = out.resolve()
    for root in (folder, *folder.parents):
        if (root / ".git").exists():
            found = pattern(root, folder)
            line = f"`{found} {LINE_ENDS}`" if found else f"`{LINE_ENDS}` for them"
            return (
                "git changed the ends of lines when it checked the files out "
                f"(core.autocrlf);\n{line} in .gitattributes keeps it from that\n"
            )
    return ""
