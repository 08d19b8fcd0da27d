"""The table that `make prove` prints: what it claims, and what the README says of it.

That the claims are true is what the other tests here find out piece by piece, and
what the command itself does.
"""

from __future__ import annotations

from tests.oracle import crates, proof_run
from tests.oracle.proof_table import (
    CRATE,
    HEADERS,
    LAYOUTS,
    NO_ATOMICS,
    claimed,
    table,
    totals,
)
from tests.support import ROOT
from vmgen.targets.find import TARGETS


def test_every_target_has_a_row_and_no_cell_is_empty() -> None:
    rows = claimed()
    assert [row.target for row in rows] == list(TARGETS)
    assert all(all((row.model, row.rustc, row.clang, row.run)) for row in rows)
    lines = list(table(rows))
    assert len(lines) == 1 + len(TARGETS)
    assert lines[0].split() == ["target", "data", "model", "rustc", "clang", "run"]


def test_rustc_is_asked_about_all_and_a_crate_about_each_data_model() -> None:
    cells = {row.target: row.rustc for row in claimed()}
    assert set(cells.values()) == {LAYOUTS, CRATE, NO_ATOMICS}
    judged = {target for target, cell in cells.items() if cell != LAYOUTS}
    assert judged == set(crates.REPRESENTATIVES)


def test_clang_is_asked_about_all_it_knows() -> None:
    cells = {row.target: row.clang for row in claimed()}
    assert {t: c for t, c in cells.items() if c.startswith("refused")} == {
        "avr-none": "refused: f64, (f64, u8) differ",
        "m68k-unknown-linux-gnu": "refused: usize, VmPtr, u32, u64 differ",
        "m68k-unknown-none-elf": "refused: usize, VmPtr, u32, u64 differ",
        "powerpc64-ibm-aix": "refused: (f64, u8) differ",
    }
    assert sum(cell.startswith("not known: ") for cell in cells.values()) == 8
    assert sum(cell == HEADERS for cell in cells.values()) == len(cells) - 12


def test_what_runs_are_targets_of_rustc() -> None:
    assert set(proof_run.PROVERS) <= set(TARGETS)
    assert len(proof_run.PROVERS) == 7


def test_the_readme_says_what_the_command_prints() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, rest = readme.partition("<!-- totals -->\n")
    said, end, _ = rest.partition("<!-- /totals -->")
    assert end, "README.md has no place for the totals"
    assert said == totals(claimed())
