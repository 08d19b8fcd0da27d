"""The generated crate's own assertions, evaluated by rustc on every data model.

The types are laid out for every target by `test_rustc.py`; this compiles the very
files that are generated, against the real `core`, once for each data model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle import crates
from tests.oracle.real_core import compiler
from tests.support import missing, proving
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path


def test_a_target_stands_for_every_data_model() -> None:
    models = {TARGETS[triple].model for triple in crates.REPRESENTATIVES}
    assert models == {target.model for target in TARGETS.values()}
    assert len(crates.REPRESENTATIVES) == len(models)


if proving():

    @pytest.fixture(scope="module")
    def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("crates")
        crates.write(folder)
        return folder

    @pytest.mark.parametrize("triple", crates.REPRESENTATIVES)
    def test_every_assertion_holds(triple: str, made: Path, tmp_path: Path) -> None:
        rustc = compiler()
        if rustc is None:
            missing("no toolchain has the component rust-src")
        said = crates.judge(rustc, made, triple, tmp_path)
        if crates.lacks_atomics(triple):
            assert "wasmtime42" in said
            assert all("no `AtomicUsize` in `sync::atomic`" in e for e in said.values())
        else:
            assert said == {}
