"""Whatever the rules accept, compilers and ctypes lay out as the engine says.

And the formatters and linters of each language find nothing to change.
"""

from __future__ import annotations

import pytest

from tests.random import judges, strategies
from tests.random.crowd import Crowd, Judge, Walk
from tests.support import proving

pytestmark = pytest.mark.xdist_group("random")

NUMBER = 3_000 if proving() else 200
WALK = Walk(strategies.schemas(waived=True), NUMBER, start=1)

ALL = {
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


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    return WALK.gather(tmp_path_factory.mktemp("random"))


@pytest.mark.parametrize("judge", ALL.values(), ids=ALL)
def test_bindings_of_random_schemas_are_as_they_should_be(
    crowd: Crowd, judge: Judge
) -> None:
    assert len(crowd.members) >= NUMBER
    WALK.hold(crowd, judge)
