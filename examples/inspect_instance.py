"""Print the WebAssembly instances of another process, or of one that is no more.

    python inspect_instance.py
    python inspect_instance.py 1234 MODULE.wasm
    python inspect_instance.py core MODULE.wasm [FUNC_REF]

Without arguments it starts the process that it looks into, with the instance of
live_instance.py. Another may run the package ``wasmtime`` of any version from 42 to 50,
and none need be installed here. The address of a `VMFuncRef` leads to its instance;
without one, contexts are found by their first word. How many functions, tables and
memories an instance has is nowhere in its memory: that is counted in the module.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from module_counts import count_module

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "generated" / "python"))

import wasmtime_vm
from vmgen_runtime import Core, Memory, NullPointer, Process, Unmapped, build_id
from wasmtime_release import BUILD_IDS

HERE = Path(__file__).resolve().parent
TARGET = "x86_64-unknown-linux-gnu"
CHILD = """
import sys
import live_instance
store, function, wasm = live_instance.start()
open(sys.argv[1], "wb").write(wasm)
print("ready", flush=True)
sys.stdin.read()
"""


def memory_of(what: str) -> Memory:
    """The memory of a process, by its number, or of a core file."""
    return Process(int(what)) if what.isdecimal() else Core(what)


def release_in(memory: Memory) -> str:
    """The release whose library is mapped there, by its build id."""
    for library in {a.path for a in memory.areas() if "libwasmtime" in a.file}:
        known = BUILD_IDS.get(build_id(library) or "")
        if known:
            return known
    raise SystemExit("no library of Wasmtime that is known is mapped there")


class Instances:
    """The instances of a module in a memory, and the bindings of the release there."""

    def __init__(self, memory: Memory, module: Path) -> None:
        self.memory = memory
        self.release = release_in(memory)
        self.vm: Any = wasmtime_vm.at(self.release)
        series = int(self.release.split(".")[0])
        self.counts = count_module(module.read_bytes(), series).by_name()

    def found(self) -> Iterator[int]:
        """The addresses of those whose memories have a whole number of pages."""
        for address in self.memory.find(self.vm.VMContext, TARGET):
            try:
                memories = [*self.at(address).owned_memories]
                if all(m.base and m.current_length % 65536 == 0 for m in memories):
                    yield address
            except (NullPointer, Unmapped):
                continue

    def of(self, func_ref: int) -> int:
        """The address of the instance that a function is of."""
        return int(self.memory.at(self.vm.VMFuncRef, func_ref, TARGET).vmctx)

    def at(self, address: int) -> Any:
        """The context at an address; what it holds is read when it is looked at."""
        return self.memory.at(self.vm.VMContext, address, TARGET, self.counts)

    def tree(self, address: int) -> str:
        vmctx = self.vm.VMContext
        return str(self.memory.tree(vmctx, address, TARGET, self.counts, depth=1))


def look_into(what: str, module: str, func_ref: str = "") -> None:
    with memory_of(what) as memory:
        instances = Instances(memory, Path(module))
        found = [*instances.found()]
        if func_ref:
            found = [instances.of(int(func_ref, 0))]
        print(f"Wasmtime {instances.release}, {len(found)} of this module")
        for address in found:
            print(instances.tree(address))


def show_another() -> None:
    """Start a process with an instance, and tell a few things that are in it."""
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder) / "module.wasm"
        call = [sys.executable, "-c", CHILD, str(module)]
        pipe = subprocess.PIPE
        with subprocess.Popen(call, cwd=HERE, stdin=pipe, stdout=pipe) as child:
            assert child.stdout is not None
            child.stdout.readline()
            instances = Instances(Process(child.pid), module)
            for address in instances.found():
                vmctx = instances.at(address)
                store = vmctx.store_context.deref()
                (memory,) = vmctx.owned_memories
                print(f"An instance of Wasmtime {instances.release} in another process")
                print(f"fuel_consumed {store.fuel_consumed}", end=", ")
                print(f"epoch_deadline {store.epoch_deadline}")
                begin = bytes(memory.base.array(6))
                print(f"a memory of {memory.current_length} bytes, {begin!r} first")


if __name__ == "__main__":
    if sys.argv[1:]:
        look_into(*sys.argv[1:])
    else:
        show_another()
