"""Code that LLVM makes of generated handles, in a running instance of Wasmtime.

It shares fuel, epochs, memories, globals and tables with the code of Wasmtime's own
compiler: each sees what the other does.
"""

from __future__ import annotations

import ctypes
import struct
from typing import TYPE_CHECKING, Any

import pytest
from llvmlite import ir

from tests.live.conftest import need_wasmtime
from tests.live.regions import defined
from tests.llvm.generated import handles, package
from tests.llvm.jit import (
    HOST,
    I8,
    I32,
    I64,
    POINTER,
    VOID,
    Running,
    function,
    module_for,
)
from tests.python.generated import loaded
from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

C_TYPES = {I8: ctypes.c_uint8, I32: ctypes.c_int32, I64: ctypes.c_int64}


@pytest.fixture(scope="module")
def compiler(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The handles of the release that runs."""
    shown = f"schemas/wasmtime.vm.yaml@{need_wasmtime()}"
    module = loaded(ROOT / shown, shown)
    folder: Path = tmp_path_factory.mktemp("compiled")
    made = package(folder, "live_compiled", module)
    return handles(made, module.name).Handles(HOST)


def compiled(
    emit: Callable[..., Any], result: Any, *parameters: Any
) -> Callable[..., int]:
    """A function of a context and of integers, optimised; `emit` gets the builder and
    them, and gives what it returns."""
    module = module_for()
    kinds = [POINTER, *parameters]
    made, builder = function(module, "compiled", result, *kinds)
    value = emit(builder, *made.args)
    builder.ret_void() if result == VOID else builder.ret(value)
    running = Running(module, optimise=True)
    returned = None if result == VOID else C_TYPES[result]
    arguments = [C_TYPES[kind] for kind in parameters]
    call = running.call("compiled", returned, ctypes.c_void_p, *arguments)

    def run(vmctx: Any, *given: int) -> int:
        from vmgen_runtime import address_of

        assert running
        return call(int(address_of(vmctx)), *given)

    return run


def placed(compiler: Any, run: Any, instance: str) -> Any:
    """The handles of an instance's context."""
    return compiler.VMContext.with_counts(**run.counts[instance].by_name())


SPIN = """(module
    (func (export "spin") (param i32)
        (loop $again
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if $again (local.get 0)))))"""


def test_wasmtime_sees_the_fuel_that_our_code_burns(live, compiler) -> None:
    run = live(fuel=10_000)
    run.add("m", SPIN)
    vmctx = run.context("m", "spin")
    fuel = compiler.VMContext.store_context.deref().fuel_consumed

    def burn(builder: Any, base: Any, amount: Any) -> Any:
        left = builder.add(fuel.load(builder, base), amount)
        fuel.store(builder, base, left)
        return fuel.load(builder, base)

    assert compiled(burn, I64, I64)(vmctx, 123) == 123 - 10_000
    assert run.store.get_fuel() == 10_000 - 123
    run.call("m", "spin", 10)
    seen = compiled(lambda b, base: fuel.load(b, base), I64)(vmctx)
    assert seen == -run.store.get_fuel() > 123 - 10_000


def test_wasm_stops_when_our_code_has_burnt_all_fuel(live, compiler) -> None:
    import wasmtime

    run = live(fuel=10_000)
    run.add("m", SPIN)
    fuel = compiler.VMContext.store_context.deref().fuel_consumed
    burn = compiled(lambda b, base, to: fuel.store(b, base, to), VOID, I64)
    burn(run.context("m", "spin"), -5)
    with pytest.raises(wasmtime.Trap, match="all fuel consumed"):
        run.call("m", "spin", 100)


def test_our_code_sees_the_epoch_of_the_engine(live, compiler) -> None:
    run = live(epochs=True)
    run.store.set_epoch_deadline(9)
    run.add("m", SPIN)
    vmctx = run.context("m", "spin")
    context = compiler.VMContext

    def left(builder: Any, base: Any) -> Any:
        epoch = context.epoch_ptr.deref().load(builder, base)
        deadline = context.store_context.deref().epoch_deadline.load(builder, base)
        return builder.sub(deadline, epoch)

    left_of = compiled(left, I64)
    assert left_of(vmctx) == 9
    for _ in range(3):
        run.engine.increment_epoch()
    assert left_of(vmctx) == 6


def test_our_code_and_wasm_write_into_one_memory(live, compiler) -> None:
    run = live()
    run.add(
        "m",
        """(module (memory 3) (memory (export "memory") 2)
            (func (export "get") (param i32) (result i32)
                (i32.load8_u 1 (local.get 0)))
            (func (export "put") (param i32 i32)
                (i32.store8 1 (local.get 0) (local.get 1)))
            (func (export "grow") (drop (memory.grow 1 (i32.const 1)))))""",
    )
    vmctx = run.context("m", "get")
    memory = defined(placed(compiler, run, "m"), "memories")[1].deref()
    length = compiled(lambda b, base: memory.current_length.load(b, base), I64)
    start = compiled(lambda b, base: b.ptrtoint(memory.base.load(b, base), I64), I64)
    export = run.export("m", "memory")
    assert length(vmctx) == export.data_len(run.store) == 2 * 65_536
    pointer = export.data_ptr(run.store)
    assert start(vmctx) == ctypes.addressof(pointer.contents)

    bytes_ = memory.base.array()
    get = compiled(lambda b, base, i: bytes_[i].load(b, base), I8, I32)
    put = compiled(lambda b, base, i, v: bytes_[i].store(b, base, v), VOID, I32, I8)
    put(vmctx, 70_000, 200)
    assert run.call("m", "get", 70_000) == 200
    run.call("m", "put", 100_000, 77)
    assert get(vmctx, 100_000) == 77
    run.call("m", "grow")
    assert length(vmctx) == 3 * 65_536


def test_our_code_adds_up_a_memory_in_a_loop(live, compiler) -> None:
    """Base and length leave the loop; what is there is what wasm wrote."""
    run = live()
    run.add(
        "m",
        """(module (memory 1) (data (i32.const 65000) "walrus")
            (func (export "f") (i32.store8 (i32.const 3) (i32.const 255))))""",
    )
    run.call("m", "f")
    memory = defined(placed(compiler, run, "m"), "memories")[0].deref()

    def total(builder: Any, base: Any) -> Any:
        entry, loop, end = builder.block, *(
            builder.function.append_basic_block(name) for name in ("loop", "end")
        )
        builder.branch(loop)
        builder.position_at_end(loop)
        at, found = builder.phi(I64), builder.phi(I64)
        at.add_incoming(ir.Constant(I64, 0), entry)
        found.add_incoming(ir.Constant(I64, 0), entry)
        byte = memory.base.array()[at].load(builder, base)
        more = builder.add(found, builder.zext(byte, I64))
        following = builder.add(at, ir.Constant(I64, 1))
        at.add_incoming(following, loop)
        found.add_incoming(more, loop)
        length = memory.current_length.load(builder, base)
        builder.cbranch(builder.icmp_unsigned("<", following, length), loop, end)
        builder.position_at_end(end)
        return more

    vmctx = run.context("m", "f")
    assert compiled(total, I64)(vmctx) == sum(b"walrus") + 255


def test_our_code_reads_and_writes_globals_of_all_types(live, compiler) -> None:
    run = live()
    run.add(
        "m",
        """(module
            (global (mut i32) (i32.const -5))
            (global (mut i64) (i64.const 0x1122334455667788))
            (global (mut f64) (f64.const 2.5))
            (global (mut v128) (v128.const i32x4 1 2 3 4))
            (func (export "i32") (result i32) (global.get 0))
            (func (export "i64") (result i64) (global.get 1))
            (func (export "f64") (result f64) (global.get 2))
            (func (export "lane") (result i32)
                (i32x4.extract_lane 2 (global.get 3)))
            (func (export "set") (global.set 0 (i32.const 41))))""",
    )
    vmctx = run.context("m", "i32")
    globals_ = defined(placed(compiler, run, "m"), "globals")
    kinds = [I32, I64, ir.DoubleType(), ir.VectorType(I32, 4)]
    cells = [
        cell.storage.cast(kind) for cell, kind in zip(globals_, kinds, strict=True)
    ]
    first = compiled(lambda b, base: cells[0].load(b, base), I32)
    assert first(vmctx) == -5
    run.call("m", "set")
    assert first(vmctx) == 41

    def change(builder: Any, base: Any) -> None:
        number = cells[1].load(builder, base)
        cells[1].store(builder, base, builder.add(number, ir.Constant(I64, 1)))
        real = cells[2].load(builder, base)
        cells[2].store(builder, base, builder.fadd(real, real))
        lanes = cells[3].load(builder, base)
        cells[3].store(builder, base, builder.add(lanes, lanes))

    compiled(change, VOID)(vmctx)
    assert run.call("m", "i64") == 0x1122334455667789
    assert run.call("m", "f64") == 5.0
    assert run.call("m", "lane") == 6


def test_our_code_follows_an_import_to_the_global_of_another_instance(
    live, compiler
) -> None:
    run = live()
    run.add(
        "owner",
        """(module (global (export "g") (mut i64) (i64.const 7))
            (func (export "get") (result i64) (global.get 0)))""",
    )
    run.add(
        "user", '(module (import "owner" "g" (global (mut i64))) (func (export "f")))'
    )
    imported = placed(compiler, run, "user").imported_globals[0]
    cell = imported.from_.deref().storage.cast(I64)
    compiled(lambda b, base: cell.store(b, base, ir.Constant(I64, 99)), VOID)(
        run.context("user", "f")
    )
    assert run.call("owner", "get") == 99


def test_our_code_finds_functions_in_a_table(live, compiler) -> None:
    run = live()
    run.add(
        "m",
        """(module (table 3 funcref) (elem (i32.const 1) $one)
            (func $one (export "one"))
            (func (export "touch") (drop (table.get 0 (i32.const 1)))))""",
    )
    run.call("m", "touch")
    vmctx = run.context("m", "one")
    table = defined(placed(compiler, run, "m"), "tables")[0]
    elements = table.base.cast(I64, align=8).array()
    element = compiled(lambda b, base, i: elements[i].load(b, base), I64, I32)
    count = compiled(
        lambda b, base: (
            b.zext(table.current_elements.load(b, base), I64)
            if table.current_elements.type != I64
            else table.current_elements.load(b, base)
        ),
        I64,
    )
    bit = int(run.vm.FUNCREF_INIT_BIT)
    assert count(vmctx) == 3
    assert element(vmctx, 1) & ~bit == run.address(run.export("m", "one"))
    assert [element(vmctx, i) & ~bit for i in (0, 2)] == [0, 0]


def test_our_code_calls_a_wasm_function_through_its_func_ref(live, compiler) -> None:
    """`array_call` of a `VMFuncRef`, with the values in an array, as Wasmtime's host
    does it."""
    run = live()
    run.add(
        "m",
        '(module (func (export "add") (param i64 i64) (result i64) '
        "(i64.add (local.get 0) (local.get 1))))",
    )
    add = run.export("m", "add")
    record = compiler.VMFuncRef
    module = module_for()
    kinds = [POINTER, POINTER, POINTER, I64]
    made, builder = function(module, "call", I8, POINTER, POINTER)
    code, callee = (
        part.load(builder, made.args[0]) for part in (record.array_call, record.vmctx)
    )
    signature = ir.FunctionType(I8, kinds).as_pointer()
    callable_ = builder.inttoptr(builder.ptrtoint(code, I64), signature)
    given = [callee, callee, made.args[1], ir.Constant(I64, 2)]
    builder.ret(builder.call(callable_, given))
    running = Running(module)
    call = running.call("call", ctypes.c_uint8, ctypes.c_void_p, ctypes.c_void_p)
    values = ctypes.create_string_buffer(struct.pack("<qqqq", 40, 0, 2, 0))
    add(run.store, 1, 1)
    assert call(run.address(add), ctypes.addressof(values)) == 1
    assert struct.unpack_from("<q", values)[0] == 42
