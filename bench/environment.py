"""An environment that has vmgen as its users have it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def installed(folder: Path) -> Path:
    """The `bin` of a new environment in `folder` with vmgen and what it needs alone.

    pip compiles what it installs. The checkout's modules may not be compiled, and what
    the tests need may be imported by others' modules only because it is there.
    """
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    bin = folder / "bin"
    pip = [str(bin / "python"), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", str(ROOT)], check=True)
    return bin
