"""Print a running WebAssembly instance: the records that Wasmtime 42 keeps of it.

Run it with the package ``wasmtime==42.0.0`` installed. The one address that Wasmtime
gives is a function's; every step from there is an offset from the generated module.
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

from vmgen_runtime import address_of, i32, usize
from wasmtime42 import (
    FUNCREF_INIT_BIT,
    VM_ARRAY_CALL_HOST_FUNC_MAGIC,
    VMContext,
    VMContextOffsets,
    VMFuncRef,
    VMTableDefinition,
)

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


def start() -> tuple[wasmtime.Store, wasmtime.Func, dict[str, int]]:
    """A store with an instance that has run, its function, its module's counts."""
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
    return store, add, count_module(wasm).by_name()


def tree(vmctx: VMContext, offsets: VMContextOffsets) -> Iterator[str]:
    """A line per region that is not empty, and below it a line per element."""
    magic = vmctx.magic.to_bytes(4, sys.byteorder)
    yield f"VMContext, {offsets.size} bytes, magic {magic!r}"
    assert vmctx.store_context is not None
    assert vmctx.epoch_ptr is not None
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
        elements = getattr(vmctx, region.name)
        for index, element in enumerate(elements):
            fork = "└" if index + 1 == len(elements) else "├"
            words = describe(vmctx, region.name, element)
            yield f"{' ' if last else '│'}  {fork}─ [{index}] {words}"


def describe(vmctx: VMContext, region: str, element: Any) -> str:
    """One element in words; only what the module above has is known here."""
    match region:
        case "defined_memories":
            return f"-> {place(vmctx.owned_memories, element, 'owned_memories')}"
        case "owned_memories":
            begin = bytes(element.base.array(6))
            return f"{element.current_length} bytes, the first are {begin!r}"
        case "imported_functions":
            host = element.vmctx.deref().magic == VM_ARRAY_CALL_HOST_FUNC_MAGIC
            return "a function of the host" if host else "a function of an instance"
        case "defined_tables":
            return ", ".join(table_elements(vmctx, element))
        case "defined_globals":
            return f"{address_of(element).cast(i32).deref().value}, as an i32"
        case "defined_tags" | "func_refs":
            # A func ref is written when it is first asked for; here both have been.
            return f"of type {element.type_index}"
    return repr(element)


def table_elements(vmctx: VMContext, table: VMTableDefinition) -> Iterator[str]:
    for word in table.base.cast(usize).array(table.current_elements):
        if word & ~FUNCREF_INIT_BIT:
            address = word & ~FUNCREF_INIT_BIT
            yield f"-> {place(vmctx.func_refs, address, 'func_refs')}"
        else:
            yield "null" if word else "not written yet"


def place(region: Any, address: int, name: str) -> str:
    """The element of a region that is at this address."""
    found = [i for i, one in enumerate(region) if address_of(one) == address]
    return f"{name}[{found[0]}]" if found else "elsewhere"


def main() -> None:
    store, function, counts = start()
    raw = wasmtime_func_to_raw(store._context(), ctypes.byref(function._func))
    func_ref = VMFuncRef.at(int(raw), keepalive=store)
    offsets = VMContextOffsets(None, **counts)
    vmctx = VMContext.at(func_ref.vmctx, offsets, keepalive=store)
    print("\n".join(tree(vmctx, offsets)))


if __name__ == "__main__":
    main()
