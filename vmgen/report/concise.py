"""One line per finding: `path:line:column: CODE message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vmgen.diagnostics import Report


def render(report: Report, colour: bool = False) -> str:
    """All findings; empty when there are none."""
    lines = []
    for found in report:
        place = ""
        if found.span is not None:
            place = f"{found.span.file.name}:{found.span.line}:{found.span.column}: "
        lines.append(f"{place}{found.severity}: {found.code} {found.message}\n")
    return "".join(lines)
