"""Whatever the rules accept, compilers and ctypes lay out as the engine says.

And the formatters and linters of each language find nothing to change.
"""

from __future__ import annotations

import pytest

from tests.random import code_judges, judges, owner_judges, strategies, target_judges
from tests.random.crowd import Crowd, Judge, Walk
from tests.support import proving

pytestmark = pytest.mark.xdist_group("random")

NUMBER = 3_000 if proving() else 200
CODE = 500 if proving() else 60
"""How many of them are also run, which takes a compiler longer."""
TARGETS = 1_000 if proving() else 60
"""How many are judged on all their targets: a run of a compiler for each."""
OWNERS = 300 if proving() else 15
"""How many headers are held against a file of assertions each, which is compiled alone."""
WALK = Walk(strategies.schemas(allowed=True), NUMBER, start=1)

JUDGES = {
    "gcc": judges.gcc,
    "g++": judges.gpp,
    "rustc": judges.rustc,
    "rustc of 2024": judges.rustc_2024,
    "rustfmt": judges.rustfmt,
    "ctypes": judges.ctypes,
    "black": judges.black,
    "ruff": judges.ruff,
    "mypy": judges.mypy,
}

TARGET_JUDGES = {
    "clang": target_judges.clang,
    "gcc for i386": target_judges.gcc_i386,
    "layouts by rustc": target_judges.rustc_layouts,
    "rustc elsewhere": target_judges.rustc_elsewhere,
    "columns of Python": target_judges.python_columns,
}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    return WALK.gather(tmp_path_factory.mktemp("random"))


@pytest.mark.parametrize("judge", JUDGES.values(), ids=JUDGES)
def test_bindings_of_random_schemas_are_as_they_should_be(
    crowd: Crowd, judge: Judge
) -> None:
    assert len(crowd.members) >= NUMBER
    WALK.hold(crowd, judge)


@pytest.mark.parametrize("judge", TARGET_JUDGES.values(), ids=TARGET_JUDGES)
def test_bindings_of_random_schemas_are_right_on_every_target_they_name(
    crowd: Crowd, judge: Judge
) -> None:
    part = next(crowd.parts(TARGETS))
    assert len(part.members) == TARGETS
    WALK.hold(part, judge)


@pytest.mark.parametrize(
    "judge", [code_judges.contexts, code_judges.values], ids=["contexts", "values"]
)
def test_code_for_random_schemas_does_the_same_in_every_language(
    crowd: Crowd, judge: Judge
) -> None:
    part = next(crowd.parts(CODE))
    assert len(part.members) == CODE
    WALK.hold(part, judge)


@pytest.mark.parametrize(
    "judge", [owner_judges.beside, owner_judges.owners], ids=["prefix", "owners"]
)
def test_headers_of_random_schemas_are_as_good_as_an_owners(
    crowd: Crowd, judge: Judge
) -> None:
    part = next(crowd.parts(OWNERS))
    assert len(part.members) == OWNERS
    WALK.hold(part, judge)
