"""GitHub's workflow commands, which show findings beside the lines of a pull request.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest without a word,
so the last annotation says how many more there are, and the log lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.report import concise
from vmgen.report.places import one_line, repository_path

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Diagnostic, Report

SHOWN_PER_SEVERITY = 10
_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
"""The command for each severity."""


def render(report: Report, colour: bool = False) -> str:
    """One command per line; empty when there are no findings."""
    lines: list[str] = []
    unshown: list[Diagnostic] = []
    for severity, command in _COMMANDS.items():
        found = [d for d in report if d.severity == severity]
        room = SHOWN_PER_SEVERITY
        if len(found) > room:
            room -= 1
        lines.extend(_command(d) for d in found[:room])
        if len(found) > room:
            more = len(found) - room
            lines.append(
                f"::{command} title=vmgen::and {more} more {severity}s, "
                "listed in the log of this step"
            )
        unshown.extend(found[room:])
    lines.extend(_log_line(found) for found in unshown)
    return "".join(f"{line}\n" for line in lines)


def _command(found: Diagnostic) -> str:
    properties = [("title", found.code)]
    if found.span is not None:
        file = found.span.file
        line, column = file.place(found.span.start)
        end_line, end_column = file.place(found.span.end)
        properties = [("file", repository_path(file)), ("line", str(line))]
        if end_line == line:
            # Columns of a range over several lines are refused.
            properties += [("col", str(column)), ("endColumn", str(end_column))]
        else:
            properties.append(("endLine", str(end_line)))
        properties.append(("title", found.code))
    text = "\n".join(one_line(t) for t in (found.message, *found.notes, *found.helps))
    joined = ",".join(f"{name}={_property(value)}" for name, value in properties)
    return f"::{_COMMANDS[found.severity]} {joined}::{_data(text)}"


def _log_line(found: Diagnostic) -> str:
    """A finding without a command; GitHub still looks for one of the old kind in it."""
    return concise.line(found).replace("##[", "## [")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
