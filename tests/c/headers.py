"""Headers of modules, and what compilers say about them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.support import Ran, need
from vmgen.languages.c import C
from vmgen.languages.job import Job
from vmgen.layout.layouts import Layouts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from vmgen.schema.model import Module

STANDARDS = ("c11", "c17", "c2x", "c++11", "c++14", "c++17", "c++20", "c++23")
"""Every dialect that a generated header is for."""

STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")

THIRTY_TWO_BITS = ("-m32", "-ffreestanding", "-Wno-psabi")
"""For i386, which gcc can check without that target's C library. -Wpsabi is about
gcc's own past: what it says of atomic members, the header settles by hand."""


def job_of(module: Module, **options: str) -> Job:
    """The job of a module, with paths as they are printed in a project; `options` are
    those of C."""
    name = module.files[0].name
    return Job(module, Layouts(module), name, f"vmgen build {name}", options)


def write_headers(folder: Path, *modules: Module, **options: str) -> dict[str, str]:
    """Write the headers of modules into a folder; their texts by file name."""
    jobs = [job_of(module, **options) for module in modules]
    outputs = [output for job in jobs for output in C().module_files(job)]
    texts = {}
    for output in [*outputs, *C().shared_files(jobs)]:
        name = output.path.removeprefix("c/")
        texts[name] = output.text
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(output.text, encoding="utf-8")
    return texts


def compiler(standard: str) -> list[str]:
    """The command that compiles a source as that standard."""
    language, tool = ("c++", "g++") if "++" in standard else ("c", "gcc")
    return [need(tool), f"-std={standard}", "-x", language]


def check(folder: Path, source: str, standard: str, *flags: str) -> Ran:
    """What the compiler says about a source that includes headers of `folder`."""
    command = [*compiler(standard), *flags, "-fsyntax-only", "-I.", "-"]
    return _run(command, folder, source)


def compile_only(folder: Path, source: str, standard: str, *flags: str) -> Ran:
    """The same with all that a compiler finds while it generates code."""
    command = [*compiler(standard), *flags, "-I.", "-S", "-o", "/dev/null", "-"]
    return _run(command, folder, source)


def run(folder: Path, source: str, standard: str, stdin: str = "") -> str:
    """Compile a program without a warning, run it; what it prints."""
    program = folder / f"program-{standard}"
    command = [*compiler(standard), *STRICT, "-O1", "-I.", "-o", str(program), "-"]
    built = _run(command, folder, source)
    assert built == Ran(0, "", ""), built.err
    done = _run([str(program)], folder, stdin)
    assert (done.code, done.err) == (0, ""), done.err
    return done.out


def _run(command: Sequence[str], folder: Path, stdin: str) -> Ran:
    done = subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, text=True, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)
