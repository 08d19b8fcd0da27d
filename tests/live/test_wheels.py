"""Every test of this folder, in a process of its own with each of nine Wasmtimes."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.wheels import INSTALLED, locked, wheel
from tests.support import ROOT

HERE = Path(__file__).parent
LOOKED = 57
"""The tests of this folder, this file aside."""


def test_the_wheels_are_one_of_every_series_from_42_to_50() -> None:
    assert [version.split(".")[0] for version in locked()] == [
        str(series) for series in range(42, 51)
    ]


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="the wheels are those for Linux on x86-64",
)
@pytest.mark.parametrize("version", [v for v in locked() if v != INSTALLED])
def test_every_wasmtime_is_read_by_the_bindings_of_its_version(version: str) -> None:
    path = os.pathsep.join([str(wheel(version)), str(ROOT)])
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            *(str(HERE), f"--ignore={__file__}"),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "VMGEN_WASMTIME": version},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{LOOKED} passed" in done.stdout, done.stdout
