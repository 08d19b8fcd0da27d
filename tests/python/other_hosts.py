"""Pythons of other machines: 32-bit WebAssembly, and big-endian s390x.

Both are fetched once, into `build/`, by the clients of the registries they are in.
"""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from tests.support import ROOT, missing, need

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PYODIDE = "314.0.7"
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

LOADER = """\
import { loadPyodide } from "pyodide";
import fs from "fs";
const python = await loadPyodide({ stdout: (text) => console.log(text) });
const [folder, program] = process.argv.slice(2);
for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".py")))
  python.FS.writeFile("/home/pyodide/" + name, fs.readFileSync(folder + "/" + name));
python.runPython(
  "import sys, warnings; warnings.simplefilter('error'); sys.path[:0] = ['/home/pyodide']"
);
python.runPython(fs.readFileSync(program, "utf8"));
"""


def run_on_wasm32(folder: Path, program: str) -> list[str]:
    """The lines that a program prints in Pyodide, with the modules of a folder."""
    node, npm = need("node"), need("npm")
    home = ROOT / "build" / "pyodide"
    if not (home / "node_modules" / "pyodide" / "package.json").is_file():
        home.mkdir(parents=True, exist_ok=True)
        package = {"type": "module", "dependencies": {"pyodide": PYODIDE}}
        (home / "package.json").write_text(json.dumps(package))
        _fetch([npm, "install", "--no-audit", "--no-fund", "--silent"], home)
    (home / "loader.mjs").write_text(LOADER)
    (folder / "program.txt").write_text(program)
    return _lines([node, "loader.mjs", str(folder), str(folder / "program.txt")], home)


def run_on_s390x(folder: Path, program: str) -> list[str]:
    """The lines that a program prints in Debian's Python for s390x, emulated."""
    qemu, apt = need("qemu-s390x-static"), need("apt-get")
    dpkg = need("dpkg-deb")
    home = ROOT / "build" / "s390x-python"
    python = home / "root" / "usr" / "bin" / "python3.11"
    if not python.exists():
        for part in ("state/lists/partial", "cache/archives/partial", "debs", "root"):
            (home / part).mkdir(parents=True, exist_ok=True)
        (home / "state" / "status").touch()
        (home / "apt.conf").write_text(APT.format(folder=home))
        client = ["env", f"APT_CONFIG={home / 'apt.conf'}", apt, "--quiet"]
        _fetch([*client, "update"], home)
        _fetch([*client, "download", *DEBIAN_PACKAGES], home / "debs")
        for package in sorted((home / "debs").glob("*.deb")):
            _fetch([dpkg, "--extract", str(package), str(home / "root")], home)
    emulated = [qemu, "-L", str(home / "root"), str(python)]
    return _lines([*emulated, "-B", "-W", "error", "-c", program], folder)


def _fetch(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        missing(f"`{' '.join(command)}` failed: {done.stderr[-300:]}")


def _lines(command: Sequence[str], folder: Path) -> list[str]:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()
