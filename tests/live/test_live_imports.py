"""From an importing instance to the one that defines: every kind of import."""

from __future__ import annotations

import pytest

from tests.live.regions import defined

PAGE = 65_536

DEFINER = """(module
    (memory 2) (memory (export "memory") 1 10)
    (global i64 (i64.const 1)) (global (export "global") (mut i32) (i32.const 7))
    (table 2 externref) (table (export "table") 4 funcref)
    (tag) (tag (export "tag") (param i32))
    (func (export "function") (result i32) (i32.const 5)))"""

IMPORTER = """(module
    (import "a" "function" (func $function (result i32)))
    (import "a" "memory" (memory 1))
    (import "a" "global" (global $global (mut i32)))
    (import "a" "table" (table 1 funcref))
    (import "a" "tag" (tag (param i32)))
    (func (export "run") (result i32)
        (global.set $global (i32.const 99))
        (drop (memory.grow (i32.const 2)))
        (call $function)))"""


@pytest.fixture
def joined(live):
    """A run with two instances, and their contexts: the definer's, the importer's."""
    run = live()
    run.add("a", DEFINER)
    run.add("b", IMPORTER)
    return run, run.context("a", "function"), run.context("b", "run")


def test_an_imported_function_is_the_definers_own(joined) -> None:
    from vmgen_runtime import address_of

    run, a, b = joined
    imported, function = b.imported_functions[0], a.func_refs[0]
    assert imported.vmctx == address_of(a)
    assert imported.wasm_call == function.wasm_call
    assert imported.array_call == function.array_call
    assert imported.wasm_call in run.code("a")


def test_an_imported_memory_grows_in_the_definers_context(joined) -> None:
    from vmgen_runtime import address_of

    run, a, b = joined
    imported = b.imported_memories[0]
    assert imported.vmctx == address_of(a)
    assert imported.index == 1
    assert imported.from_ == address_of(a.owned_memories[1])
    assert run.call("b", "run") == 5
    assert imported.from_.deref().current_length == 3 * PAGE
    assert [m.current_length for m in a.owned_memories] == [2 * PAGE, 3 * PAGE]


def test_an_imported_global_is_the_definers_cell(vm, joined) -> None:
    from vmgen_runtime import address_of, i32

    run, a, b = joined
    imported = b.imported_globals[0]
    assert imported.from_ == address_of(defined(a, "globals")[1])
    assert imported.vmctx == address_of(a)
    assert imported.kind.tag == vm.VMGlobalKind.Tag.Instance
    assert imported.kind.value == 1
    run.call("b", "run")
    assert imported.from_.cast(i32).deref().value == 99


def test_an_imported_table_is_the_definers(joined) -> None:
    from vmgen_runtime import address_of

    _, a, b = joined
    imported = b.imported_tables[0]
    assert imported.from_ == address_of(defined(a, "tables")[1])
    assert (imported.vmctx, imported.index) == (address_of(a), 1)
    assert imported.from_.deref().current_elements == 4


def test_an_imported_tag_is_the_definers(joined) -> None:
    from vmgen_runtime import address_of

    _, a, b = joined
    imported = b.imported_tags[0]
    assert imported.from_ == address_of(defined(a, "tags")[1])
    assert (imported.vmctx, imported.index) == (address_of(a), 1)
    assert imported.from_.deref().type_index != defined(a, "tags")[0].type_index


def test_a_host_function_has_a_context_of_its_own_kind(vm, live) -> None:
    from vmgen_runtime import address_of

    run = live()
    host = run.function(lambda x: x + 1, "i32", "i32")
    ref = run.func_ref(host)
    assert ref.wasm_call is None, "no module has brought a trampoline for the type yet"

    run.define("next", host)
    run.add(
        "m",
        """(module (import "host" "next" (func $next (param i32) (result i32)))
            (func (export "run") (result i32) (call $next (i32.const 41))))""",
    )
    assert run.call("m", "run") == 42
    imported = run.context("m", "run").imported_functions[0]
    assert imported.vmctx.deref().magic == vm.VM_ARRAY_CALL_HOST_FUNC_MAGIC
    assert imported.wasm_call in run.code("m")
    assert imported.wasm_call == ref.wasm_call, "now one has"
    context = imported.vmctx.cast(vm.VMArrayCallHostFuncContext).deref()
    # What a store hands out is a copy of its own, where the trampoline is filled in.
    assert address_of(context.func_ref) != run.address(host)
    assert context.func_ref.wasm_call is None
    assert context.func_ref.array_call == imported.array_call == ref.array_call
    assert context.func_ref.vmctx == imported.vmctx


def test_a_global_of_the_host_says_so(vm, live) -> None:
    import wasmtime
    from vmgen_runtime import i64

    run = live()
    kind = wasmtime.GlobalType(wasmtime.ValType.i64(), True)
    cell = wasmtime.Global(run.store, kind, wasmtime.Val.i64(17))
    run.define("cell", cell)
    run.add(
        "m",
        """(module (import "host" "cell" (global $cell (mut i64)))
            (func (export "get") (result i64) (global.get $cell)))""",
    )
    imported = run.context("m", "get").imported_globals[0]
    assert imported.vmctx is None
    assert imported.kind.tag == vm.VMGlobalKind.Tag.Host
    value = imported.from_.cast(i64).deref()
    assert value.value == 17
    value.value = -18
    assert run.call("m", "get") == -18
    assert cell.value(run.store) == -18
