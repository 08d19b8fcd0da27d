"""Times the handles for llvmlite, in this process: their import beside that of the classes
that they are of, and loads through them beside the same by hand."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.environment import ROOT
from bench.table import HANDLES_BY_HAND, HANDLES_IMPORT, Table

OPTIONS = '[tool.vmgen.python]\nllvmlite = "0.50"\n'
LOADS = 2_000
ROUNDS = 7
TARGET = "x86_64-unknown-linux-gnu"


def measure(table: Table) -> None:
    """Print what each takes, and keep the ratios."""
    try:
        ir: Any = importlib.import_module("llvmlite.ir")
    except ImportError:
        table.missing("handles for llvmlite, which is not installed")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pyproject.toml").write_text(OPTIONS, encoding="utf-8")
        schema = str(ROOT / "schemas" / "wasmtime.vm.yaml")
        command = [sys.executable, "-m", "vmgen", "build", schema]
        command += ["--version", "42.0.2", "--lang", "python", "-o", "."]
        environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
        subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, check=True
        )
        sys.path.insert(0, str(folder / "python"))
        try:
            _imports(table)
            handles: Any = importlib.import_module("wasmtime42_llvm")
            _loads(table, ir, handles.Handles(TARGET).VMStoreContext)
        finally:
            sys.path.remove(str(folder / "python"))
            _forget()


def _imports(table: Table) -> None:
    def imported(name: str) -> float:
        _forget()
        if name.endswith("_llvm"):
            importlib.import_module("wasmtime42")
        start = time.perf_counter()
        importlib.import_module(name)
        return time.perf_counter() - start

    imported("wasmtime42_llvm")  # what is compiled is kept
    found = {
        name: min(imported(name) for _ in range(ROUNDS))
        for name in ("wasmtime42", "wasmtime42_llvm")
    }
    for name, seconds in found.items():
        table.say(f"{'':6}  {f'import {name}':50}{seconds:7.3f}s")
    table.times(HANDLES_IMPORT, 0, found["wasmtime42_llvm"] / found["wasmtime42"])


def _loads(table: Table, ir: Any, record: Any) -> None:
    number, pointer = ir.IntType(64), ir.PointerType()

    def emitting(load: Callable[[Any, Any], Any]) -> Callable[[], float]:
        def run() -> float:
            module = ir.Module()
            module.triple, module.data_layout = TARGET, "e-m:e-i64:64-n8:16:32:64"
            kind = ir.FunctionType(ir.VoidType(), [pointer])
            function = ir.Function(module, kind, "f")
            builder = ir.IRBuilder(function.append_basic_block())
            start = time.perf_counter()
            for _ in range(LOADS):
                load(builder, function.args[0])
            return time.perf_counter() - start

        return run

    def by_hand(builder: Any, base: Any) -> Any:
        at = [ir.Constant(number, 24)]
        place = builder.gep(base, at, inbounds=True, source_etype=ir.IntType(8))
        loaded = builder.load(place, align=8, typ=number)
        module, zero = builder.module, ir.Constant(number, 0)
        root = module.add_metadata(["by hand"])
        node = module.add_metadata(["VMStoreContext.fuel_consumed", root, zero])
        loaded.set_metadata("tbaa", module.add_metadata([node, node, zero]))
        return loaded

    def by_handle(builder: Any, base: Any) -> Any:
        return record.epoch_deadline.load(builder, base)

    ours, theirs = emitting(by_handle), emitting(by_hand)
    found = [(ours(), theirs()) for _ in range(ROUNDS)]
    least, other = (min(times) for times in zip(*found, strict=True))
    for what, seconds in (
        ("loads with llvmlite, by handles", least),
        ("by hand", other),
    ):
        table.say(f"{LOADS:>6}  {what:50}{seconds:7.3f}s")
    table.times(HANDLES_BY_HAND, LOADS, least / other)


def _forget() -> None:
    """Forget the generated modules, of which others have been imported before."""
    for name in [*sys.modules]:
        if name.partition(".")[0] in (
            "wasmtime42",
            "wasmtime42_llvm",
            "vmgen_runtime",
        ):
            del sys.modules[name]
