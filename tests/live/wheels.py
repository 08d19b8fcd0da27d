"""The Wasmtimes that the live tests look into: one of every series, as PyPI has them."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.fetched import fetch_by, fetched
from tests.support import ROOT

LOCK = ROOT / "locks" / "wasmtime-wheels.txt"

INSTALLED = "42.0.0"
"""The one that is installed for the tests; a process of its own has another."""


def locked() -> dict[str, str]:
    """A line for pip with the wheel's hash, by the version of the wheel."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    return {line.split()[0].removeprefix("wasmtime=="): line for line in wanted}


def wheel(version: str) -> Path:
    """A folder with the package ``wasmtime`` of a version; a skip where it can't be had."""
    line = locked()[version]

    def fetch(folder: Path) -> None:
        (folder / "wanted.in").write_text(f"{line}\n", encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
        options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
        fetch_by([*pip, *options, "--target", "package", "-r", "wanted.in"], folder)

    return fetched(f"wasmtime-wheels/{version}", line, fetch) / "package"
