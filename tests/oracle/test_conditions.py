"""clang's predefined macros tell systems and architectures apart as rustc's table does."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from tests.oracle.clang_differences import ANOTHER_SYSTEM
from tests.oracle.need_clang import need_libclang
from tests.support import ROOT
from vmgen.targets.conditions import ARCHITECTURES, SYSTEMS
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from vmgen.targets.find import Target

try:
    from tests.oracle import clang_oracle
except ImportError:
    clang_oracle = None  # type: ignore[assignment]

ASKED = {
    **{f"os_{name}": asked for name, asked in SYSTEMS.items()},
    **{f"arch_{name}": asked for name, asked in ARCHITECTURES.items()},
}


@pytest.fixture(scope="module", autouse=True)
def _needs_libclang() -> None:
    need_libclang()


def by_clang(clang: clang_oracle.Clang, target: Target) -> set[str]:
    lines = []
    for name, asked in ASKED.items():
        lines += [f"#if {asked}", f"struct {name} {{ char it; }};", "#endif"]
    found = clang.parse(target, "\n".join([*lines, ""]), ROOT).layouts
    return set(found) & set(ASKED)


def test_what_c_asks_for_holds_where_rustc_says_so() -> None:
    clang = clang_oracle.Clang()
    answers: dict[str, set[str]] = {}
    wrong: dict[str, set[str]] = {}
    for target in TARGETS.values():
        if target.llvm not in answers:
            try:
                answers[target.llvm] = by_clang(clang, target)
            except clang_oracle.UnknownTriple:
                continue
        expected = {f"os_{target.os}", f"arch_{target.arch}"} & set(ASKED)
        if answers[target.llvm] != expected:
            wrong[target.triple] = answers[target.llvm] ^ expected
    known = {
        triple: what
        for triple in wrong
        for pattern, what in ANOTHER_SYSTEM.items()
        if fnmatchcase(triple, pattern)
    }
    assert wrong == known
    assert len(answers) > 200
