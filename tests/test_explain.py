"""`vmgen explain`: both examples of every rule do what is said of them."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.support import need, need_package
from vmgen import lay_out, load
from vmgen.binaries.containers import images
from vmgen.binaries.verify import verify
from vmgen.imports.clang_values import Asked, values
from vmgen.languages.c.owner import expression, facts, head, of
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render
from vmgen.rules import held, run_rules, verified
from vmgen.rules.explain import explain, overview
from vmgen.rules.modules import find_shared_names
from vmgen.rules.registry import Rule, all_rules
from vmgen.schema import load_module

ABOUT_ONE = [rule for rule in all_rules() if rule.stage != "changes"]
ONE = pytest.mark.parametrize("rule", ABOUT_ONE, ids=lambda rule: rule.code)
"""The rules that look at one schema; `tests/changes/test_kinds.py` has the others."""

RULES = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)


def findings(rule: Rule, which: str) -> Report:
    paths = rule.bad_paths if which == "bad" else rule.good_paths
    assert paths
    if rule.binary_path is not None:
        return held_against_a_binary(paths[0], rule.binary_path)
    if rule.header_path is not None:
        return held_against_a_header(paths[0], rule.header_path)
    report = Report()
    modules = [load_module(path, path.name, report) for path in paths]
    for module in modules:
        if module is not None:
            run_rules(module, report)
    find_shared_names([m for m in modules if m is not None], report)
    return report


def held_against_a_binary(schema: Path, source: Path) -> Report:
    """What `vmgen verify` finds of a schema and a binary that is made of a source."""
    with tempfile.TemporaryDirectory() as folder:
        compiler = {
            ".c": ["gcc", "-c"],
            ".rs": ["rustc", "--crate-name=sample", "--edition=2021"],
        }[source.suffix]
        binary = Path(folder) / "binary"
        command = [
            need(compiler[0]),
            *compiler[1:],
            "-g",
            "-o",
            str(binary),
            str(source),
        ]
        subprocess.run(command, check=True)
        layouts = lay_out(load(schema))
        (held,) = verify([layouts], images(binary, "binary"))
    report = Report()
    for found in verified.findings(held, layouts):
        report.append(found)
    return report


def held_against_a_header(schema: Path, header: Path) -> Report:
    """What `vmgen verify --header` finds of a schema and its `theirs.h`."""
    need_package("clang.cindex")
    layouts = lay_out(load(schema))
    owner = layouts.module.owner
    assert owner is not None
    blocks = [*facts(layouts, layouts.records())]
    asked = [Asked(expression(f), of(f)) for block in blocks for f in block]
    target = "x86_64-unknown-linux-gnu"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(header, Path(folder) / "theirs.h")
        told = values(head(owner), asked, target, [f"-I{folder}"])
    assert told.refused == ""
    report = Report()
    index = layouts.class_of(target).index
    for found in held.findings(blocks, told.numbers, told.faults, index, target):
        report.append(found)
    return report


@ONE
def test_the_bad_example_breaks_this_rule_and_no_other(rule: Rule) -> None:
    report = findings(rule, "bad")
    assert {found.code for found in report} == {rule.code}, render(report)


@ONE
def test_the_good_example_breaks_none(rule: Rule) -> None:
    assert render(findings(rule, "good")) == ""


@RULES
def test_an_explanation_has_all_there_is(rule: Rule) -> None:
    text = explain(rule.code)
    assert text.startswith(f"{rule.code} {rule.name} ({rule.severity})\n\n")
    flat = " ".join(text.split())
    assert rule.summary in flat
    assert " ".join(rule.reason.split()) in flat
    old = (rule.old_example,) if rule.stage == "changes" else ()
    for example in (*old, rule.bad_example, rule.good_example):
        assert example
        assert " ".join(example.split()) in flat
    why = '{reason: why, version: "2"}' if rule.stage == "changes" else "why"
    assert (f"`allow: {{{rule.name}: {why}}}`" in flat) == rule.allowable
    assert all(len(line) <= 88 and line == line.rstrip() for line in text.splitlines())


@RULES
def test_rules_are_documented(rule: Rule) -> None:
    assert re.fullmatch(r"VM[0-9]{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.summary.endswith(".")
    assert len(rule.summary) <= 80
    assert len(rule.reason.split()) >= 10
    assert rule.reason.endswith(".")


def test_codes_and_names_are_unique() -> None:
    assert len({r.code for r in all_rules()}) == len(all_rules())
    assert len({r.name for r in all_rules()}) == len(all_rules())


def test_the_overview_lists_every_rule_once() -> None:
    listed = re.findall(r"^  (VM\d+) (\S+)", overview(), flags=re.MULTILINE)
    assert listed == [(r.code, r.name) for r in all_rules()]


def test_an_explanation_reads_so() -> None:
    assert explain("VM112") == UNIT_BY_VALUE


UNIT_BY_VALUE = """\
VM112 unit-by-value (error)

A `()` or a `c_void` by value.

`()` takes no space, and C has no type that takes none: an empty struct has size
0 in GNU C, 1 in C++ and 4 with MSVC. `c_void` is C's `void`, of which there are
no values. Behind a pointer both may stand, for a type that nothing here looks
into.

It can't be allowed.

Refused:

    vmgen: 1
    module: sample
    types:
      Store:
        kind: struct
        fields: {data: "()", length: usize}

Accepted:

    vmgen: 1
    module: sample
    types:
      Store:
        kind: struct
        fields: {data: VmPtr<()>, length: usize}
"""
