"""A list of findings for programs.

Each is an object with `code`, `severity`, `message`, `path`, `line`, `column`,
`end_line`, `end_column` (counted from 1, in characters, the end exclusive; all five
null for a file that could not be read), `notes` and `helps`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Diagnostic, Report


def render(report: Report, colour: bool = False) -> str:
    """The list, indented; ``[]`` when there are no findings."""
    return json.dumps([finding(d) for d in report], indent=2) + "\n"


def finding(found: Diagnostic) -> dict[str, object]:
    """One finding's object."""
    place: dict[str, object] = dict.fromkeys(
        ("path", "line", "column", "end_line", "end_column")
    )
    if found.span is not None:
        file = found.span.file
        line, column = file.place(found.span.start)
        end_line, end_column = file.place(found.span.end)
        place = {
            "path": file.name,
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
        }
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        **place,
        "notes": list(found.notes),
        "helps": list(found.helps),
    }
