"""What a context ends with since Wasmtime 46: data segments, and a function to start."""

from __future__ import annotations

PASSIVE = """(module (memory 1)
    (data "walrus") (data "tusks")
    (func (export "copy") (memory.init 0 (i32.const 8) (i32.const 0) (i32.const 6)))
    (func (export "drop") (data.drop 0)))"""

WORK = """(module (table 2 funcref)
    (elem (i32.const 0) funcref (ref.func $f) (ref.null func))
    (func $f (export "f") (result i32) (i32.const 5)))"""


def test_passive_data_is_kept_until_it_is_dropped(live) -> None:
    run = live()
    run.add("m", PASSIVE)
    vmctx = run.context("m", "copy")
    if run.series < 46:
        assert not hasattr(vmctx, "runtime_data_bases")
        return
    walrus, tusks = vmctx.runtime_data_bases
    assert bytes(walrus.array(6)) == b"walrus"
    assert bytes(tusks.array(5)) == b"tusks"
    assert list(vmctx.runtime_data_lengths) == [6, 5]
    run.call("m", "copy")
    run.call("m", "drop")
    assert list(vmctx.runtime_data_lengths) == [0, 5]


def test_an_instance_with_work_left_has_a_startup_function(live) -> None:
    run = live()
    run.add("m", WORK)
    vmctx = run.context("m", "f")
    counts = run.counts["m"].by_name()
    if run.series < 46:
        assert "has_startup_func" not in counts
        return
    assert counts["has_startup_func"] == 1
    assert run.offsets("m").startup_func_ref.begin == run.offsets("m").func_refs.end
    assert vmctx.startup_func_ref.wasm_call in run.code("m")


def test_an_imported_function_is_a_func_ref_since_45(live) -> None:
    from vmgen_runtime import address_of

    run = live()
    run.add("a", '(module (func (export "f") (param i64)))')
    run.add(
        "b",
        """(module (import "a" "f" (func $f (param i64)))
            (export "again" (func $f)) (func (export "g")))""",
    )
    imported = run.context("b", "g").imported_functions[0]
    again = run.address(run.export("b", "again"))
    original = run.func_ref(run.export("a", "f"))
    if run.series < 45:
        assert again != address_of(imported)
        return
    assert imported.type_index == original.type_index
    assert imported.wasm_call == original.wasm_call
    assert imported.vmctx == original.vmctx
