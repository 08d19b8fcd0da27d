"""Pythons of other machines: 32-bit WebAssembly, 32-bit x86, and big-endian s390x.

All are fetched once, into `build/`, by the clients of the registries they are in.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.fetched import fetch_by, fetched
from tests.machines import pyodide
from tests.support import missing, need

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DEBIAN_PACKAGES = (
    "libc6", "libexpat1", "libffi8", "libpython3.11-minimal", "libpython3.11-stdlib",
    "python3.11-minimal", "zlib1g",
)  # fmt: skip

APT = """\
APT::Architecture "{architecture}";
APT::Architectures {{ "{architecture}"; }};
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
    root = _debian("s390x")
    return _run_in(root, [qemu, "-L", str(root)], folder, program)


def run_on_i686(folder: Path, program: str) -> list[str]:
    """The same in Debian's Python for i386, which this machine runs by itself."""
    if platform.machine() not in ("x86_64", "AMD64") or sys.platform != "linux":
        missing("only an x86-64 Linux runs programs for i386")
    root = _debian("i386")
    libraries = ":".join(
        str(root / top / "i386-linux-gnu") for top in ("lib", "usr/lib")
    )
    loader = root / "lib" / "i386-linux-gnu" / "ld-linux.so.2"
    return _run_in(root, [str(loader), "--library-path", libraries], folder, program)


def _run_in(root: Path, start: Sequence[str], folder: Path, program: str) -> list[str]:
    python = root / "usr" / "bin" / "python3.11"
    command = ["env", f"PYTHONHOME={root / 'usr'}", *start, str(python)]
    return _lines([*command, "-B", "-W", "error", "-c", program], folder)


def _debian(architecture: str) -> Path:
    """Where Debian's Python for an architecture is."""
    packages = " ".join(DEBIAN_PACKAGES)

    def fetch(home: Path) -> None:
        _fetch(home, architecture)

    return fetched(f"{architecture}-python", packages, fetch) / "root"


def _fetch(home: Path, architecture: str) -> None:
    apt, dpkg = need("apt-get"), need("dpkg-deb")
    for part in ("state/lists/partial", "cache/archives/partial", "debs", "root"):
        (home / part).mkdir(parents=True)
    (home / "state" / "status").touch()
    configuration = APT.format(folder=home, architecture=architecture)
    (home / "apt.conf").write_text(configuration, encoding="utf-8")
    client = ["env", f"APT_CONFIG={home / 'apt.conf'}", apt, "--quiet"]
    # One of the suites may be out of order; what is there tells the download.
    subprocess.run([*client, "update"], cwd=home, capture_output=True, check=False)
    fetch_by([*client, "download", *DEBIAN_PACKAGES], home / "debs")
    for package in sorted((home / "debs").glob("*.deb")):
        fetch_by([dpkg, "--extract", str(package), str(home / "root")], home)


def _lines(command: Sequence[str], folder: Path) -> list[str]:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()
