"""Programs in Rust that print what a runtime's own offset code says.

Each is a crate of its own below this folder, with the runtime's published crate
pinned by its lock file. It reads questions from stdin, one a line, and answers each
with one line of ``name=value`` words.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class CargoOracle:
    """A built program; `folder` has its `src/main.rs`, which lists the questions."""

    folder: Path
    program: Path

    def ask(self, questions: list[str]) -> list[str]:
        """One answer per question; a question that it cannot read fails the test."""
        done = subprocess.run(
            [self.program],
            input="".join(f"{question}\n" for question in questions),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answers = done.stdout.splitlines()
        assert len(answers) == len(questions)
        return answers

    def counts(self, context: str) -> list[str]:
        """The order in which a question about this context gives the counts."""
        done = subprocess.run(
            [self.program, "counts"], capture_output=True, text=True, check=True
        )
        lines = [line.split() for line in done.stdout.splitlines()]
        return next(names for kind, *names in lines if kind == context)


def build(name: str, runtime: str) -> CargoOracle:
    """Builds the crate in the folder `name`; skips loudly where that can't be."""
    folder = Path(__file__).parent / name
    program = f"{name.replace('_', '-')}-oracle"
    return build_package(folder, program, runtime, ROOT / "build" / "oracle" / name)


def build_package(
    folder: Path, program: str, runtime: str, target: Path, options: Sequence[str] = ()
) -> CargoOracle:
    """Builds the program of the package in a folder, its results below `target`."""

    def cargo(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["cargo", *words, "--locked", "--manifest-path", folder / "Cargo.toml"],
            env={**os.environ, "CARGO_TARGET_DIR": str(target)},
            capture_output=True,
            text=True,
            check=False,
        )

    if shutil.which("cargo") is None:
        unavailable(f"NOT COMPARED WITH {runtime}: there is no cargo to build its code")
    fetched = cargo("fetch")
    if fetched.returncode:
        unavailable(
            f"NOT COMPARED WITH {runtime}: the Rust package registry gives no crates:\n"
            + fetched.stderr
        )
    # What is fetched has to build: a fault from here on is ours.
    built = cargo("build", "--offline", *options)
    assert built.returncode == 0, built.stderr
    return CargoOracle(folder, target / "debug" / program)


def unavailable(why: str) -> NoReturn:
    """Loud where a person looks on; a failure where nobody would notice."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
