"""Arrays of any length in unions: their elements are where the union begins, in C, C++, Rust and
Python, and on bytes of other machines the union is as large as what else is in it."""

from __future__ import annotations

import ctypes
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.python.generated import import_from, write
from tests.rust.crates import crate
from tests.support import Ran, module_of, need, vmgen

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
vmgen: 1
module: rings
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, s390x-unknown-linux-gnu]
types:
  Buf: {kind: struct, copy: true, fields: {addr: u64, len: u64}}
  Ring:
    kind: struct
    fields:
      kind: u64
      all:
        anonymous: true
        union:
          head: {anonymous: true, struct: {low: u8, high: u16}}
          bufs: "[Buf]"
"""
C = """\
#include "rings.h"
#include <stdio.h>
int main(void)
{
    uint64_t words[] = {1, 2, 3, 4, 5};
    Ring *ring = (Ring *)words;
    const Buf *bufs = (const Buf *)(const void *)ring->bufs;
    printf("%zu %zu %d", sizeof *ring, offsetof(Ring, bufs), (int)bufs[1].addr);
    return 0;
}
"""
RUST = """\
use vmgen_bindings::rings::{Buf, Ring};
fn main() {
    let words = [1u64, 2, 3, 4, 5];
    let ring: *const Ring = words.as_ptr().cast();
    let bufs: *const Buf = unsafe { &raw const (*ring).all.bufs }.cast();
    let second = unsafe { (*bufs.add(1)).addr };
    print!("{} {} {second}", size_of::<Ring>(), core::mem::offset_of!(Ring, all));
}
"""


@pytest.mark.parametrize("tool", ["gcc -std=c11", "g++ -std=c++11 -xc++"])
def test_c_has_the_elements_there(tmp_path: Path, tool: str) -> None:
    (tmp_path / "rings.vm.yaml").write_text(SCHEMA, encoding="utf-8")
    assert vmgen("build", "rings.vm.yaml", "--lang", "c", cwd=tmp_path).code == 0
    (tmp_path / "main.c").write_text(C, encoding="utf-8")
    compiler, *flags = tool.split()
    strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Igenerated/c"]
    command = [need(compiler), *flags, *strict, "main.c", "-o", "main"]
    subprocess.run(command, cwd=tmp_path, check=True)
    said = subprocess.run(
        [tmp_path / "main"], capture_output=True, text=True, check=True
    )
    assert said.stdout == "16 8 4"


@pytest.fixture
def rings(tmp_path: Path) -> Path:
    """The package of Python with the module."""
    made = module_of(tmp_path, SCHEMA)
    return write(tmp_path / "open_arrays", made, options={"package": "open_arrays"})


def test_python_reaches_the_elements_from_the_union(rings: Path) -> None:
    module, runtime = import_from(rings, "rings"), import_from(rings, "vmgen_runtime")
    words = (ctypes.c_uint64 * 5)(1, 2, 3, 4, 5)
    ring = module.Ring.at(ctypes.addressof(words), words)
    assert (len(ring.bufs), ring.low) == (0, 2)
    elements = runtime.address_of(ring.all).cast(module.Buf).array(2)
    assert [element.addr for element in elements] == [2, 4]


def test_bytes_of_another_machine_have_no_elements(rings: Path) -> None:
    module, runtime = import_from(rings, "rings"), import_from(rings, "vmgen_runtime")
    for target, size in (
        ("s390x-unknown-linux-gnu", 16),
        ("i686-unknown-linux-gnu", 12),
    ):
        assert runtime.size_of(module.Ring, target) == size
        ring = module.Ring.read(bytes(range(size)), target)
        assert (list(ring.bufs), ring.low) == ([], 8)


def test_rust_has_the_elements_there(tmp_path: Path) -> None:
    made = crate(tmp_path, module_of(tmp_path, SCHEMA))
    (made / "src" / "main.rs").write_text(RUST, encoding="utf-8")
    command = [need("cargo"), "run", "--quiet", "--offline"]
    done = subprocess.run(
        command, cwd=made, capture_output=True, text=True, check=False
    )
    assert Ran(done.returncode, done.stdout, "") == Ran(0, "16 8 4", ""), done.stderr
