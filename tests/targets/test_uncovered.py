"""A target that the schema isn't for: a clear error, whoever meets it first."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.agreement.bindings import ran, write_bindings
from tests.machines.machines import MACHINES
from tests.oracle.clang_differences import known
from tests.python.generated import loaded
from tests.support import findings, missing, need, vmgen, write_schema
from vmgen.layout.layouts import Layouts
from vmgen.layout.models import Models
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

TYPES = """\
types:
  Memory:
    kind: struct
    fields: {base: VmPtr<u8>, length: u64, count: u16}
  Thing:
    kind: context
    align: 16
    counts: [num_memories]
    fields: {magic: u32}
    regions: {memories: "[Memory; num_memories]"}
"""
ONLY_32_BIT = f"""\
vmgen: 1
module: narrow
targets: [armv7-unknown-linux-gnueabihf, i686-unknown-linux-gnu]
{TYPES}"""
ONLY_ARMV7 = ONLY_32_BIT.replace(", i686-unknown-linux-gnu", "")
ONLY_OWN = f"""\
vmgen: 1
module: narrow
targets: [dsp]
data_models:
  dsp: {{pointer: 64, endian: big, align: {{pointer: 2, u64: 2}}}}
{TYPES}"""

IN_C = (
    "this target (x86_64, Linux, pointers of 8 bytes) is laid out like no target of "
    "narrow.vm.yaml; add it to `targets` or `data_models` there, then run: "
    "vmgen build narrow.vm.yaml"
)
IN_RUST = (
    "evaluation panicked: narrow.vm.yaml has no target like x86_64-linux, "
    "little-endian, pointers of 8 bytes aligned to 8, u16 to 2, u32 to 4, u64 to 8; "
    "add the target to its `targets` and run `vmgen build narrow.vm.yaml -o out`"
)
uncovered = pytest.mark.parametrize(
    "schema", [ONLY_32_BIT, ONLY_ARMV7, ONLY_OWN], ids=["32-bit", "one", "own"]
)


def built(folder: Path, schema: str) -> Path:
    write_schema(folder, schema, "narrow.vm.yaml")
    done = vmgen("build", "narrow.vm.yaml", "-o", "out", cwd=folder)
    assert done.code == 0, done.out
    return folder / "out"


def rust_errors(text: str) -> list[str]:
    return re.findall(r"^error(?:\[\w+\])?: (?!aborting)(.*)", text, re.MULTILINE)


@uncovered
@pytest.mark.parametrize("compiler", ["gcc -xc -std=c11", "g++ -xc++ -std=c++17"])
def test_c_names_it_and_says_what_to_do(
    schema: str, compiler: str, tmp_path: Path
) -> None:
    out = built(tmp_path, schema)
    tool, *flags = compiler.split()
    flags += ["-I", str(out / "c"), "-fsyntax-only", "-"]
    done = ran([need(tool), *flags], tmp_path, '#include "narrow.h"\n')
    assert done.code != 0
    errors = re.findall(r"error: (.*)", done.err)
    (only,) = errors
    assert IN_C in only


@uncovered
def test_rust_names_it_and_says_what_to_do(schema: str, tmp_path: Path) -> None:
    out = built(tmp_path, schema)
    root = str(out / "rust" / "src" / "lib.rs")
    flags = ["--crate-type=lib", "--edition=2021", "--emit=metadata"]
    done = ran([need("rustc"), *flags, root], tmp_path)
    assert rust_errors(done.err) == [IN_RUST]


def test_another_alignment_of_the_same_width_is_told_apart(tmp_path: Path) -> None:
    """i686 meets a file for armv7: pointers have 32 bits on both."""
    out = built(tmp_path, ONLY_ARMV7)
    machine = MACHINES["i686-unknown-linux-gnu"]
    if machine.lacks() is None:
        flags = ["-I", str(out / "c"), "-fsyntax-only", "-xc", "-"]
        done = ran([machine.compiler, *flags], tmp_path, '#include "narrow.h"\n')
        assert (
            "this target (x86, Linux, pointers of 4 bytes) is laid out like" in done.err
        )
    root = str(out / "rust" / "src" / "lib.rs")
    flags = ["--crate-type=lib", "--edition=2021", "--emit=metadata"]
    rustc = [need("rustc"), "--target", machine.triple, *flags, root]
    done = ran(rustc, tmp_path)
    if "can't find crate for `core`" in done.err:
        missing(f"rustc has no library for {machine.triple}")
    assert rust_errors(done.err) == [
        "evaluation panicked: narrow.vm.yaml has no target like x86-linux, "
        "little-endian, pointers of 4 bytes aligned to 4, u16 to 2, u32 to 4, u64 to "
        "4; add the target to its `targets` and run `vmgen build narrow.vm.yaml -o out`"
    ]


@uncovered
def test_python_names_it_and_says_how_to_read_all_the_same(
    schema: str, tmp_path: Path
) -> None:
    out = built(tmp_path, schema)
    done = ran([sys.executable, "-c", "import narrow"], out / "python")
    assert done.code == 1
    error = done.err.splitlines()[-1]
    assert error.startswith(
        "ImportError: narrow.vm.yaml has no target like this host (64-bit "
    )
    assert error.endswith(
        "to read and write bytes of those targets without native access, call "
        "vmgen_runtime.set_host(None) before this import and use "
        "Type.read(data, target=...)"
    )
    code = (
        "import vmgen_runtime; vmgen_runtime.set_host(None); import narrow;"
        "print(narrow.Memory.read(bytes(range(1, 25)), narrow_target).length)"
    )
    target = "dsp" if "dsp" in schema else "armv7-unknown-linux-gnueabihf"
    expected = int.from_bytes(range(9, 17), "big" if target == "dsp" else "little")
    code = code.replace("narrow_target", repr(target))
    done = ran([sys.executable, "-c", code], out / "python")
    assert (done.code, done.out) == (0, f"{expected}\n"), done.err


def test_clang_refuses_exactly_the_targets_that_are_laid_out_otherwise(
    tmp_path: Path,
) -> None:
    """A header for i686 on all targets that clang knows."""
    try:
        from tests.oracle.clang_oracle import each_target
    except ImportError:
        missing("libclang is not installed")
    only = ONLY_32_BIT.replace("armv7-unknown-linux-gnueabihf, ", "")
    module = loaded(write_schema(tmp_path, only, "narrow.vm.yaml"), "narrow.vm.yaml")
    write_bindings(tmp_path, [module], ["c"])
    (measured,) = Models(Layouts(module)).all[0].measured
    same, refused = set(), set()
    asked = [target for target in TARGETS.values() if known(target)]
    for target, parsed in each_target(
        asked, lambda c, t: c.parse(t, '#include "narrow.h"\n', tmp_path / "c")
    ):
        model = target.model
        aligns = (model.align_u16, model.align_u32, model.align_u64)
        if (model.pointer, model.align_pointer, *aligns) == measured:
            same.add(target.triple)
        if any("laid out like no target of" in said for said in parsed.messages):
            refused.add(target.triple)
        else:
            assert parsed.messages == ()
    assert "i686-unknown-linux-musl" in same
    assert len(same) == 20
    assert refused == {target.triple for target in asked} - same


MADE_UP = """\
vmgen: 1
module: sample
targets:
  - x86_64-unknown-linux-gnu
  - riscv46gc-unknown-linux-gnu
  - dsp23
  - "x86-*-linux-*"
  - toaster
