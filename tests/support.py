"""What many tests need: modules out of text, runs of the command line, tools."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import NoReturn
from unittest import mock

import pytest

from vmgen.cli import main
from vmgen.languages import render
from vmgen.reading.diagnostics import Report
from vmgen.report import full
from vmgen.rules import run_rules
from vmgen.rules.run import judge_all
from vmgen.schema import Loader, load_module
from vmgen.schema.model import Module

ROOT = Path(__file__).resolve().parent.parent
HEADER = "vmgen: 1\nmodule: sample\n"


def write_schema(folder: Path, text: str, name: str = "sample.vm.yaml") -> Path:
    """Write a schema; `text` is dedented and gets the two first lines if it has none."""
    text = dedent(text)
    if "vmgen:" not in text:
        text = HEADER + text
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def load_at(path: Path, shown: str, report: Report) -> Module | None:
    """`load_module` of a schema whose name may end in ``@`` and a release."""
    name, _, release = path.name.partition("@")
    shown = shown.partition("@")[0]
    return load_module(path.with_name(name), shown, report, version=release or None)


def findings(path: Path) -> str:
    """Everything the readers and rules say of a schema in all of its versions, in the long
    form."""
    report = Report()
    judge_all(Loader(report).load_all(path, path.name), report)
    return full.render(report)


def module_of(folder: Path, text: str) -> Module:
    """The module of a schema that must have no faults."""
    path = write_schema(folder, text)
    report = Report()
    module = load_module(path, path.name, report)
    assert module is not None, full.render(report)
    run_rules(module, report)
    assert not report.has_errors, full.render(report)
    return module


@dataclass(frozen=True)
class Ran:
    """A finished command."""

    code: int
    out: str
    err: str


@contextmanager
def working_in(folder: Path, **environment: str) -> Iterator[None]:
    """Be in a folder, with these variables in the environment."""
    before = Path.cwd()
    with mock.patch.dict(os.environ, environment):
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def vmgen(*arguments: str, cwd: Path, **environment: str) -> Ran:
    """Run the command line in this process, with a cache of its own.

    Templates are compiled once for all tests, and kept in no folder. Where the process
    is the subject, as with what it imports, keeps, forks or is sent, use
    `vmgen_process`: it takes a quarter of a second, and seconds on a busy machine.
    """
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        working_in(cwd, **_environment(cwd, environment)),
        mock.patch.object(render, "use_cache"),
        mock.patch.object(sys, "stdout", out),
        mock.patch.object(sys, "stderr", err),
        open(os.devnull, encoding="utf-8") as nothing,
        mock.patch.object(sys, "stdin", nothing),
    ):
        code = main(list(arguments))
    return Ran(code, _written(out), _written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def vmgen_process(*arguments: str, cwd: Path, **environment: str) -> Ran:
    """Run the command line in a process of its own, with a cache of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "vmgen", *arguments],
        cwd=cwd,
        env={**os.environ, **_environment(cwd, environment)},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def _environment(cwd: Path, more: dict[str, str]) -> dict[str, str]:
    return {"VMGEN_CACHE_DIR": str(cwd / ".cache"), "NO_COLOR": "1", **more}


def need(tool: str) -> str:
    """The path of a tool; a skip that says so without it, and in CI a failure."""
    path = shutil.which(tool)
    if path is None:
        missing(f"{tool} is not installed")
    return path


def toolchain(name: str) -> str:
    """A toolchain of rustup's that the lock names, as `RUST_NIGHTLY`."""
    lines = (ROOT / "locks" / "rust.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=") for line in lines if not line.startswith("#"))[name]


def missing(what: str) -> NoReturn:
    """Skip the test because something is missing; in CI, where nothing may be, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}, and in CI nothing may be missing")
    pytest.skip(what)


def need_package(name: str) -> None:
    """Have a Python package, or do as `missing` does."""
    try:
        import_module(name)
    except ImportError:
        missing(f"the package {name} is not installed")


def proving() -> bool:
    """Whether proofs run in full (`make prove`) rather than sampled."""
    return bool(os.environ.get("VMGEN_PROVE"))
