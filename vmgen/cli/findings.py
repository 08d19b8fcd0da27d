"""Findings and their summary line, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.report import renderer

if TYPE_CHECKING:
    from vmgen.cli.console import Console
    from vmgen.reading.diagnostics import Report


def print_findings(report: Report, format: str, schemas: int, console: Console) -> None:
    """Print all findings; the formats that people read end with a summary line."""
    found = list(report)
    console.out(renderer(format)(report, colour=console.colour))
    if format not in ("full", "concise"):
        return
    if found and format == "full":
        console.out("\n")
    console.out(f"{summary(report, schemas)}\n")


def summary(report: Report, schemas: int) -> str:
    """`2 errors, 1 warning in 3 schemas`."""
    found = list(report)
    errors = sum(d.severity == "error" for d in found)
    warnings = len(found) - errors
    counted = [(errors, "error"), (warnings, "warning")]
    parts = [f"{n} {what}{'s' * (n != 1)}" for n, what in counted if n]
    where = f"{schemas} schema{'s' * (schemas != 1)}"
    return f"{', '.join(parts) or 'no findings'} in {where}"
