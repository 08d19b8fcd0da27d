"""One line per finding: `path:line:column: severity: CODE message`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.report.places import one_line

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Diagnostic, Report


def render(report: Report, colour: bool = False) -> str:
    """All findings; empty when there are none."""
    return "".join(f"{line(found)}\n" for found in report)


def line(found: Diagnostic) -> str:
    """One finding, without its notes."""
    place = ""
    if found.span is not None:
        place = f"{found.span.file.name}:{found.span.line}:{found.span.column}: "
    return one_line(f"{place}{found.severity}: {found.code} {found.message}")
