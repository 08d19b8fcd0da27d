"""Each worked example, built by the real tool: once, again for nothing, and after a
change in an included file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support import ROOT, need

SHOWN = "VMMemory.length is at 8\nVMLimits takes 24 bytes\n"
GROWN = "VMMemory.length is at 8\nVMLimits takes 32 bytes\n"


class Example:
    """A copy of an example's folder, with `vmgen` on the path of what runs there."""

    def __init__(self, name: str, folder: Path) -> None:
        self.folder = folder / name
        shutil.copytree(
            ROOT / "examples" / name,
            self.folder,
            ignore=shutil.ignore_patterns("build", "generated", "target"),
        )
        scripts = folder / "bin"
        scripts.mkdir()
        script = scripts / "vmgen"
        log = self.log = folder / "vmgen.log"
        script.write_text(
            f'#!/bin/sh\necho "$@" >> "{log}"\nexec "{sys.executable}" -m vmgen "$@"\n'
        )
        script.chmod(0o755)
        self.env = {
            **os.environ,
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "VMGEN_CACHE_DIR": str(folder / "cache"),
        }

    def run(self, *command: str, code: int = 0) -> str:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout
        return done.stdout

    def calls(self) -> int:
        """How often vmgen has been called."""
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0

    def grow(self, include: str) -> None:
        """Add a field to a record of an included file."""
        # Make compares whole seconds on some file systems.
        time.sleep(1.1)
        path = self.folder / include
        path.write_text(path.read_text() + "      more: u64\n")


def builds_once_and_follows_includes(
    example: Example, commands: Sequence[Sequence[str]], show: str, include: str
) -> None:
    def build() -> None:
        for command in commands:
            example.run(*command)

    build()
    assert example.run(show) == SHOWN
    assert example.calls() == 1
    build()
    assert example.calls() == 1
    example.grow(include)
    build()
    assert example.calls() == 2
    assert example.run(show) == GROWN
    build()
    assert example.calls() == 2


@pytest.mark.parametrize("generator", ["Ninja", "Unix Makefiles"])
def test_cmake(tmp_path: Path, generator: str) -> None:
    need("cmake")
    need("ninja" if generator == "Ninja" else "make")
    configure = ("cmake", "-S", ".", "-B", "build", "-G", generator)
    builds_once_and_follows_includes(
        Example("cmake", tmp_path),
        [configure, ("cmake", "--build", "build")],
        "build/show",
        "limits.vm.yaml",
    )


def test_meson(tmp_path: Path) -> None:
    need("meson")
    example = Example("meson", tmp_path)
    example.run("meson", "setup", "build")
    builds_once_and_follows_includes(
        example, [("meson", "compile", "-C", "build")], "build/show", "c/limits.vm.yaml"
    )


def test_plain_make(tmp_path: Path) -> None:
    need("make")
    builds_once_and_follows_includes(
        Example("make", tmp_path), [("make",)], "./show", "limits.vm.yaml"
    )


def test_a_cargo_build_script_only_looks(tmp_path: Path) -> None:
    need("cargo")
    example = Example("cargo", tmp_path)
    assert "not current" in example.run("cargo", "build", "--offline", code=101)
    example.run("vmgen", "build")
    assert example.run("cargo", "run", "--offline", "--quiet") == SHOWN
    calls = example.calls()
    example.run("cargo", "build", "--offline")
    assert example.calls() == calls
    example.grow("schemas/limits.vm.yaml")
    stale = example.run("cargo", "build", "--offline", code=101)
    assert "fix: vmgen build" in stale
    example.run("vmgen", "build")
    assert example.run("cargo", "run", "--offline", "--quiet") == GROWN


def test_whoever_builds_the_published_crate_needs_no_vmgen(tmp_path: Path) -> None:
    cargo = Path(need("cargo"))
    example = Example("cargo", tmp_path)
    example.run("vmgen", "build")
    example.env["PATH"] = os.pathsep.join([str(cargo.parent), "/usr/bin", "/bin"])
    if shutil.which("vmgen", path=example.env["PATH"]):
        pytest.skip("vmgen is installed for the whole machine")
    said = example.run("cargo", "build", "--offline")
    assert (
        "warning: records@0.1.0: vmgen is not installed, bindings not checked" in said
    )
