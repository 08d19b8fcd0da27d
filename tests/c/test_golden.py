"""A header of a small schema, to the byte."""

from __future__ import annotations

import os
from pathlib import Path

from tests.c.headers import write_headers
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render
from vmgen.schema import load_module

GOLDEN = Path(__file__).with_name("golden")


def test_the_header_of_a_small_schema_is_the_expected_one(tmp_path: Path) -> None:
    report = Report()
    module = load_module(GOLDEN / "small.vm.yaml", "schemas/small.vm.yaml", report)
    assert module is not None, render(report)
    assert not report.has_errors, render(report)
    text = write_headers(tmp_path, module)["small.h"]
    expected = GOLDEN / "small.h"
    if os.environ.get("UPDATE_GOLDEN"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
