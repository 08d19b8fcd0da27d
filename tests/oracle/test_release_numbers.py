"""The checked-in table is what Wasmtime's own code says, release by release."""

from __future__ import annotations

import pytest

from tests.oracle.release_numbers import TABLE, column, read, write
from tests.oracle.releases import BUILT, oracle


@pytest.mark.parametrize("release", BUILT)
def test_the_table_is_what_the_program_of_the_release_prints(release: str) -> None:
    assert read()[release] == column(oracle(release))


def test_the_table_says_each_change_once() -> None:
    assert write(read()) == TABLE.read_text(encoding="utf-8")
    assert "VMStoreContext.stack_limit/8 42.0.2:16 43.0.2:24\n" in write(read())


def test_releases_with_one_layout_have_one_column() -> None:
    """Nothing that is shared changes in the patch releases between the boundaries."""
    columns = read()
    assert columns["48.0.6"] == columns["48.0.8"]
    assert columns["43.0.2"] == columns["44.0.3"]
    for before, after in [("48.0.5", "48.0.6"), ("49.0.2", "49.0.5")]:
        changed = {
            name for name, n in columns[after].items() if n != columns[before][name]
        }
        assert {name.partition("/")[0] for name in changed} == {
            "VMContext.func_refs",
            "VMContext.runtime_data_bases",
            "VMContext.runtime_data_lengths",
            "VMContext.size",
            "VMContext.startup_func_ref",
        }
        assert {name.partition("/")[2][0] for name in changed} == {"8"}
        assert all(
            "num_defined_tags=1" in name or "num_defined_tags=3" in name
            for name in changed
        )
