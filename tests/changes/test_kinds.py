"""Each kind of change has two schemas that differ by it and nothing else, in the examples
of `vmgen explain`, and its exact report in `golden/`.

``UPDATE_GOLDEN=1`` writes the reports anew; read the difference before it is kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import ROOT, findings, vmgen
from vmgen.changes.policy import POLICIES
from vmgen.rules.changes import CHANGES, LEVELS, Change
from vmgen.rules.registry import Rule, all_rules

EXAMPLES = ROOT / "vmgen/rules/examples"
GOLDEN = Path(__file__).parent / "golden"
ALL = [rule for rule in all_rules() if rule.stage == "changes"]
KINDS = pytest.mark.parametrize("kind", CHANGES, ids=lambda kind: kind.code)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
def test_its_pair_differs_by_it_and_is_told_so(rule: Rule) -> None:
    old, new = f"{rule.code}.old.vm.yaml", f"{rule.code}.bad.vm.yaml"
    ran = vmgen("diff", old, new, cwd=EXAMPLES, VMGEN_CACHE_DIR=os.devnull)
    golden = GOLDEN / f"{rule.code}-{rule.name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(ran.out, encoding="utf-8")
    assert ran.out == golden.read_text(encoding="utf-8")
    assert ran.out.count(f"[{rule.code}]: ") == ran.out.count("]: ") == 1
    assert f": {rule.severity}[{rule.code}]: " in ran.out
    assert (ran.code, ran.err) == (int(rule.severity == "error"), "")


@KINDS
def test_it_can_be_allowed(kind: Change) -> None:
    old, new = f"{kind.code}.old.vm.yaml", f"{kind.code}.good.vm.yaml"
    ran = vmgen("diff", old, new, "--policy", "any", cwd=EXAMPLES)
    assert ran.out.count(f"note[{kind.code}]: ") == ran.out.count("]: ") == 1, ran.out
    assert "= note: allowed for 2: built anew\n" in ran.out
    assert ran.out.endswith(", 1 allowed; none fails\n")
    assert ran.code == 0


@KINDS
@pytest.mark.parametrize("policy", POLICIES)
def test_it_fails_as_its_class_does(kind: Change, policy: str) -> None:
    old, new = f"{kind.code}.old.vm.yaml", f"{kind.code}.bad.vm.yaml"
    ran = vmgen("diff", old, new, "--policy", policy, cwd=EXAMPLES)
    nested = [*POLICIES][:-1]
    failing = policy != "off" and LEVELS.index(kind.level) <= nested.index(policy)
    assert ran.code == int(failing)


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.code)
@pytest.mark.parametrize("which", ["old", "bad", "good"])
def test_its_examples_break_no_rule(rule: Rule, which: str) -> None:
    severe = [
        line
        for line in findings(EXAMPLES / f"{rule.code}.{which}.vm.yaml").splitlines()
        if ": error[" in line
    ]
    # That zero isn't a value is what the kind is about, and no part of the language.
    expected = 1 if (rule.code, which) == ("VM417", "old") else 0
    assert len(severe) == expected, severe


def test_there_are_no_other_reports() -> None:
    assert {path.stem for path in GOLDEN.glob("VM*.txt")} == {
        f"{rule.code}-{rule.name}" for rule in ALL
    }


def test_who_breaks_belongs_to_the_class() -> None:
    for kind in CHANGES:
        assert ("compiled artifacts" in kind.breaks) == (kind.level == "compiled")
        if kind.level == "readers":
            assert "Python readers" in kind.breaks
        if kind.level == "none":
            assert kind.breaks == ()
