"""Programs in C and Rust with records of the small schema, and the scripts for it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support import ROOT, need, vmgen

HERE = Path(__file__).parent
SMALL = ROOT / "tests" / "golden" / "small.vm.yaml"
PROJECT = """\
[tool.vmgen]
schemas = ["small.vm.yaml"]
out = "."
languages = ["c", "rust", "gdb", "lldb"]

[tool.vmgen.rust]
debuggers = "gdb"
crate = "small"
"""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a build of the small schema."""
    folder = tmp_path_factory.mktemp("small")
    shutil.copy(SMALL, folder)
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    ran = vmgen("build", cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    return folder


@pytest.fixture(scope="session")
def c_program(built: Path) -> Path:
    """A program in C that aborts when its records are filled."""
    program = built / "c_program"
    compile(
        need("gcc"), "-g", "-Ic", str(HERE / "program.c"), "-o", program.name, at=built
    )
    return program


@pytest.fixture(scope="session")
def rust_program(built: Path) -> Path:
    """The same in Rust; the crate of the records brings gdb's printers along."""
    rustc = need("rustc"), "--edition", "2021", "-g"
    crate = "--crate-type", "rlib", "--crate-name", "small"
    compile(*rustc, *crate, "rust/src/lib.rs", at=built)
    program = built / "rust_program"
    source = str(HERE / "program.rs")
    extern = "--extern", "small=libsmall.rlib"
    compile(*rustc, *extern, source, "-o", program.name, at=built)
    return program


def compile(*command: str, at: Path) -> None:
    done = subprocess.run(command, cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
