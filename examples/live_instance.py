"""Print a running WebAssembly instance: the records that Wasmtime keeps of it.

Run it with the package ``wasmtime`` of any version from 42 to 50 installed. The one
address that Wasmtime gives is a function's; every step from there is an offset from
the generated module of the release that runs.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import wasmtime
from module_counts import count_module
from wasmtime._bindings import wasmtime_func_to_raw

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "generated" / "python"))

import wasmtime_vm
from vmgen_runtime import address_of, checked, i32, usize
from wasmtime_release import refuse_another_layout, release_of

ELSEWHERE = "elsewhere"
TEXT = """(module
  (import "host" "log" (func $log (param i32)))
  (memory 1 8)
  (data (i32.const 0) "walrus")
  (table 3 funcref)
  (elem (i32.const 0) $log $add)
  (global $sum (mut i32) (i32.const 0))
  (tag $too_much (param i64))
  (func $add (export "add") (param i32)
    (global.set $sum (i32.add (global.get $sum) (local.get 0)))
    (drop (memory.grow (i32.const 1)))
    (call_indirect (param i32) (global.get $sum) (i32.const 0))))"""


def start() -> tuple[wasmtime.Store, wasmtime.Func, bytes]:
    """A store with an instance that has run, its function, and its module."""
    config = wasmtime.Config()
    config.consume_fuel = config.epoch_interruption = config.wasm_exceptions = True
    engine = wasmtime.Engine(config)
    store = wasmtime.Store(engine)
    store.set_fuel(10_000)
    store.set_epoch_deadline(3)
    kind = wasmtime.FuncType([wasmtime.ValType.i32()], [])
    log = wasmtime.Func(store, kind, lambda _: engine.increment_epoch())
    wasm = bytes(wasmtime.wat2wasm(TEXT))
    instance = wasmtime.Instance(store, wasmtime.Module(engine, wasm), [log])
    add = instance.exports(store)["add"]
    assert isinstance(add, wasmtime.Func)
    add(store, 40)
    add(store, 2)
    return store, add, wasm


class Tree:
    """An instance as lines of text; `vm` is the generated module of its release."""

    def __init__(self, vm: Any, vmctx: Any, offsets: Any) -> None:
        self.vm, self.vmctx, self.offsets = vm, vmctx, offsets

    def lines(self) -> Iterator[str]:
        """A line per region that is not empty, and below it a line per element."""
        vmctx, offsets = self.vmctx, self.offsets
        magic = vmctx.magic.to_bytes(4, sys.byteorder)
        yield f"VMContext, {offsets.size} bytes, magic {magic!r}"
        shared = vmctx.store_context.deref()
        yield f"├─ store_context at {offsets.store_context}"
        yield f"│  ├─ fuel_consumed: {shared.fuel_consumed}"
        yield f"│  └─ epoch_deadline: {shared.epoch_deadline}"
        epoch = vmctx.epoch_ptr.deref().value
        yield f"├─ epoch_ptr at {offsets.epoch_ptr}: the epoch is {epoch}"
        regions = [region for region in offsets.regions() if len(region)]
        for region in regions:
            last = region is regions[-1]
            odd = f", {region.begin % 8} mod 8" if region.begin % 8 else ""
            yield f"{'└' if last else '├'}─ {region.name} at {region.begin}{odd}"
            elements = self.elements(region.name)
            for index, element in enumerate(elements):
                fork = "└" if index + 1 == len(elements) else "├"
                words = self.describe(region.name, index, element)
                yield f"{' ' if last else '│'}  {fork}─ [{index}] {words}"

    def elements(self, region: str) -> Any:
        """What a region holds; a region that is one record or none is like an array."""
        found = getattr(self.vmctx, region)
        return [found] if region == "startup_func_ref" else found

    def describe(self, region: str, index: int, element: Any) -> str:
        """One element in words; only what the module above has is known here."""
        # Wasmtime 49 took `defined_` away from four names.
        match region.removeprefix("defined_"):
            case "memories":
                return f"-> {self.place('owned_memories', element)}"
            case "owned_memories":
                begin = bytes(element.base.array(6))
                return f"{element.current_length} bytes, the first are {begin!r}"
            case "imported_functions":
                magic = element.vmctx.deref().magic
                host = magic == self.vm.VM_ARRAY_CALL_HOST_FUNC_MAGIC
                return "a function of the host" if host else "a function of an instance"
            case "tables":
                return ", ".join(self.table_elements(element))
            case "globals":
                return f"{address_of(element).cast(i32).deref().value}, as an i32"
            case "func_refs" if self.imports_are_func_refs(index):
                return f"never written, imported_functions[{index}] serves"
            case "tags" | "func_refs":
                # A func ref is written when it is first asked for; here both have been.
                return f"of type {element.type_index}"
            case "startup_func_ref":
                left = any(self.vmctx.runtime_data_bases)
                return (
                    f"of type {element.type_index}"
                    if left
                    else "not written, not needed"
                )
            case "runtime_data_bases":
                return "kept" if element else "the memory has its image already"
            case "runtime_data_lengths":
                return f"{element} bytes left"
        return repr(element)

    def imports_are_func_refs(self, function: int) -> bool:
        """Whether a func ref is that of an import which has all that a func ref has."""
        imported = self.vmctx.imported_functions
        return function < len(imported) and hasattr(imported[0], "type_index")

    def table_elements(self, table: Any) -> Iterator[str]:
        bit = self.vm.FUNCREF_INIT_BIT
        for word in table.base.cast(usize).array(table.current_elements):
            if word & ~bit:
                yield f"-> {self.place_of_function(word & ~bit)}"
            else:
                yield "null" if word else "not written yet"

    def place_of_function(self, address: int) -> str:
        found = self.place("func_refs", address)
        return (
            self.place("imported_functions", address) if found == ELSEWHERE else found
        )

    def place(self, region: str, address: int) -> str:
        """The element of a region that is at this address."""
        elements = getattr(self.vmctx, region)
        found = [i for i, one in enumerate(elements) if address_of(one) == address]
        return f"{region}[{found[0]}]" if found else ELSEWHERE


def main() -> None:
    release = release_of(wasmtime)
    vm = wasmtime_vm.at(release)
    store, function, wasm = start()
    counts = count_module(wasm, int(release.split(".")[0])).by_name()
    raw = wasmtime_func_to_raw(store._context(), ctypes.byref(function._func))
    func_ref = checked(vm.VMFuncRef, int(raw))
    offsets = vm.VMContextOffsets(None, **counts)
    refuse_another_layout(offsets, int(func_ref.vmctx), int(raw))
    vmctx = vm.VMContext.at(func_ref.vmctx, offsets, keepalive=store)
    print(f"Wasmtime {release}")
    print("\n".join(Tree(vm, vmctx, offsets).lines()))


if __name__ == "__main__":
    main()
