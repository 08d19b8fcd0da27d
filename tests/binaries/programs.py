"""Binaries with debug information, made of what vmgen writes for a schema."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import vmgen
from tests.support import need
from vmgen.schema import model as m

ENGINE = Path(__file__).parent / "engine.vm.yaml"


def bindings(schema: Path, folder: Path) -> m.Module:
    """Write a schema's C and Rust into a folder, and give its module."""
    loaded = vmgen.load(schema)
    for output in vmgen.emit(loaded, languages=["c", "rust"]):
        path = folder / output.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(output.text, encoding="utf-8")
    assert loaded.module is not None
    return loaded.module


def probes_in_c(module: m.Module) -> str:
    """A C file that uses every type, as compilers describe only those that are used."""
    uses = "\n".join(
        f"extern int probe_{name}(const {name} *it);\n"
        f"int probe_{name}(const {name} *it) {{ return it != 0; }}"
        for name, declared in module.own_types.items()
        if not isinstance(declared, m.Opaque)
        and not (declared.in_place and declared.in_place.anonymous)
    )
    return f'#include "c/{module.name}.h"\n{uses}\n'


def probes_in_rust(module: m.Module) -> str:
    """A crate that uses every type."""
    uses = "\n".join(
        f"#[unsafe(no_mangle)] pub fn probe_{number}(it: &{path}) -> usize {{"
        f" core::ptr::from_ref(it).addr() }}"
        for number, path in enumerate(_rust_paths(module))
    )
    modules = "\n".join(
        f'#[path = "rust/src/{name}.rs"] pub mod {name};'
        for name in ("vmptr", module.name, f"{module.name}_offsets")
    )
    return f"{modules}\n{uses}\n"


def _rust_paths(module: m.Module) -> list[str]:
    names = []
    for name, declared in module.own_types.items():
        if isinstance(declared, m.Context):
            names.append(f"{module.name}::{name}Fixed")
        elif not isinstance(declared, (m.Opaque, m.Foreign)):
            names.append(f"{module.name}::{name}")
    return names


def compiled_c(module: m.Module, folder: Path, *flags: str, cc: str = "gcc") -> Path:
    """The object of the probes in C; `cc` is gcc, or a target of zig's clang."""
    source = folder / "probes.c"
    source.write_text(probes_in_c(module), encoding="utf-8")
    made = folder / "probes.o"
    if cc == "gcc":
        command = [need("gcc")]
    else:
        command = [sys.executable, "-m", "ziglang", "cc", "-target", cc]
    run([*command, "-std=c11", "-g", *flags, "-c", "probes.c", "-o", made.name], folder)
    return made


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
