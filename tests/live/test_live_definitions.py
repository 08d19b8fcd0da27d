"""Memories, globals, tables and GC objects of a running instance."""

from __future__ import annotations

import ctypes
import struct

from tests.live.regions import defined

PAGE = 65_536


def test_a_func_ref_leads_to_the_context_that_it_lies_in(vm, live) -> None:
    from vmgen_runtime import address_of

    run = live()
    run.add(
        "m",
        """(module
            (func $unused) (func (export "second") (param i64))
            (func (export "third") (result i32) (i32.const 3)))""",
    )
    for exported, position in (("second", 0), ("third", 1)):
        vmctx = run.context("m", exported)
        assert vmctx.magic == vm.VMCONTEXT_MAGIC
        assert len(vmctx.func_refs) == 2
        address = run.address(run.export("m", exported))
        assert address == int(address_of(vmctx.func_refs[position]))
        assert address - int(address_of(vmctx)) == run.offsets("m").func_refs[position]
        assert vmctx.func_refs[position].array_call in run.code("m")
        assert vmctx.func_refs[position].wasm_call in run.code("m")


def test_a_functions_type_is_one_of_its_modules_type_ids(live) -> None:
    run = live()
    run.add(
        "m",
        """(module (type $a (func)) (type $b (func (param i32 i64)))
            (func (export "b") (type $b)) (func (export "a") (type $a)))""",
    )
    ids = run.context("m", "a").type_ids.array(2)
    assert ids[0] != ids[1]
    assert run.func_ref(run.export("m", "a")).type_index == ids[0]
    assert run.func_ref(run.export("m", "b")).type_index == ids[1]


def test_base_and_length_of_a_memory_are_those_of_wasmtimes_own_api(live) -> None:
    from vmgen_runtime import address_of

    run = live()
    run.add(
        "m",
        """(module (memory 3) (memory (export "memory") 2)
            (data (memory 1) (i32.const 5) "walrus") (func (export "f")))""",
    )
    memory, vmctx = run.export("m", "memory"), run.context("m", "f")
    definition = defined(vmctx, "memories")[1].deref()
    assert int(definition.base) == ctypes.addressof(memory.data_ptr(run.store).contents)
    assert definition.current_length == memory.data_len(run.store) == 2 * PAGE
    assert bytes(definition.base.array(16)[5:11]) == b"walrus"
    assert address_of(definition) == address_of(vmctx.owned_memories[1])
    assert vmctx.owned_memories[0].current_length == 3 * PAGE


def test_python_sees_the_length_of_a_memory_that_compiled_code_grew(live) -> None:
    run = live()
    run.add(
        "m",
        """(module (memory 1 10) (func (export "grow") (param i32) (result i32)
            (memory.grow (local.get 0))))""",
    )
    memory = run.context("m", "grow").owned_memories[0]
    assert memory.current_length == PAGE
    assert run.call("m", "grow", 4) == 1
    assert memory.current_length == 5 * PAGE
    assert run.call("m", "grow", 6) == -1
    assert memory.current_length == 5 * PAGE


def test_python_and_compiled_code_write_into_one_memory(live) -> None:
    run = live()
    run.add(
        "m",
        """(module (memory 1)
            (func (export "get") (result i32) (i32.load8_u (i32.const 70)))
            (func (export "put") (i32.store8 (i32.const 71) (i32.const 200))))""",
    )
    cells = defined(run.context("m", "get"), "memories")[0].deref().base.array(PAGE)
    cells[70] = 123
    assert run.call("m", "get") == 123
    run.call("m", "put")
    assert cells[71] == 200


def test_a_shared_memory_is_defined_but_not_owned(live) -> None:
    from vmgen_runtime import address_of

    run = live()
    run.add("m", '(module (memory 1 4 shared) (memory 2) (func (export "f")))')
    vmctx = run.context("m", "f")
    assert len(defined(vmctx, "memories")) == 2
    assert len(vmctx.owned_memories) == 1
    start = int(address_of(vmctx))
    inside = range(start, start + run.offsets("m").size)
    shared, own = defined(vmctx, "memories")
    assert shared not in inside
    assert own in inside
    assert shared.deref().current_length == PAGE
    assert own.deref().current_length == 2 * PAGE


