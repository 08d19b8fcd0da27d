"""Dependency files with everything in their paths that has a meaning to Make or Ninja."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import ROOT, need, vmgen
from vmgen.build.depfile import escape

HARD = "has $5 #1: a b"
INCLUDE = f"{HARD}/more of $(it) #2.vm.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A schema whose include is hard to name, in a folder that is too."""
    (tmp_path / HARD).mkdir()
    (tmp_path / HARD / "main.vm.yaml").write_text(
        "vmgen: 1\nmodule: hard\ninclude: ['more of $(it) #2.vm.yaml']\n"
        "types: {A: {kind: struct, fields: {b: B}}}\n"
    )
    (tmp_path / INCLUDE).write_text(
        "vmgen: 1\ntypes:\n  B:\n    kind: struct\n    fields:\n      x: u32\n"
    )
    return tmp_path


def run(folder: Path, *command: str) -> tuple[int, str]:
    done = subprocess.run(
        command,
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "VMGEN_CACHE_DIR": str(folder / ".cache"),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def grow(folder: Path) -> None:
    # Make compares whole seconds on some file systems.
    time.sleep(1.1)
    path = folder / INCLUDE
    path.write_text(path.read_text() + "      y: u32\n")


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("a/b.vm.yaml", "a/b.vm.yaml"),
        ("a b", r"a\ b"),
        ("a#b", r"a\#b"),
        ("a$b", "a$$b"),
        ("a:b", r"a\:b"),
        ("C:/a b", r"C:/a\ b"),
        ("C:a", r"C\:a"),
        ("a\\ b", r"a\\\ b"),
        ("a\\b", r"a\b"),
    ],
)
def test_what_has_a_meaning_is_quoted(path: str, written: str) -> None:
    assert escape(path) == written


def test_make_follows_them(folder: Path) -> None:
    make = need("make")
    target = r"has\ $$5\ \#1\:\ a\ b/out/c/hard.h"
    source, out = (
        shlex.quote(f"{HARD}/{name}").replace("$", "$$")
        for name in ("main.vm.yaml", "out")
    )
    (folder / "Makefile").write_text(
        f"all: {target}\n"
        f"{target}:\n"
        f'\t"{sys.executable}" -m vmgen build {source} --lang c -o {out}'
        " --depfile deps.d\n"
        "-include deps.d\n"
    )
    code, said = run(folder, make)
    assert code == 0, said
    assert (folder / HARD / "out/c/hard.h").is_file()
    assert run(folder, make, "--question")[0] == 0
    grow(folder)
    assert run(folder, make, "--question")[0] == 1
    code, said = run(folder, make)
    assert (code, "1 file changed" in said) == (0, True), said
    assert run(folder, make, "--question")[0] == 0


def test_make_survives_an_include_that_is_gone(folder: Path) -> None:
    make = need("make")
    test_make_follows_them(folder)
    (folder / INCLUDE).unlink()
    (folder / HARD / "main.vm.yaml").write_text(
        "vmgen: 1\nmodule: hard\ntypes: {A: {kind: struct, fields: {b: u8}}}\n"
    )
    code, said = run(folder, make)
    assert code == 0, said


def test_ninja_follows_them(folder: Path) -> None:
    ninja = need("ninja")
    (folder / "build.ninja").write_text(
        "rule vmgen\n"
        f'  command = "{sys.executable}" -m vmgen build $in --lang c -o out $\n'
        "    --depfile deps.d\n"
        "  depfile = deps.d\n"
        "  restat = 1\n"
        "build out/c/hard.h out/c/vmgen.h: vmgen has$ $$5$ #1$:$ a$ b/main.vm.yaml\n"
    )
    code, said = run(folder, ninja)
    assert code == 0, said
    assert run(folder, ninja)[1] == "ninja: no work to do.\n"
    grow(folder)
    code, said = run(folder, ninja)
    assert (code, "1 file changed" in said) == (0, True), said
    assert run(folder, ninja)[1] == "ninja: no work to do.\n"


def test_the_listed_outputs_are_those_that_a_build_makes(folder: Path) -> None:
    call = ["build", f"{HARD}/main.vm.yaml", "-o", "some where"]
    listed = vmgen(*call, "--list-outputs", cwd=folder)
    assert (listed.code, listed.err) == (0, "")
    assert not (folder / "some where").exists()
    assert vmgen(*call, cwd=folder).code == 0
    made = [p for p in (folder / "some where").rglob("*") if p.is_file()]
    assert sorted(listed.out.splitlines()) == sorted(
        p.relative_to(folder).as_posix() for p in made
    )