data_models:
  dsp32: {pointer: 32, align: {u64: 4}}
types:
  Index: {kind: newtype, of: u32}
"""


def test_a_made_up_target_is_an_error_with_its_place_and_what_was_meant(
    tmp_path: Path,
) -> None:
    path = write_schema(tmp_path, MADE_UP)
    assert findings(path) == """\
sample.vm.yaml:5:5: error[VM301]: there is no target `riscv46gc-unknown-linux-gnu`
  |
5 |   - riscv46gc-unknown-linux-gnu
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  = note: `vmgen targets` lists them
  = help: did you mean `riscv64gc-unknown-linux-gnu` or `riscv32gc-unknown-linux-gnu` \
or `riscv64gc-unknown-linux-musl`?

sample.vm.yaml:6:5: error[VM301]: there is no target `dsp23`
  |
6 |   - dsp23
  |     ^^^^^
  = note: `vmgen targets` lists them
  = help: did you mean `dsp32`?

sample.vm.yaml:7:5: error[VM301]: no target fits `x86-*-linux-*`
  |
7 |   - "x86-*-linux-*"
  |     ^^^^^^^^^^^^^^^
  = note: `vmgen targets` lists them
  = help: did you mean `x86_64-*-linux-*`?

sample.vm.yaml:8:5: error[VM301]: there is no target `toaster`
  |
8 |   - toaster
  |     ^^^^^^^
  = note: `vmgen targets` lists them
"""
    done = vmgen("build", path.name, "-o", "out", cwd=tmp_path)
    assert done.code == 1
    assert not (tmp_path / "out").exists()
