"""Records with bit-fields in debuggers: C's as their debug information has them, Rust's by
what the schema says of their bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.debuggers.conftest import compile
from tests.debuggers.debuggers import gdb, lldb
from tests.support import need, vmgen

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
vmgen: 1
module: flagged
targets: [x86_64-unknown-linux-gnu, x86_64-pc-windows-msvc]
profile: {c-abi: what C has}
allow: {layout-differs-by-target: compilers differ in bit-fields}
types:
  Sort: {kind: enum, tag: u32, variants: {Low: 0, High: 3}}
  Flags:
    kind: struct
    fields:
      size: u32
      up: {type: bool, bits: 1}
      sort: {type: Sort, bits: 3}
      precise: {type: i64, bits: 7}
      rest: {type: u64, bits: 55}
      after: u16
  Only: {kind: struct, fields: {low: {type: u32, bits: 9}, high: {type: u32, bits: 23}}}
"""
PROJECT = """\
[tool.vmgen]
schemas = ["flagged.vm.yaml"]
out = "."
languages = ["c", "rust", "gdb", "lldb"]

[tool.vmgen.rust]
debuggers = "gdb"
crate = "flagged"
"""
RUST = """\
use flagged::flagged::{Flags, Only, Sort};

#[inline(never)]
pub fn look(flags: &Flags, only: &[Only; 2]) -> usize {
    println!("{flags:p} {only:p}");
    std::process::abort()
}

fn main() {
    let mut flags: Flags = unsafe { core::mem::zeroed() };
    flags.size = 1;
    flags.set_up(true);
    flags.set_sort(Sort::High);
    flags.set_precise(-3);
    flags.set_rest(0x12345678);
    flags.after = 9;
    let mut only: [Only; 2] = unsafe { core::mem::zeroed() };
    only[1].set_low(257);
    only[1].set_high(5);
    look(&flags, &only);
}
"""
C = """\
#include <stdlib.h>
#include "flagged.h"

Flags flags = {.size = 1, .up = 1, .sort = Sort_High, .precise = -3, .rest = 0x12345678, .after = 9};

int main(void) { abort(); }
"""
UP = ("break abort", "run", "up")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a build, and the programs."""
    folder = tmp_path_factory.mktemp("flagged")
    (folder / "flagged.vm.yaml").write_text(SCHEMA, encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    ran = vmgen("build", cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    (folder / "main.rs").write_text(RUST, encoding="utf-8")
    (folder / "main.c").write_text(C, encoding="utf-8")
    rustc = need("rustc"), "--edition", "2021", "-g"
    crate = "--crate-type", "rlib", "--crate-name", "flagged"
    compile(*rustc, *crate, "rust/src/lib.rs", at=folder)
    extern = "--extern", "flagged=libflagged.rlib"
    compile(*rustc, *extern, "main.rs", "-o", "in_rust", at=folder)
    compile(need("gcc"), "-g", "-Ic", "main.c", "-o", "in_c", at=folder)
    return folder


SHOWN = "{size = 1, up = true, sort = High, precise = -3, rest = 305419896, after = 9}"
ONLY = "[{low = 0, high = 0}, {low = 257, high = 5}]"


def test_gdb_shows_those_of_rust_by_the_script_in_the_program(built: Path) -> None:
    safe = f"add-auto-load-safe-path {built}"
    program = f"file {built / 'in_rust'}"
    said = gdb(program, *UP, "print *flags", "print *only", first=(safe,))[-2:]
    assert [text.partition(" = ")[2] for text in said] == [SHOWN, ONLY]


def test_gdb_shows_those_of_c_as_they_are(built: Path) -> None:
    script = f"source {built / 'gdb' / 'flagged_gdb.py'}"
    said = gdb(f"file {built / 'in_c'}", script, *UP, "print flags")[-1:]
    assert said == [f"$1 = {SHOWN}"]


def test_lldb_shows_those_of_rust(built: Path) -> None:
    script = f"command script import {built / 'lldb' / 'flagged_lldb.py'}"
    start = f"target create {built / 'in_rust'}"
    look = "break set -r look$", "run"
    said = lldb(start, script, *look, "frame variable *flags", "frame variable *only")
    assert said[-2:] == [
        "(flagged::flagged::Flags) *flags = (size = 1, up = true, sort = High, precise = -3, "
        "rest = 305419896, after = 9)",
        "(flagged::flagged::Only[2]) *only = {\n  [0] = (low = 0, high = 0)\n"
        "  [1] = (low = 257, high = 5)\n}",
    ]
