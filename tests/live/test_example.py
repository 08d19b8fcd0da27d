"""The example prints what is kept of its output, the same in every run."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

TREES = Path(__file__).parent / "trees"
"""What the example prints, by the version of the package ``wasmtime``."""


@pytest.mark.parametrize("run", [1, 2])
def test_a_live_instance_is_printed_as_a_tree(
    example: Path, tmp_path: Path, run: int
) -> None:
    done = subprocess.run(
        [sys.executable, str(example)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    expected = TREES / f"{version('wasmtime')}.txt"
    assert done.stdout == expected.read_text(encoding="utf-8")
