"""One fault per schema in tests/schemas/bad, with its exact message beside it.

A folder there is a project of several schemas.

``UPDATE_GOLDEN=1`` writes the messages anew; read the difference before it is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import ROOT
from vmgen.build.config import Config
from vmgen.build.pipeline import check
from vmgen.build.project import find_schemas
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render
from vmgen.rules import run_rules
from vmgen.rules.registry import all_rules, rule_of
from vmgen.schema import load_module

BAD = ROOT / "tests" / "schemas" / "bad"
SCHEMAS = sorted(BAD.glob("*.vm.yaml"))
PROJECTS = sorted(path for path in BAD.glob("VM*") if path.is_dir())


def report_on(schema: Path) -> Report:
    report = Report()
    module = load_module(schema, schema.name, report)
    if module is not None:
        run_rules(module, report)
    return report


def report_on_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(folder)
    config = Config(folder)
    report = Report()
    check(find_schemas(["."], config), config, report)
    return report


def code_of(schema: Path) -> str:
    return schema.name.partition("-")[0]


@pytest.mark.parametrize(
    "schema", SCHEMAS, ids=lambda path: path.name[: -len(".vm.yaml")]
)
def test_the_schema_breaks_one_rule_and_says_so(schema: Path) -> None:
    report = report_on(schema)
    assert {found.code for found in report} == {code_of(schema)}, render(report)
    said = render(report)
    golden = schema.with_name(schema.name.removesuffix(".vm.yaml") + ".err")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(said, encoding="utf-8")
    assert golden.exists(), "run with UPDATE_GOLDEN=1 and read what it writes"
    assert said == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda path: path.name)
def test_the_project_breaks_one_rule_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = report_on_project(folder, monkeypatch)
    said = render(report)
    assert {found.code for found in report} == {code_of(folder)}, said
    golden = folder.with_suffix(".err")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8")


def test_every_rule_has_a_schema_that_breaks_it() -> None:
    # `tests/binaries` has what is found in binaries, `tests/owners` in headers, and
    # `tests/changes` what two layouts tell.
    elsewhere = ("binary", "header", "changes")
    rules = {r.code for r in all_rules() if r.stage not in elsewhere}
    assert {code_of(s) for s in (*SCHEMAS, *PROJECTS)} == rules


def test_every_message_belongs_to_a_schema() -> None:
    schemas = {s.name.removesuffix(".vm.yaml") for s in (*SCHEMAS, *PROJECTS)}
    assert {m.stem for m in BAD.glob("*.err")} == schemas


@pytest.mark.parametrize(
    "schema", SCHEMAS, ids=lambda path: path.name[: -len(".vm.yaml")]
)
def test_findings_are_as_severe_as_their_rule_says(schema: Path) -> None:
    for found in report_on(schema):
        assert found.severity == rule_of(found.code).severity
