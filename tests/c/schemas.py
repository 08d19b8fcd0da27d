"""The modules that C is tested with, by name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tests.support import ROOT, load_at
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render

if TYPE_CHECKING:
    from vmgen.schema.model import Module

SCHEMAS = {
    "small": "tests/golden/small.vm.yaml",
    "torture": "tests/schemas/good/torture.vm.yaml",
    "torture_allowed": "tests/schemas/good/torture_allowed.vm.yaml",
    "torture_c": "tests/schemas/good/torture_c.vm.yaml",
    "torture_on": "tests/schemas/good/torture_on.vm.yaml",
    "wasmtime42": "schemas/wasmtime.vm.yaml@42.0.2",
}


@cache
def module(name: str) -> Module:
    """The module of one of `SCHEMAS`."""
    report = Report()
    loaded = load_at(ROOT / SCHEMAS[name], SCHEMAS[name], report)
    assert loaded is not None, render(report)
    assert not report.has_errors, render(report)
    return loaded
