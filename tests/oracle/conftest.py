"""Builds the oracle program, and talks to it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from vmgen.diagnostics import Report
from vmgen.layout.records import Layouts
from vmgen.schema import load_module

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent / "wasmtime_environ"
BUILD = ROOT / "build" / "oracle" / "wasmtime_environ"


@dataclass(frozen=True, slots=True)
class Oracle:
    """Wasmtime's own offset code, behind `wasmtime_environ/src/main.rs`."""

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

    def pairs(self, question: str) -> list[tuple[str, str]]:
        """The ``name=value`` words of one answer, in order; a name may come twice."""
        (answer,) = self.ask([question])
        return [(name, value) for name, _, value in map(split, answer.split())]

    def counts(self, context: str) -> list[str]:
        """The order in which a question about this context gives the counts."""
        done = subprocess.run(
            [self.program, "counts"], capture_output=True, text=True, check=True
        )
        lines = [line.split() for line in done.stdout.splitlines()]
        return next(names for kind, *names in lines if kind == context)


def split(word: str) -> tuple[str, str, str]:
    return word.partition("=")


def unavailable(why: str) -> NoReturn:
    """Loud where a person looks on; a failure where nobody would notice."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def cargo(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["cargo", *words, "--locked", "--manifest-path", str(HERE / "Cargo.toml")],
        env={**os.environ, "CARGO_TARGET_DIR": str(BUILD)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def oracle() -> Oracle:
    if shutil.which("cargo") is None:
        unavailable("NOT COMPARED WITH WASMTIME: there is no cargo to build its code")
    fetched = cargo("fetch")
    if fetched.returncode:
        unavailable(
            "NOT COMPARED WITH WASMTIME: the Rust package registry gives no crates:\n"
            + fetched.stderr
        )
    # What is fetched has to build: a fault from here on is ours.
    built = cargo("build", "--release", "--offline")
    assert built.returncode == 0, built.stderr
    return Oracle(BUILD / "release" / "wasmtime-environ-oracle")


@pytest.fixture(scope="session")
def wasmtime42() -> Layouts:
    """The layouts of ``schemas/wasmtime42.vm.yaml`` on all of its targets."""
    path = ROOT / "schemas" / "wasmtime42.vm.yaml"
    report = Report()
    module = load_module(path, path.name, report)
    assert module is not None, list(report)
    return Layouts(module)


@pytest.fixture(scope="session")
def wat2wasm() -> Callable[[str], bytes]:
    """From the text format to the binary one, by Wasmtime's own Python package."""
    try:
        import wasmtime
    except ImportError:
        unavailable("NOT COMPARED WITH WASMTIME: its Python package is not installed")
    return lambda text: bytes(wasmtime.wat2wasm(text))
