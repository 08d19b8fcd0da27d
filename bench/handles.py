"""Times rustc over the handles for Cranelift, beside the offsets that they are made of."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from bench import records
from bench.environment import ROOT
from bench.measure import Command, costs
from bench.table import RUSTC_HANDLES, Table

LOCKED = ROOT / "tests" / "cranelift"
"""A workspace of which a member needs Cranelift and nothing else."""

MEMBER = "mistakes"
TARGET = ROOT / "build" / "bench" / "cranelift"

PROJECT = """\
[tool.vmgen]
schemas = ["bench.vm.yaml"]
languages = ["rust"]
[tool.vmgen.rust]
offsets-out = "src/generated"
offsets = "handles::generated"
cranelift = "0.135"
"""

COUNTS = (40, 1_000)


def measure(table: Table, folder: Path, bin: Path) -> None:
    """Print what rustc takes for the offsets alone, and with handles."""
    if not shutil.which("cargo"):
        table.missing("the handles for Cranelift: cargo is not installed")
        return
    try:
        library = _cranelift(folder / "cranelift")
    except subprocess.CalledProcessError as error:
        reason = str(error.stderr).strip().splitlines()[-1]
        table.missing(f"the handles for Cranelift, which failed: {reason}")
        return
    for count in COUNTS:
        _measure(table, folder / str(count), count, bin, library)


def _measure(table: Table, folder: Path, count: int, bin: Path, library: Path) -> None:
    (folder / "src").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT)
    (folder / "bench.vm.yaml").write_text(records.as_schema(count))
    built = [str(bin / "vmgen"), "build", "--lang", "rust"]
    subprocess.run(built, cwd=folder, check=True, capture_output=True)
    (folder / "offsets.rs").write_text(_lib("bench_offsets"))
    every = ("bench_offsets", "bench_cranelift", "cranelift_flags", "cranelift_handles")
    (folder / "handles.rs").write_text(_lib(*every))
    rustc = ["rustc", "--edition", "2021", "--crate-type", "lib", "--emit", "metadata"]
    rustc += ["-o", "lib.rmeta", "-L", f"dependency={library.parent}"]
    rustc += ["--extern", f"cranelift_codegen={library}"]
    offsets, handles = costs(
        [Command([*rustc, path], folder) for path in ("offsets.rs", "handles.rs")], 3
    )
    table.row(count, "rustc over the offsets", offsets, offsets)
    table.row(count, "rustc over these with handles for Cranelift", handles, offsets)
    table.ratio(RUSTC_HANDLES, count, handles, offsets)


def _lib(*modules: str) -> str:
    return "".join(
        [f'#[path = "src/generated/{m}.rs"]\npub mod {m};\n' for m in modules]
    )


def _cranelift(folder: Path) -> Path:
    """The library of Cranelift as cargo makes it, with those that it needs beside it."""
    (folder / MEMBER / "src").mkdir(parents=True)
    for name in ("Cargo.lock", f"{MEMBER}/Cargo.toml"):
        shutil.copy(LOCKED / name, folder / name)
    (folder / MEMBER / "src" / "main.rs").write_text("fn main() {}\n")
    (folder / "Cargo.toml").write_text(
        f'[workspace]\nresolver = "2"\nmembers = ["{MEMBER}"]\n'
    )
    built = subprocess.run(
        ["cargo", "build", "--quiet", "--message-format", "json"],
        cwd=folder,
        env={**os.environ, "CARGO_TARGET_DIR": str(TARGET)},
        check=True,
        capture_output=True,
        text=True,
    )
    for line in built.stdout.splitlines():
        said = json.loads(line)
        if said.get("target", {}).get("name") == "cranelift_codegen":
            return Path(next(f for f in said["filenames"] if f.endswith(".rlib")))
    raise AssertionError("cargo names every library that it makes")
