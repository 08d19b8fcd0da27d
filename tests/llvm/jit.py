"""LLVM in the tests' process: modules for a target, optimised, folded or run."""

from __future__ import annotations

import ctypes
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from llvmlite import binding, ir

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "x86_64-unknown-linux-gnu"
POINTER = ir.PointerType()
I8, I32, I64 = (ir.IntType(bits) for bits in (8, 32, 64))
VOID = ir.VoidType()


@cache
def machine(target: str = HOST) -> Any:
    """LLVM's machine for a target, with all optimisations."""
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    return binding.Target.from_triple(target).create_target_machine(opt=2)


@cache
def data_layout(target: str) -> str:
    return str(machine(target).target_data)


def module_for(target: str = HOST) -> Any:
    """An empty module for a target."""
    module = ir.Module("test")
    module.triple = target
    module.data_layout = data_layout(target)
    return module


def function(module: Any, name: str, result: Any, *parameters: Any) -> Any:
    """A function without code, and a builder at the begin of it."""
    made = ir.Function(module, ir.FunctionType(result, parameters), name)
    return made, ir.IRBuilder(made.append_basic_block("entry"))


def optimised(module: Any, target: str = HOST) -> Any:
    """The module, verified, after the passes of O2."""
    parsed = binding.parse_assembly(str(module))
    parsed.verify()
    options = binding.create_pipeline_tuning_options(speed_level=2)
    passes = binding.create_pass_builder(machine(target), options)
    passes.getModulePassManager().run(parsed, passes)
    return parsed


class Running:
    """Code of a module, in this process; `optimise` says whether after the passes of O2."""

    def __init__(self, module: Any, *, optimise: bool = False) -> None:
        machine()
        if optimise:
            parsed = optimised(module)
        else:
            parsed = binding.parse_assembly(str(module))
            parsed.verify()
        target = binding.Target.from_triple(HOST).create_target_machine(opt=0, jit=True)
        self._engine = binding.create_mcjit_compiler(parsed, target)
        self._engine.finalize_object()

    def call(self, name: str, result: Any, *parameters: Any) -> Callable[..., Any]:
        """A function by its name, with its types as ctypes has them."""
        address = self._engine.get_function_address(name)
        return ctypes.CFUNCTYPE(result, *parameters)(address)


def body(module: Any) -> list[str]:
    """The instructions of the only function of a module, as LLVM prints them."""
    lines = str(module).splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith("define"))
    end = lines.index("}", begin)
    return [line.strip() for line in lines[begin + 1 : end] if line.startswith("  ")]


def count_of(module: Any, instruction: str) -> int:
    """How many instructions of a kind, as `load`, a module has."""
    pattern = rf"(^|= ){instruction} "
    return sum(bool(re.search(pattern, line)) for line in body(module))
