"""The long form, like rustc's: the line, carets under the part, why, what to do."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from vmgen.colour import paint
from vmgen.report.places import one_line

if TYPE_CHECKING:
    from vmgen.reading.diagnostics import Diagnostic, Report
    from vmgen.reading.source import Span

TAB_WIDTH = 4


def render(report: Report, colour: bool = False) -> str:
    """All findings, a blank line between two; empty when there are none."""
    return "\n".join(_finding(d, colour) for d in report)


def _finding(diagnostic: Diagnostic, colour: bool) -> str:
    severity = diagnostic.severity
    label = paint(f"{severity}[{diagnostic.code}]", severity, colour)
    message = paint(one_line(diagnostic.message), "bold", colour)
    lines = []
    if diagnostic.span is None:
        lines.append(f"{label}: {message}")
        margin = " "
    else:
        span = diagnostic.span
        place = f"{span.file.name}:{span.line}:{span.column}"
        lines.append(f"{place}: {label}: {message}")
        margin = " " * len(str(span.line))
        lines.extend(_excerpt(span, margin, severity, colour))
    for what, texts in (("note", diagnostic.notes), ("help", diagnostic.helps)):
        for text in texts:
            mark = paint("=", "frame", colour)
            lines.append(
                f"{margin} {mark} {paint(what, 'bold', colour)}: {one_line(text)}"
            )
    return "\n".join(lines) + "\n"


def _excerpt(span: Span, margin: str, severity: str, colour: bool) -> list[str]:
    """The source line with carets below; a span of several lines ends at the first."""
    if not span.file.text:
        return []
    number = span.line
    text = span.file.line(number)
    start = span.column - 1
    end = max(start + 1, min(start + span.end - span.start, len(text)))
    before = _columns(text[:start])
    under = max(1, _columns(text[:end]) - before)
    bar = paint("|", "frame", colour)
    carets = paint("^" * under, severity, colour)
    gutter = paint(str(number), "frame", colour)
    return [
        f"{margin} {bar}",
        f"{gutter} {bar} {_shown(text)}".rstrip(),
        f"{margin} {bar} {' ' * before}{carets}",
    ]


def _shown(text: str) -> str:
    """A source line as a terminal may have it, each character in its columns."""
    text = text.expandtabs(TAB_WIDTH)
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def _columns(text: str) -> int:
    """How many terminal columns a text takes, tabs expanded."""
    text = text.expandtabs(TAB_WIDTH)
    if text.isascii():
        return len(text)
    return sum(
        (
            0
            if unicodedata.combining(c)
            else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        )
        for c in text
    )
