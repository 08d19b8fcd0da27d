"""Pythons of other machines: 32-bit WebAssembly, and big-endian s390x.

Both are fetched once, into `build/`, by the clients of the registries they are in.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.fetched import fetch_by, fetched
from tests.machines import pyodide
from tests.support import need

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DEBIAN_PACKAGES = (
    "libc6", "libexpat1", "libffi8", "libpython3.11-minimal", "libpython3.11-stdlib",
    "python3.11-minimal", "zlib1g",
)  # fmt: skip

APT = """\
APT::Architecture "s390x";
APT::Architectures {{ "s390x"; }};
APT::Sandbox::User "root";
Dir::State "{folder}/state";
Dir::State::status "{folder}/state/status";
Dir::Cache "{folder}/cache";
"""

IN_PYODIDE = """\
import io, sys, warnings
warnings.simplefilter("error")
sys.path[:0] = ["/0"]
sys.stdout = io.StringIO()
{program}
answer = sys.stdout.getvalue()
"""


def run_on_wasm32(folder: Path, program: str) -> list[str]:
    """The lines that a program prints in Pyodide, with the modules of a folder."""
    script = folder / "program.txt"
    script.write_text(IN_PYODIDE.format(program=program), encoding="utf-8")
    given = [pyodide.LOADER, pyodide.library(), script, folder]
    return _lines([need("node"), *map(str, given)], folder)


def run_on_s390x(folder: Path, program: str) -> list[str]:
    """The lines that a program prints in Debian's Python for s390x, emulated."""
    qemu = need("qemu-s390x-static")
    root = fetched("s390x-python", " ".join(DEBIAN_PACKAGES), _fetch_s390x) / "root"
    python = [qemu, "-L", str(root), str(root / "usr" / "bin" / "python3.11")]
    return _lines([*python, "-B", "-W", "error", "-c", program], folder)


def _fetch_s390x(home: Path) -> None:
    apt, dpkg = need("apt-get"), need("dpkg-deb")
    for part in ("state/lists/partial", "cache/archives/partial", "debs", "root"):
        (home / part).mkdir(parents=True)
    (home / "state" / "status").touch()
    (home / "apt.conf").write_text(APT.format(folder=home), encoding="utf-8")
    client = ["env", f"APT_CONFIG={home / 'apt.conf'}", apt, "--quiet"]
    fetch_by([*client, "update"], home)
    fetch_by([*client, "download", *DEBIAN_PACKAGES], home / "debs")
    for package in sorted((home / "debs").glob("*.deb")):
        fetch_by([dpkg, "--extract", str(package), str(home / "root")], home)


def _lines(command: Sequence[str], folder: Path) -> list[str]:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()
