"""Scripts of several modules, and what they are told of the other languages' options."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.debuggers.debuggers import gdb, lldb, without_addresses
from tests.support import need, vmgen, write_schema

ONE = """\
vmgen: 1
module: one
targets: [x86_64-unknown-linux-gnu, s390x-unknown-linux-gnu]
constants:
  FLAG_BUSY: {type: u32, value: 1, bit_of: Engine.flags}
types:
  State: {kind: enum, tag: i16, variants: {Down: -3, Up: 4}}
  Pair: {kind: struct, fields: {a: u16, b: {type: u32, endian: little}}}
  Deep: {kind: enum, tag: i32, variants: {Nothing: -1, Number: u64, Both: Pair}}
  Engine:
    kind: struct
    fields:
      state: State
      flags: u32
      from: {type: u64, allow: {reserved-name: to be seen here}}
      deep: Deep
      other: Option<VmPtr<Engine>>
  Ctx:
    kind: context
    counts: {pairs: {stored: engine.flags}}
    fields: {engine: VmPtr<Engine>}
    regions: {all: "[Pair; pairs]"}
"""
TWO = """\
vmgen: 1
module: two
targets: [x86_64-unknown-linux-gnu]
uses: [one.vm.yaml]
types:
  Holder: {kind: struct, fields: {engine: Engine, ctx: VmPtr<Ctx>}}
"""
OPTIONS = """
[tool.vmgen.c]
prefix = "x_"
[tool.vmgen.python]
package = "app.bindings"
[tool.vmgen.gdb]
prefix = "x_"
package = "app.bindings"
[tool.vmgen.lldb]
prefix = "x_"
package = "app.bindings"
"""
PROGRAM = """\
#include "two.h"
#include <stdlib.h>
x_Engine engine = {x_State_Down, 1, 5, {x_Deep_Both, {.both = {1, 2}}}, &engine};
x_Holder holder;
struct { x_Ctx ctx; x_Pair all[2]; } space = {{&engine}, {{7, 8}, {9, 10}}};
int main(void) { holder.engine = engine; holder.ctx = &space.ctx; abort(); }
"""
SHOWN = """\
Ctx at ADDRESS
├─ engine: ADDRESS <engine> -> Engine
│  ├─ state: Down (-3)
│  ├─ flags: 1 (FLAG_BUSY)
│  ├─ from: 5
│  ├─ deep: Both
│  │  ├─ tag: Both (1)
│  │  └─ Both: Pair
│  │     ├─ a: 1
│  │     └─ b: 2
│  └─ other: ADDRESS <engine> -> Engine (shown as engine)
└─ all: [Pair; 1]
   └─ [0]: Pair
      ├─ a: 7
      └─ b: 8"""
ASKED = "vmgen Ctx &space", "vmgen two.Holder &holder --field engine.flags"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two")
    write_schema(folder, ONE, "one.vm.yaml")
    write_schema(folder, TWO, "two.vm.yaml")
    (folder / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["*.vm.yaml"]\nout = "."\n'
        f'languages = ["c", "gdb", "lldb"]\n{OPTIONS}'
    )
    ran = vmgen("build", cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    (folder / "program.c").write_text(PROGRAM)
    command = [need("gcc"), "-g", "-Ic", "program.c", "-o", "program"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def test_gdb_knows_prefixes_packages_and_other_modules(project: Path) -> None:
    scripts = [
        f"source {project / 'gdb' / f'{name}_gdb.py'}" for name in ("one", "two")
    ]
    start = f"file {project / 'program'}", "break abort", "run"
    said = gdb(*start, *scripts, "print holder.engine", *ASKED)[-3:]
    assert [without_addresses(text) for text in said] == [
        "$1 = {state = Down, flags = 1, from = 5, deep = Deep::Both({a = 1, b = 2}), "
        "other = ADDRESS <engine>}",
        SHOWN,
        "engine.flags at ADDRESS: 1",
    ]


def test_lldb_knows_prefixes_packages_and_other_modules(project: Path) -> None:
    scripts = [
        f"command script import {project / 'lldb' / f'{name}_lldb.py'}"
        for name in ("one", "two")
    ]
    start = f"target create {project / 'program'}", "break set -n abort", "run"
    said = lldb(*start, *scripts, "target variable holder.engine", *ASKED)[-3:]
    assert [without_addresses(text) for text in said] == [
        """\
(x_Engine) holder.engine = {
  state = Down
  flags = 1
  from = 5
  deep = Deep::Both {
    Both = (a = 1, b = 2)
  }
  other = ADDRESS
}""",
        SHOWN,
        "engine.flags at ADDRESS: 1",
    ]


def test_a_debuggers_script_comes_with_the_python_that_it_reads_by(
    project: Path, tmp_path: Path
) -> None:
    made = sorted(path.name for path in (project / "python").glob("*.py"))
    assert made == ["one.py", "two.py"]
    shutil.copytree(project / "gdb", tmp_path / "gdb")
    script = tmp_path / "gdb" / "one_gdb.py"
    *_, said = gdb(f"source {script}", "vmgen Pair 1")
    assert said == (
        f"the Python bindings of one in {tmp_path / 'python'} can't be used: "
        "No module named 'app.bindings.vmgen_runtime'"
    )


def test_modules_are_not_named_as_scripts(tmp_path: Path) -> None:
    write_schema(tmp_path, TWO.replace("uses: [one.vm.yaml]\n", ""), "two.vm.yaml")
    for name in ("one", "one_gdb"):
        text = ONE.replace("module: one", f"module: {name}")
        write_schema(tmp_path, text, f"{name}.vm.yaml")
    schemas = "one.vm.yaml", "one_gdb.vm.yaml"
    ran = vmgen("build", *schemas, "--lang", "gdb", "-o", "out", cwd=tmp_path)
    assert ran.code == 1
    assert (
        "the module `one_gdb` is named as the script for gdb of the module `one`"
        in ran.out
    )


@pytest.mark.parametrize("key", ["runtime = 'crate::vm'", "types-out = 'src/vm'"])
def test_printers_in_a_crate_take_the_generated_one(tmp_path: Path, key: str) -> None:
    write_schema(tmp_path, ONE, "one.vm.yaml")
    more = "offsets = 'offsets'\n" if "types-out" in key else ""
    (tmp_path / "pyproject.toml").write_text(
        f"[tool.vmgen]\nschemas = ['*.vm.yaml']\n[tool.vmgen.rust]\n{key}\n{more}"
        "debuggers = 'gdb'\n"
    )
    ran = vmgen("build", cwd=tmp_path)
    assert ran.code == 2
    assert ran.err == (
        f"vmgen: {tmp_path / 'pyproject.toml'}: `tool.vmgen.rust.debuggers` is for the "
        "generated crate, and the types are in one of yours; build `gdb` and embed "
        "`gdb/vmgen_gdb.py`\n"
    )
