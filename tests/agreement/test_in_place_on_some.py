"""What is declared in place on some targets only: with a name in C and without."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from tests.owners.compiling import COMPILERS
from tests.support import need, write_schema
from vmgen.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

X86, IBM_Z = "x86_64-unknown-linux-gnu", "s390x-unknown-linux-gnu"
SCHEMA = """\
vmgen: 1
module: zqplace
targets:
  - x86_64-unknown-linux-gnu
  - i686-unknown-linux-gnu
  - armv7-unknown-linux-gnueabihf
  - s390x-unknown-linux-gnu
allow: {layout-differs-by-target: i386 aligns otherwise}
types:
  Reason:
    kind: struct
    fields:
      kind: u32
      z: {anonymous: true, union: {mask: u64, address: u32}, on: {arch: s390x}}
      tiny:
        anonymous: true
        struct: {low: u16, high: {type: u16, on: {width: 64}}}
        on: {endian: little}
      named: {struct: {x: u16}, on: {not: {arch: arm}}}
      last: u8
"""
TARGETS = [target for target in COMPILERS if f"- {target}\n" in SCHEMA]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("place")
    schema = write_schema(made, SCHEMA, "zqplace.vm.yaml")
    assert main(["build", str(schema), "-o", str(made)]) == 0
    return made


@pytest.fixture(scope="module")
def python(folder: Path) -> Iterator[ModuleType]:
    known = {name: module for name, module in sys.modules.items() if "vmgen_r" in name}
    for name in known:
        del sys.modules[name]
    sys.path.insert(0, str(folder / "python"))
    try:
        yield import_module("zqplace")
    finally:
        sys.path.remove(str(folder / "python"))
        sys.modules.update(known)


@pytest.mark.parametrize(
    ("target", "language"), [*((target, "c") for target in TARGETS), (X86, "c++")]
)
def test_compilers_have_every_part_where_the_header_says(
    folder: Path, target: str, language: str
) -> None:
    compiler = need(COMPILERS[target])
    flags = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]
    source = '#include "zqplace.h"\n'
    if target == IBM_Z:
        source += "int z(Reason *it);\nint z(Reason *it) { return it->address == it->mask; }\n"
    else:
        source += "int low(Reason *it);\nint low(Reason *it) { return it->low; }\n"
    done = subprocess.run(
        [compiler, "-x", language, *flags, "-I", str(folder / "c"), "-"],
        input=source, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_rust_has_them_on_the_host(folder: Path) -> None:
    source = folder / "main.rs"
    modules = "".join(
        f'#[path = "rust/src/{name}.rs"] mod {name};\n'
        for name in ("vmptr", "zqplace_offsets", "zqplace")
    )
    source.write_text(
        f"{modules}fn main() {{\n"
        "    let mut it: zqplace::Reason = unsafe { ::std::mem::zeroed() };\n"
        "    it.tiny.high = 7;\n"
        "    assert_eq!((size_of_val(&it.z), it.tiny.high), (0, 7));\n}\n"
    )
    program = folder / "main"
    subprocess.run(
        [need("rustc"), "--edition=2024", "-Awarnings", "-o", program, source],
        check=True,
    )
    subprocess.run([program], check=True)


def test_python_has_none_for_what_is_in_what_is_not_there(python: Any) -> None:
    on_z = {"kind": 1, "mask": 2, "named": {"x": 3}, "last": 4}
    data = python.Reason.pack(on_z, IBM_Z)
    assert data == bytes([0, 0, 0, 1, *[0] * 11, 2, 0, 3, 4, *[0] * 5])
    read = python.Reason.read(data, IBM_Z)
    assert (read.mask, read.address, read.low, read.high) == (2, 0, None, None)
    assert (read.z.mask, read.tiny, read.named.x) == (2, None, 3)
    here = python.Reason.pack(
        {"kind": 1, "low": 2, "high": 3, "named": {"x": 4}, "last": 5}, X86
    )
    assert here == bytes([1, 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0])


def test_python_has_them_in_live_memory(python: Any) -> None:
    it = python.Reason(kind=1, low=2, high=3, last=5)
    it.high = 9
    assert bytes(it) == bytes([1, 0, 0, 0, 2, 0, 9, 0, 0, 0, 5, 0])
    assert (it.mask, it.z, it.low) == (None, None, 2)
    with pytest.raises(
        AttributeError, match=r"Reason\.mask isn't there on this target"
    ):
        it.mask = 1
