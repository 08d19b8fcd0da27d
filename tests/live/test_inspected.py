"""A Wasmtime in another process, and in its core: the example, and `vmgen inspect`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.live.conftest import need_wasmtime
from tests.support import ROOT, missing, vmgen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TARGET = "x86_64-unknown-linux-gnu"
CHILD = """
import ctypes, resource, sys
sys.path.insert(0, sys.argv[1])
import live_instance
from wasmtime._bindings import wasmtime_func_to_raw
# Where Yama lets parents alone look into processes, anybody may look into this one.
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
store, function, wasm = live_instance.start()
with open("module.wasm", "wb") as file:
    file.write(wasm)
print(store.get_fuel(), flush=True)
print(wasmtime_func_to_raw(store._context(), ctypes.byref(function._func)), flush=True)
sys.stdin.read()
"""
KNOWN = (
    "│  ├─ epoch_deadline: 3",
    "│     └─ current_length: 196608",
    "│     └─ storage: 2a 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 (*...............)",
)
"""What every release has of the example's instance."""


class Inspected(NamedTuple):
    """What is said of a process while it runs, and of its core: from a function's record
    on, and after a search."""

    folder: Path
    fuel: int
    func_ref: int
    live: tuple[str, str]
    dead: tuple[str, str]


def example(folder: Path, what: str, *func_ref: str) -> str:
    script = ROOT / "examples" / "inspect_instance.py"
    done = subprocess.run(
        [sys.executable, str(script), what, "module.wasm", *func_ref],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(scope="module")
def inspected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inspected]:
    need_wasmtime()
    folder = tmp_path_factory.mktemp("inspected")
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(ROOT / "examples")],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout
        fuel = int(child.stdout.readline())
        func_ref = int(child.stdout.readline())
        live = [example(folder, str(child.pid), *a) for a in ((str(func_ref),), ())]
        child.send_signal(signal.SIGABRT)
        child.wait()
    cores = [*folder.glob("core*")]
    if not cores:
        missing("core files don't go where a process was")
    (core,) = cores
    dead = [example(folder, core.name, *a) for a in ((str(func_ref),), ())]
    yield Inspected(folder, fuel, func_ref, (live[0], live[1]), (dead[0], dead[1]))
    core.unlink()


def test_an_instance_is_found_in_another_process_and_in_its_core(
    inspected: Inspected,
) -> None:
    version = need_wasmtime()
    first, searched = inspected.live
    assert first.splitlines()[0] == f"Wasmtime {version}, 1 of this module"
    known = {*KNOWN, f"│  ├─ fuel_consumed: {-inspected.fuel}"}
    assert known <= set(first.splitlines())
    assert searched == first
    # Code that was mapped from a file is in the process and not in its core.
    kept = [line for line in inspected.dead[0].splitlines() if "unmapped" not in line]
    assert set(kept) <= set(first.splitlines())
    assert known <= set(kept)
    assert inspected.dead[1] == inspected.dead[0]


def test_the_command_shows_the_core_by_the_schema(inspected: Inspected) -> None:
    (core,) = inspected.folder.glob("core*")
    call = [
        "inspect", str(ROOT / "schemas" / "wasmtime.vm.yaml"),
        "--version", need_wasmtime(), "--core", core.name,
        "--at", f"VMFuncRef@{inspected.func_ref:#x}",
    ]  # fmt: skip
    fuel = vmgen(
        *call, "--field", "vmctx:VMContext.store_context.fuel_consumed",
        cwd=inspected.folder,
    )  # fmt: skip
    assert (fuel.code, fuel.err) == (0, "")
    assert fuel.out.startswith("vmctx:VMContext.store_context.fuel_consumed at 0x")
    assert fuel.out.endswith(f": {-inspected.fuel}\n")
    text = vmgen(
        *call, "--field", "vmctx:VMContext.owned_memories[0].base[0:6]",
        "--set", "num_defined_memories=1", "--set", "num_owned_memories=1",
        cwd=inspected.folder,
    )  # fmt: skip
    assert text.out.endswith(": 77 61 6c 72 75 73 (walrus)\n"), text.err


def test_the_example_starts_a_process_of_its_own(tmp_path: Path) -> None:
    version = need_wasmtime()
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "inspect_instance.py")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    first, fuel, memory = done.stdout.splitlines()
    assert first == f"An instance of Wasmtime {version} in another process"
    assert fuel.endswith(", epoch_deadline 3")
    assert memory == "a memory of 196608 bytes, b'walrus' first"
