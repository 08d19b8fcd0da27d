"""Instances in a store of Wasmtime, and the way in: a function's `VMFuncRef`.

The library's C API has one call that gives out an address of a record,
``wasmtime_func_to_raw``. Everything else is reached from there, with generated code.
"""

from __future__ import annotations

import ctypes
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import wasmtime
import wasmtime_vm
from wasmtime import _bindings as c_api

from examples.module_counts import ModuleCounts, count_module

if TYPE_CHECKING:
    from collections.abc import Callable


class Live:
    """A store, and instances in it that import from each other by name.

    `vm` are the bindings of the release that runs.
    """

    def __init__(self, *, fuel: int | None = None, epochs: bool = False) -> None:
        self.series = int(version("wasmtime").split(".")[0])
        self.vm = wasmtime_vm.at(version("wasmtime"))
        config = wasmtime.Config()
        config.wasm_exceptions = True
        config.shared_memory = True
        config.consume_fuel = fuel is not None
        config.epoch_interruption = epochs
        for proposal in ("gc", "function_references"):  # the package has no setter
            getattr(c_api, f"wasmtime_config_wasm_{proposal}_set")(config.ptr(), True)
        self.engine = wasmtime.Engine(config)
        self.store = wasmtime.Store(self.engine)
        if fuel is not None:
            self.store.set_fuel(fuel)
        self.linker = wasmtime.Linker(self.engine)
        self.counts: dict[str, ModuleCounts] = {}
        self.modules: dict[str, wasmtime.Module] = {}

    def add(self, name: str, text: str) -> None:
        """Instantiates a module; it may import what is there, by instance and name."""
        wasm = bytes(wasmtime.wat2wasm(text))
        self.counts[name] = count_module(wasm, self.series)
        self.modules[name] = wasmtime.Module(self.engine, wasm)
        self.linker.define_module(self.store, name, self.modules[name])

    def define(self, name: str, what: Any) -> None:
        """Makes a thing of the host importable as ``"host" name``."""
        self.linker.define(self.store, "host", name, what)

    def function(
        self, call: Callable[..., Any], parameters: str = "", results: str = ""
    ) -> wasmtime.Func:
        """A host function; its types are words such as ``i32 i64``."""
        types = [
            [getattr(wasmtime.ValType, word)() for word in words.split()]
            for words in (parameters, results)
        ]
        return wasmtime.Func(self.store, wasmtime.FuncType(*types), call)

    def export(self, instance: str, name: str) -> Any:
        # Not by `Instance.exports`: the C API aborts when an export is a tag.
        return self.linker.get(self.store, instance, name)

    def call(self, instance: str, name: str, *arguments: Any) -> Any:
        return self.export(instance, name)(self.store, *arguments)

    def func_ref(self, function: wasmtime.Func) -> Any:
        """The `VMFuncRef` behind a function, live."""
        return self.vm.VMFuncRef.at(self.address(function), keepalive=self.store)

    def address(self, function: wasmtime.Func) -> int:
        context, raw = self.store._context(), ctypes.byref(function._func)
        return int(c_api.wasmtime_func_to_raw(context, raw))

    def offsets(self, instance: str) -> Any:
        """The `VMContextOffsets` of an instance."""
        return self.vm.VMContextOffsets(**self.counts[instance].by_name())

    def context(self, instance: str, exported: str) -> Any:
        """The `VMContext` of the instance that defines an exported function."""
        ref = self.func_ref(self.export(instance, exported))
        counts = self.counts[instance].by_name()
        return self.vm.VMContext.at(ref.vmctx, counts, keepalive=self.store)

    def code(self, instance: str) -> range:
        """Where the compiled code of an instance's module is."""
        start, end = ctypes.c_void_p(), ctypes.c_void_p()
        c_api.wasmtime_module_image_range(
            self.modules[instance].ptr(), ctypes.byref(start), ctypes.byref(end)
        )
        return range(start.value or 0, end.value or 0)
