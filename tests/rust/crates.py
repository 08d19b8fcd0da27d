"""Crates of generated Rust, and what rustc, cargo and its tools say about them."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from typing import TYPE_CHECKING

from tests.support import ROOT, Ran, load_at, missing, need
from vmgen.languages import rust
from vmgen.languages.job import Job
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render
from vmgen.rules import run_rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from vmgen.schema.model import Module

EDITIONS = ("2021", "2024")

SCHEMAS = {
    "wasmtime42": ROOT / "schemas" / "wasmtime.vm.yaml@42.0.2",
    "torture": ROOT / "tests" / "schemas" / "good" / "torture.vm.yaml",
    "torture_allowed": ROOT / "tests" / "schemas" / "good" / "torture_allowed.vm.yaml",
    "torture_c": ROOT / "tests" / "schemas" / "good" / "torture_c.vm.yaml",
    "torture_on": ROOT / "tests" / "schemas" / "good" / "torture_on.vm.yaml",
}
"""Schemas that have, between them, everything that a schema can have."""


def module_at(path: Path, shown: str = "") -> Module:
    """The module of a schema that must have no faults."""
    report = Report()
    module = load_at(path, shown or f"schemas/{path.name}", report)
    assert module is not None, render(report)
    run_rules(module, report)
    assert not report.has_errors, render(report)
    return module


def texts_of(modules: Iterable[Module], /, **options: str) -> dict[str, str]:
    """What the emitter makes of modules: texts by path, below the folder `rust`."""
    jobs = []
    for module in modules:
        name = module.files[0].name
        command = f"vmgen build {name}"
        jobs.append(Job(module, Layouts(module), name, command, options))
    outputs = [output for job in jobs for output in rust.emit_module(job)]
    outputs += rust.emit_shared(jobs)
    return {o.path.removeprefix("rust/"): o.text for o in outputs}


def write(folder: Path, texts: dict[str, str]) -> Path:
    """Write the files of a crate into a folder."""
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def crate(folder: Path, *modules: Module, **options: str) -> Path:
    """The crate of some modules, in a folder."""
    return write(folder, texts_of(modules, **options))


def check(crate: Path, *flags: str, edition: str = "2021", toolchain: str = "") -> Ran:
    """What rustc, or that of another toolchain, says of a crate, warnings denied."""
    rustc = [need("rustc"), *([f"+{toolchain}"] if toolchain else [])]
    kind = ["--crate-type", "lib", "--emit=metadata", "-o", str(crate / "out.rmeta")]
    edited = ["--edition", edition, "-Dwarnings", *flags]
    return run([*rustc, *kind, *edited, "src/lib.rs"], crate)


def execute(crate: Path, program: str, edition: str = "2021") -> str:
    """What a program prints that uses the crate as `bindings`, without a warning."""
    kind = ["--crate-type", "rlib", "--crate-name", "bindings"]
    built = run(
        [need("rustc"), "--edition", edition, *kind, "-Dwarnings", "src/lib.rs"], crate
    )
    assert built == Ran(0, "", ""), built.err
    (crate / "program.rs").write_text(program, encoding="utf-8")
    built = run(
        [
            need("rustc"),
            *("--edition", edition, "-Dwarnings", "-Cdebug-assertions=on"),
            *("--extern", "bindings=libbindings.rlib", "program.rs"),
        ],
        crate,
    )
    assert built == Ran(0, "", ""), built.err
    done = run([str(crate / "program")], crate)
    assert (done.code, done.err) == (0, ""), done.err
    return done.out


def cargo(crate: Path, *arguments: str, **environment: str) -> Ran:
    """Run cargo in a crate, quietly and without a network."""
    return run(
        [need("cargo"), *arguments, "--quiet", "--offline"], crate, **environment
    )


def set_edition(crate: Path, edition: str) -> None:
    """Move a crate to another edition, and to the first rustc that has it."""
    manifest = crate / "Cargo.toml"
    text = manifest.read_text(encoding="utf-8")
    text = text.replace('edition = "2021"', f'edition = "{edition}"')
    if edition == "2024":
        text = text.replace('rust-version = "1.84"', 'rust-version = "1.85"')
    manifest.write_text(text, encoding="utf-8")


@cache
def need_component(name: str) -> None:
    """Skip, or in CI fail, where cargo lacks one of its own tools."""
    done = run([need("cargo"), name, "--version"], ROOT)
    if done.code != 0:
        missing(f"cargo {name} is not installed")


@cache
def need_target(target: str) -> None:
    """Skip, or in CI fail, where rustc has no core library for a target."""
    done = run([need("rustc"), "--print", "target-libdir", "--target", target], ROOT)
    if done.code != 0 or not os.path.isdir(done.out.strip()):
        missing(f"rustc has no core library for {target}")


def run(command: list[str], folder: Path, **environment: str) -> Ran:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
