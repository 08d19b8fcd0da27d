"""The part of `make drop-in` that is quick enough for every run of CI: Wasmtime's offsets
replaced and compared, and its runtime with the replaced records checked on this machine.
"""

from __future__ import annotations

import os

import pytest

from tests.drop_in import accessors, outcomes, trees
from tests.support import need, proving

pytestmark = [
    pytest.mark.xdist_group("drop_in"),
    pytest.mark.skipif(
        not (os.environ.get("CI") or proving()),
        reason="WASMTIME'S CRATES NOT REPLACED: it takes minutes; `make drop-in` does it",
    ),
]


@pytest.fixture(scope="module")
def figures() -> trees.Figures:
    """The replaced crates."""
    need("cargo")
    trees.make_untouched()
    return trees.make_replaced()


def test_little_is_written_by_hand(figures: trees.Figures) -> None:
    assert trees.faults(figures) == []
    assert figures.removed > 2_000


def test_accessors_give_what_wasmtimes_own_give(figures: trees.Figures) -> None:
    compared = accessors.compare()
    assert accessors.faults(compared) == []
    assert compared.methods == 156
    assert compared.answers > 400_000


@pytest.mark.parametrize("features", [outcomes.WITHOUT_COMPILERS, outcomes.SUBSETS[0]])
def test_the_runtime_compiles_without_a_warning(
    figures: trees.Figures, features: str
) -> None:
    assert outcomes.warnings(trees.REPLACED, features) == []
