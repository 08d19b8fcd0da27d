"""A context of Wasmtime, of which nobody has debug information: in a running process, and
in its core file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.debuggers.debuggers import gdb, lldb, without_addresses
from tests.live.conftest import need_wasmtime
from tests.support import ROOT, vmgen

CONTEXT = """\
VMContext at ADDRESS
├─ magic: 1701998435 (VMCONTEXT_MAGIC)
├─ store_context: ADDRESS -> VMStoreContext ...
├─ builtin_functions: ADDRESS -> VMBuiltinFunctionsArray ...
├─ epoch_ptr: ADDRESS -> AtomicU64 ...
├─ gc_heap_data: null
├─ type_ids: ADDRESS -> VMSharedTypeIndex ...
├─ imported_memories: []
├─ defined_memories: [VmPtr<VMMemoryDefinition>; 1]
│  └─ [0]: ADDRESS -> VMMemoryDefinition ...
├─ owned_memories: [VMMemoryDefinition; 1]
│  └─ [0]: VMMemoryDefinition
│     ├─ base: ADDRESS -> u8 ...
│     └─ current_length: 65536
├─ imported_functions: []
├─ imported_tables: []
├─ imported_globals: []
├─ imported_tags: []
├─ defined_tables: [VMTableDefinition; 1]
│  └─ [0]: VMTableDefinition
│     ├─ base: ADDRESS -> u8 ...
│     └─ current_elements: 3
├─ defined_globals: [VMGlobalDefinition; 1]
│  └─ [0]: VMGlobalDefinition
│     └─ storage: 32 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 (2...............)
├─ defined_tags: []
└─ func_refs: [VMFuncRef; 1]
   └─ [0]: VMFuncRef
      ├─ array_call: ADDRESS -> VMArrayCallFunction ...
      ├─ wasm_call: ADDRESS -> VMWasmCallFunction ...
      ├─ type_index: 0
      └─ vmctx: ADDRESS -> VMOpaqueContext ..."""


class Dumped(NamedTuple):
    """What gdb showed of a running process, its core file, and what to ask about that."""

    shown: str
    core: Path
    command: str
    scripts: Path


@pytest.fixture(scope="module")
def dumped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dumped]:
    release = need_wasmtime()
    out = tmp_path_factory.mktemp("wasmtime")
    schema = str(ROOT / "schemas" / "wasmtime.vm.yaml")
    built = vmgen(
        *("build", schema, "--version", release, "--lang", "gdb,lldb", "-o", "."),
        cwd=out,
    )
    assert built.code == 0, built.err
    core = out / "core"
    path = os.pathsep.join([str(ROOT), str(ROOT / "generated" / "python")])
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("wasmtime_process.py"))],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        command = f"vmgen VMContext {process.stdout.readline().strip()} --depth 0"
        *_, shown, _, _ = gdb(
            f"attach {process.pid}",
            f"source {out / 'gdb' / 'wasmtime42_gdb.py'}",
            command,
            f"generate-core-file {core}",
            "detach",
            first=("set auto-solib-add off",),
        )
        process.communicate()
    yield Dumped(shown, core, command, out)
    core.unlink(missing_ok=True)


def test_gdb_shows_the_context_of_a_running_wasmtime(dumped: Dumped) -> None:
    assert without_addresses(dumped.shown) == CONTEXT


def test_gdb_shows_the_same_from_its_core(dumped: Dumped) -> None:
    script = dumped.scripts / "gdb" / "wasmtime42_gdb.py"
    *_, said = gdb(f"core-file {dumped.core}", f"source {script}", dumped.command)
    assert said == dumped.shown


def test_lldb_shows_the_same_from_its_core(dumped: Dumped) -> None:
    script = dumped.scripts / "lldb" / "wasmtime42_lldb.py"
    core = f"target create --core {dumped.core}"
    *_, said = lldb(core, f"command script import {script}", dumped.command)
    assert said == dumped.shown