def test_a_global_is_one_cell_for_python_and_compiled_code(live) -> None:
    from vmgen_runtime import address_of, i32, i64

    run = live()
    run.add(
        "m",
        """(module
            (global $a (mut i32) (i32.const 7)) (global $b (mut i64) (i64.const -9))
            (global $c f64 (f64.const 1.5)) (global $d v128 (v128.const i64x2 1 2))
            (func (export "get") (result i32 i64) (global.get $a) (global.get $b))
            (func (export "set") (param i32 i64)
                (global.set $a (local.get 0)) (global.set $b (local.get 1))))""",
    )
    cells = defined(run.context("m", "get"), "globals")
    a = address_of(cells[0]).cast(i32).deref()
    b = address_of(cells[1]).cast(i64).deref()
    assert (a.value, b.value) == (7, -9)
    a.value, b.value = -70, 2**40
    assert run.call("m", "get") == [-70, 2**40]
    run.call("m", "set", 31, -(2**62))
    assert (a.value, b.value) == (31, -(2**62))
    assert struct.unpack_from("=d", bytes(cells[2].storage)) == (1.5,)
    assert bytes(cells[3].storage) == struct.pack("<QQ", 1, 2)


def test_a_table_is_walked_to_its_functions_which_are_tagged_when_written(
    vm, live
) -> None:
    from vmgen_runtime import VmPtr, address_of, usize

    run = live()
    run.add(
        "m",
        """(module (table (export "table") 4 funcref)
            (elem (i32.const 1) $one $two)
            (func $one (result i32) (i32.const 11))
            (func $two (export "two") (result i32) (i32.const 22))
            (func (export "call") (param i32) (result i32)
                (call_indirect (result i32) (local.get 0))))""",
    )
    vmctx = run.context("m", "call")
    table = defined(vmctx, "tables")[0]
    assert table.current_elements == 4
    words = table.base.cast(usize).array(table.current_elements)
    assert list(words) == [0, 0, 0, 0], "nothing has been asked for yet"

    assert run.call("m", "call", 2) == 22
    assert [word & vm.FUNCREF_INIT_BIT for word in words] == [0, 0, 1, 0]
    two = VmPtr(words[2] & ~vm.FUNCREF_INIT_BIT, vm.VMFuncRef)
    assert int(two) == run.address(run.export("m", "two"))
    assert two.deref().vmctx == address_of(vmctx)

    run.export("m", "table").set(run.store, 0, None)
    assert words[0] == vm.FUNCREF_INIT_BIT, "null, and known to be"


def test_a_reference_in_a_global_leads_to_an_object_in_the_gc_heap(vm, live) -> None:
    from vmgen_runtime import address_of, u32

    run = live()
    run.add(
        "m",
        """(module
            (type $pair (struct (field i32) (field i64)))
            (type $row (array (mut i16)))
            (global $pair (mut (ref null $pair)) (ref.null $pair))
            (global $row (mut (ref null $row)) (ref.null $row))
            (global $small (mut i31ref) (ref.null i31))
            (func (export "make")
                (global.set $pair (struct.new $pair (i32.const 1) (i64.const 2)))
                (global.set $row (array.new $row (i32.const 3) (i32.const 5)))
                (global.set $small (ref.i31 (i32.const 21)))))""",
    )
    vmctx = run.context("m", "make")
    references = [
        address_of(cell).cast(u32).deref() for cell in defined(vmctx, "globals")
    ]
    assert [reference.value for reference in references] == [0, 0, 0]

    run.call("m", "make")
    pair, row, small = (reference.value for reference in references)
    heap = vmctx.store_context.deref().gc_heap
    assert max(pair, row) < heap.current_length

    struct_header = vm.VMDrcHeader.at(heap.base + pair)
    assert struct_header.header.kind & vm.VM_GC_KIND_MASK == vm.VMGcKind.StructRef
    assert struct_header.header.ty == vmctx.type_ids.array(2)[0]
    assert struct_header.object_size == 40
    array_header = vm.VMDrcArrayHeader.at(heap.base + row)
    assert array_header.header.header.kind & vm.VM_GC_KIND_MASK == vm.VMGcKind.ArrayRef
    assert array_header.length == 5
    assert small == 21 << 1 | vm.I31_DISCRIMINANT
