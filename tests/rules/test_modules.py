"""Names that two modules of one output folder declare."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import write_schema
from vmgen.build.config import Config
from vmgen.build.pipeline import check
from vmgen.build.project import find_schemas
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render

HEADER = "types:\n  Header: {kind: struct, fields: {length: u32}}\n"
ALLOW = "allow: {declared-in-two-modules: no program uses both}\n"


def said(folder: Path, monkeypatch: pytest.MonkeyPatch, **schemas: str) -> str:
    for name, text in schemas.items():
        head = "vmgen: 1\n" if name == "common" else f"vmgen: 1\nmodule: {name}\n"
        (folder / f"{name}.vm.yaml").write_text(head + text, encoding="utf-8")
    monkeypatch.chdir(folder)
    report = Report()
    config = Config(folder)
    check(find_schemas(["."], config), config, report)
    return render(report)


@pytest.mark.parametrize(("one", "two"), [(ALLOW, ""), ("", ALLOW), (ALLOW, ALLOW)])
def test_either_module_may_allow_it(
    one: str, two: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(tmp_path, monkeypatch, one=one + HEADER, two=two + HEADER) == ""


def test_a_third_module_is_not_allowed_by_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = said(tmp_path, monkeypatch, one=ALLOW + HEADER, two=HEADER, three=HEADER)
    assert [line for line in text.splitlines() if "VM031" in line] == [
        "two.vm.yaml:4:3: warning[VM031]: the modules `three` and `two` both declare "
        "`Header`"
    ]


def test_modules_with_nothing_in_common_are_fine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "types:\n  Trailer: {kind: struct, fields: {length: u32}}\n"
    assert said(tmp_path, monkeypatch, one=HEADER, two=other) == ""


def test_what_two_contexts_have_in_c_is_told_once_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = "types:\n  Frame: {kind: context, counts: [n], regions: {r: '[u8; n]'}}\n"
    text = said(tmp_path, monkeypatch, one=context, two=context)
    assert text.count("VM031") == 1


def test_a_fragment_allows_nothing_for_its_schemas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = said(
        tmp_path, monkeypatch, common=ALLOW + HEADER, one="include: [common.vm.yaml]\n"
    )
    assert text.splitlines()[0] == (
        "common.vm.yaml:2:1: error[VM013]: `allow` belongs in the schema, not in a "
        "fragment it includes"
    )


def test_a_constants_name_is_allowed_at_the_top(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    constant = "constants:\n  FILE: {type: u8, value: 1}\n"
    assert "VM018" in said(tmp_path, monkeypatch, one=constant)
    allow = "allow: {macro-name: nobody includes it}\n"
    assert said(tmp_path, monkeypatch, one=allow + constant) == ""


def test_an_allow_at_the_top_that_finds_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow = "allow: {macro-name: nobody includes it}\n"
    assert "`macro-name` is allowed here and finds nothing" in said(
        tmp_path, monkeypatch, one=allow
    )


VERSIONED = """
vmgen: 1
module: versioned
versions: ["1.0.0", "2.0.0"]
types:
  - Store: {kind: struct, fields: {fuel: u64}}
  - Old: {kind: newtype, of: u8, until: "2"}
"""


def test_a_name_that_versions_share_with_a_module_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_schema(tmp_path, VERSIONED, "a.vm.yaml")
    other = VERSIONED.replace("module: versioned", "module: other")
    write_schema(tmp_path, other, "b.vm.yaml")
    plain = "vmgen: 1\nmodule: plain\ntypes: {Old: {kind: newtype, of: u8}}\n"
    write_schema(tmp_path, plain, "c.vm.yaml")
    monkeypatch.chdir(tmp_path)
    config = Config(tmp_path)
    report = Report()
    check(find_schemas(["."], config), config, report, every=True)
    assert [d.message for d in report] == [
        "the modules `versioned_1` and `other_1` both declare `Store`",
        "the modules `versioned_1` and `other_1` both declare `Old`",
        "the modules `other_1` and `plain` both declare `Old`",
        "the modules `versioned_1` and `plain` both declare `Old`",
    ]
