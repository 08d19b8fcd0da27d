"""The examples that work on records of others, live."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

from tests.support import ROOT, missing

EXAMPLES = ROOT / "examples"


def printed(example: str, *arguments: str) -> str:
    """What an example prints, which has to end well."""
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / example), *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def need_package(name: str) -> None:
    if importlib.util.find_spec(name) is None:
        missing(f"{name} is not installed")


def test_numpy_and_pyarrow_hand_arrays_to_the_generated_classes() -> None:
    need_package("numpy")
    need_package("pyarrow")
    assert printed("shared_arrays.py") == (
        "A tensor of 2 dimensions on kDLCPU\n"
        "  kDLInt of 32 bits: [[0, 2], [4, 6], [8, 10]]\n"
        "A column of 4, 1 of them null\n"
        "  'u': ['alpha', 'beta', None, 'gamma']\n"
        "  released: True\n"
    )
