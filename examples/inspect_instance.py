"""Print the WebAssembly instances of another process, or of one that is no more.

    python inspect_instance.py 1234 MODULE.wasm
    python inspect_instance.py core MODULE.wasm [FUNC_REF]

The process may run the package ``wasmtime`` of any version from 42 to 50, and none need
be installed here. The address of a `VMFuncRef` leads to its instance; without one, those
of the module are found by the first word of their contexts. How many functions, tables
and memories an instance has is nowhere in its memory: that is counted in the module.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from module_counts import count_module

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "generated" / "python"))

import wasmtime_vm
from vmgen_runtime import Core, Memory, NullPointer, Process, Unmapped, build_id
from wasmtime_release import BUILD_IDS

TARGET = "x86_64-unknown-linux-gnu"


def memory_of(what: str) -> Memory:
    """The memory of a process, by its number, or of a core file."""
    return Process(int(what)) if what.isdecimal() else Core(what)


def release_in(memory: Memory) -> str:
    """The release whose library is mapped there, by its build id."""
    libraries = {a.path for a in memory.areas() if "libwasmtime" in a.file}
    for library in libraries:
        known = BUILD_IDS.get(build_id(library) or "")
        if known:
            return known
    raise SystemExit("no library of Wasmtime that is known is mapped there")


def instances(memory: Memory, vm: Any) -> Iterator[int]:
    """The addresses of all that look like a `VMContext`.

    The word alone is elsewhere too, in the code that writes it and in copies on stacks. So
    what has to be there is looked at: the store's record, and the functions of the host
    that compiled code calls, which are in the library.
    """
    code = [a for a in memory.areas() if "libwasmtime" in a.file]
    magic = vm.VMCONTEXT_MAGIC.to_bytes(4, "little")
    for address in memory.search(magic, align=16):
        vmctx = memory.at(vm.VMContext, address, TARGET)
        try:
            grow = vmctx.builtin_functions.deref().memory_grow
            store = vmctx.store_context
            if store is not None and any(a.start <= grow < a.end for a in code):
                bytes(store.cast(vm.VMMemoryDefinition).array(1))
                yield address
        except (NullPointer, Unmapped):
            continue


def of_module(memory: Memory, vm: Any, counts: dict[str, int], address: int) -> bool:
    """Whether the context at an address can be one of a module with these counts: each
    memory of it leads to a length that is a whole number of pages."""
    vmctx = memory.at(vm.VMContext, address, TARGET, counts)
    try:
        lengths = [one.current_length for one in vmctx.owned_memories]
        bases = [one.base for one in vmctx.owned_memories]
    except (NullPointer, Unmapped):
        return False
    return all(bases) and not any(length % 65536 for length in lengths)


def main(what: str, module: str, func_ref: str = "") -> None:
    with memory_of(what) as memory:
        release = release_in(memory)
        vm = wasmtime_vm.at(release)
        series = int(release.split(".")[0])
        counts = count_module(Path(module).read_bytes(), series).by_name()
        if func_ref:
            function = memory.at(vm.VMFuncRef, int(func_ref, 0), TARGET)
            found = [int(function.vmctx)]
        else:
            found = [
                address
                for address in instances(memory, vm)
                if of_module(memory, vm, counts, address)
            ]
        print(f"Wasmtime {release}, {len(found)} of this module")
        for address in found:
            print(memory.tree(vm.VMContext, address, TARGET, counts, depth=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
