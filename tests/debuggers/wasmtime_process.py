"""A process with an instance in a Wasmtime, for a debugger to look into.

It prints the address of the instance's context and the counts of its module, as the
debuggers' command `vmgen` takes them, and waits until nobody writes to it any more.
"""

from __future__ import annotations

import ctypes
import sys
from importlib.metadata import version

import wasmtime
import wasmtime_vm
from vmgen_runtime import checked
from wasmtime import _bindings as c_api

from examples.module_counts import count_module

TEXT = """(module
  (memory 1 8)
  (data (i32.const 0) "walrus")
  (table 3 funcref)
  (elem (i32.const 0) $add)
  (global $sum (mut i32) (i32.const 42))
  (func $add (export "add") (param i32)
    (global.set $sum (i32.add (global.get $sum) (local.get 0)))))"""


PR_SET_PTRACER = 0x59616D61


def main() -> None:
    # Where only a parent may look into a process, anybody may into this one.
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)
    config = wasmtime.Config()
    config.consume_fuel = config.epoch_interruption = True
    # A core file would have the gigabytes that Wasmtime reserves for a memory.
    c_api.wasmtime_config_memory_reservation_set(config.ptr(), 0)
    c_api.wasmtime_config_memory_guard_size_set(config.ptr(), 0)
    c_api.wasmtime_config_memory_reservation_for_growth_set(config.ptr(), 0)
    engine = wasmtime.Engine(config)
    store = wasmtime.Store(engine)
    store.set_fuel(10_000)
    store.set_epoch_deadline(3)
    wasm = bytes(wasmtime.wat2wasm(TEXT))
    instance = wasmtime.Instance(store, wasmtime.Module(engine, wasm), [])
    add = instance.exports(store)["add"]
    assert isinstance(add, wasmtime.Func)
    add(store, 8)
    raw = c_api.wasmtime_func_to_raw(store._context(), ctypes.byref(add._func))
    release = version("wasmtime")
    vm = wasmtime_vm.at(release)
    counts = count_module(wasm, int(release.split(".")[0])).by_name()
    words = [f"{name}={count}" for name, count in counts.items() if count]
    print(f"{int(checked(vm.VMFuncRef, int(raw)).vmctx):#x}", *words, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
