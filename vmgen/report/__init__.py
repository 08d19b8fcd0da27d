"""Findings as text, one file per format. A format is a function and a row here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from vmgen.reading.diagnostics import Report

FORMATS = {
    "full": "vmgen.report.full",
    "concise": "vmgen.report.concise",
    "json": "vmgen.report.json",
    "github": "vmgen.report.github",
    "sarif": "vmgen.report.sarif",
}
"""Each format's module, which has ``render(report, colour=False) -> str``."""


def renderer(name: str) -> Callable[..., str]:
    """The `render` of a format: takes a `Report` and ``colour=``, gives the text."""
    render: Callable[[Report], str] = import_module(FORMATS[name]).render
    return render
