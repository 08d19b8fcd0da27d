"""What the instances of a store share with compiled code: fuel, epochs, the stack."""

from __future__ import annotations

import pytest

SPIN = """(module
    (func (export "spin") (param i32) (result i32)
        (loop $again
            (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
            (br_if $again (local.get 0)))
        (local.get 0)))"""


def test_all_instances_of_a_store_share_one_record(live) -> None:
    run = live()
    run.add("a", '(module (func (export "f")))')
    run.add("b", '(module (memory 1) (func (export "f")))')
    a, b = run.context("a", "f"), run.context("b", "f")
    assert a.store_context == b.store_context
    assert a.builtin_functions == b.builtin_functions
    assert a.store_context.deref().store_data


def test_python_sees_fuel_burn(live) -> None:
    run = live(fuel=10_000)
    run.add("m", SPIN)
    store = run.context("m", "spin").store_context.deref()
    assert store.fuel_consumed == -10_000

    run.call("m", "spin", 100)
    burnt = store.fuel_consumed + 10_000
    assert run.store.get_fuel() == -store.fuel_consumed
    run.call("m", "spin", 200)
    assert 3 * burnt > store.fuel_consumed + 10_000 > 2.9 * burnt


def test_compiled_code_stops_when_python_takes_the_fuel_away(live) -> None:
    import wasmtime

    run = live(fuel=10_000)
    run.add("m", SPIN)
    store = run.context("m", "spin").store_context.deref()
    store.fuel_consumed = -50
    assert run.store.get_fuel() == 50
    with pytest.raises(wasmtime.Trap, match="all fuel consumed"):
        run.call("m", "spin", 100)
    assert store.fuel_consumed >= 0


def test_epoch_and_deadline_are_those_of_engine_and_store(live) -> None:
    run = live(epochs=True)
    run.store.set_epoch_deadline(5)
    run.add("m", SPIN)
    vmctx = run.context("m", "spin")
    epoch, store = vmctx.epoch_ptr.deref(), vmctx.store_context.deref()
    assert (epoch.value, store.epoch_deadline) == (0, 5)
    run.engine.increment_epoch()
    run.engine.increment_epoch()
    assert epoch.value == 2
    run.store.set_epoch_deadline(7)
    assert store.epoch_deadline == 9


def test_compiled_code_stops_at_the_deadline_that_python_writes(live) -> None:
    import wasmtime

    run = live(epochs=True)
    run.store.set_epoch_deadline(1_000)
    run.add("m", SPIN)
    assert run.call("m", "spin", 10) == 0
    store = run.context("m", "spin").store_context.deref()
    store.epoch_deadline = 0
    with pytest.raises(wasmtime.Trap, match="interrupt"):
        run.call("m", "spin", 10)


def test_inside_a_host_call_the_store_knows_where_webassembly_stopped(vm, live) -> None:

    run = live()
    seen = []

    def look() -> None:
        store = run.context("m", "run").store_context.deref()
        seen.append(store.last_wasm_exit_pc in run.code("m"))
        seen.append(
            store.stack_limit
            < store.last_wasm_exit_trampoline_fp
            < store.last_wasm_entry_fp
        )
        seen.append(store.stack_chain.tag)
        seen.append(store.stack_chain.value.deref().state)

    run.define("look", run.function(look))
    run.add(
        "m",
        '(module (import "host" "look" (func $look)) '
        '(func (export "run") (call $look)))',
    )
    store = run.context("m", "run").store_context.deref()
    assert store.last_wasm_entry_fp == 0
    assert store.stack_chain.tag == vm.VMStackChain.Tag.Absent
    run.call("m", "run")
    assert seen == [
        True,
        True,
        vm.VMStackChain.Tag.InitialStack,
        vm.VMStackState.Running,
    ]
    assert store.last_wasm_entry_fp == 0
