"""Bindings in a folder, and programs and libraries that are built against them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import ROOT, Ran, load_at, missing, need
from vmgen.build.config import Config
from vmgen.build.pipeline import Checked, emit
from vmgen.languages.job import Job
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType

    from vmgen.schema.model import Module

HOST = "x86_64-unknown-linux-gnu"
SCHEMAS = {
    "wasmtime42": "schemas/wasmtime.vm.yaml@42.0.2",
    "wasmer": "schemas/wasmer.vm.yaml",
    "torture": "tests/schemas/good/torture.vm.yaml",
    "torture_allowed": "tests/schemas/good/torture_allowed.vm.yaml",
    "torture_c": "tests/schemas/good/torture_c.vm.yaml",
    "torture_on": "tests/schemas/good/torture_on.vm.yaml",
}
CHECKED_IN = ("wasmtime42", "wasmer")
"""Modules of `SCHEMAS` whose bindings are in generated/."""

STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Werror")
CRATE = "bindings"


@cache
def module(name: str) -> Module:
    """The module of one of `SCHEMAS`."""
    return load(ROOT / SCHEMAS[name], SCHEMAS[name])


def load(path: Path, shown: str = "") -> Module:
    """The module of a schema that has no faults of form."""
    report = Report()
    loaded = load_at(path, shown or path.name, report)
    assert loaded is not None, render(report)
    assert not report.has_errors, render(report)
    return loaded


def job_of(module: Module) -> Job:
    """The job of a module, for its layouts and its contexts'."""
    return Job(module, Layouts(module), module.path.name, "vmgen build", {})


def write_bindings(
    folder: Path, modules: Iterable[Module], languages: Sequence[str]
) -> None:
    """Emit modules into a folder, as `vmgen build` does."""
    checked = [Checked(module, Layouts(module)) for module in modules]
    for output in emit(checked, Config(folder), languages):
        path = folder / output.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(output.text, encoding="utf-8")


def bindings_of(name: str, folder: Path) -> Path:
    """Where the bindings of one of `SCHEMAS` are; made in `folder` unless checked in."""
    if name in CHECKED_IN:
        return ROOT / "generated"
    write_bindings(folder, [module(name)], ["rust", "c", "python"])
    return folder


@dataclass(frozen=True, slots=True)
class Rust:
    """The generated crate, compiled; programs and libraries link to it as `bindings`."""

    folder: Path
    target: str = HOST

    @classmethod
    def build(cls, bindings: Path, folder: Path, target: str = HOST) -> Rust:
        """Compile the crate of some bindings into a folder. Skips without rustc."""
        made = cls(folder, target)
        built = made.compile(bindings)
        assert built == Ran(0, "", ""), built.err
        return made

    def compile(
        self, bindings: Path, *options: str, edition: str = "2021", emit: str = "link"
    ) -> Ran:
        """Compile the crate of some bindings, every warning an error."""
        kind = ["--crate-type", "rlib", "--crate-name", CRATE, "--edition", edition]
        kind += ["--emit", emit, "-D", "warnings", "--out-dir", str(self.folder)]
        root = bindings / "rust" / "src" / "lib.rs"
        return self.rustc([*kind, *options, str(root)])

    def rustc(self, arguments: Sequence[str], stdin: str = "") -> Ran:
        target = [] if self.target == HOST else ["--target", self.target]
        return ran([need("rustc"), *target, *arguments], self.folder, stdin)

    def link(self, source: str, kind: str, output: Path, optimize: int = 1) -> None:
        """Compile a source against the crate, as a `bin` or a `cdylib`."""
        built = self.rustc(
            [
                *("--crate-type", kind, "--crate-name", "test", "--edition", "2021"),
                *("-L", str(self.folder), "--extern", CRATE),
                *(
                    "-C",
                    f"opt-level={optimize}",
                    "-C",
                    "debuginfo=0",
                    "-o",
                    str(output),
                    "-",
                ),
            ],
            source,
        )
        assert built == Ran(0, "", ""), built.err


def compile_c(
    bindings: Path, source: str, output: Path, *flags: str, standard: str = "c11"
) -> None:
    """Compile a source against the generated headers, with every warning an error."""
    include = ["-I", str(bindings / "c")]
    command = [need("gcc"), f"-std={standard}", *STRICT, "-O1", *include, *flags]
    built = ran([*command, "-o", str(output), "-x", "c", "-"], output.parent, source)
    assert built == Ran(0, "", ""), built.err


def ran(command: Sequence[str], folder: Path, stdin: str = "") -> Ran:
    """A finished command."""
    done = subprocess.run(
        command, cwd=folder, input=stdin, capture_output=True, text=True, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def python(bindings: Path, name: str) -> tuple[ModuleType, ModuleType]:
    """A generated Python module, and the runtime that it uses."""
    folder = str(bindings / "python")
    sys.path.insert(0, folder)
    try:
        return import_module(name), import_module("vmgen_runtime")
    finally:
        sys.path.remove(folder)


def need_rust_target(target: str) -> None:
    """Skip, or in CI fail, where rustc can't compile a library for a target."""
    sysroot = ran([need("rustc"), "--print", "sysroot"], ROOT).out.strip()
    if not (Path(sysroot) / "lib" / "rustlib" / target / "lib").is_dir():
        missing(f"rustc has no standard library for {target}")
