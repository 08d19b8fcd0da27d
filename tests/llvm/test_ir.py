"""What handles emit, to the letter: the same as whoever writes it by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from llvmlite import ir

from tests.llvm.generated import handles, package
from tests.llvm.jit import (
    HOST,
    I32,
    I64,
    POINTER,
    VOID,
    function,
    module_for,
    optimised,
)
from tests.python.generated import loaded

if TYPE_CHECKING:
    from pathlib import Path

LITTLE, BIG = HOST, "s390x-unknown-linux-gnu"


def emitted(record: Any, emit: Any, target: str = LITTLE) -> list[str]:
    """The code of a function of a pointer and an i32, and the metadata of its module."""
    module = module_for(target)
    made, builder = function(module, "f", VOID, POINTER, I32)
    made.args[0].name, made.args[1].name = "base", "index"
    emit(record, builder, *made.args)
    builder.ret_void()
    lines = [line.strip().replace('"', "") for line in str(module).splitlines()]
    begin = lines.index("{")
    return [line for line in lines[begin + 2 :] if line not in ("ret void", "}", "")]


def test_an_offset_is_bytes_and_a_region_is_a_node_below_the_modules_root(
    small,
) -> None:
    store = small.Handles(LITTLE).Store
    assert emitted(store, lambda it, b, base, _: it.level.load(b, base, "level")) == [
        "%.4 = getelementptr inbounds i8, ptr %base, i64 40",
        "%level = load i8, ptr %.4, align 8, !tbaa !2",
        "!0 = !{ !vmgen small }",
        "!1 = !{ !Store.level, !0, i64 0 }",
        "!2 = !{ !1, !1, i64 0 }",
    ]


def test_the_first_part_has_no_offset_to_add(small) -> None:
    store = small.Handles(LITTLE).Store
    lines = emitted(store, lambda it, b, base, _: it.fuel.load(b, base, "fuel"))
    assert lines[0] == "%fuel = load i64, ptr %base, align 16, !tbaa !2"


def test_what_is_readonly_and_never_null_says_so(small) -> None:
    memory = small.Handles(LITTLE).Memory
    assert emitted(memory, lambda it, b, base, _: it.base.load(b, base, "it")) == [
        "%it = load ptr, ptr %base, align 8, "
        "!invariant.load !0, !tbaa !3, !nonnull !0",
        "!0 = !{  }",
        "!1 = !{ !vmgen small }",
        "!2 = !{ !Memory.base, !1, i64 0 }",
        "!3 = !{ !2, !2, i64 0 }",
    ]


def test_a_pointer_says_how_much_may_be_read_behind_it_and_how_that_is_aligned(
    small,
) -> None:
    # `Store.builtins` is the last part that may be moved: 112 bytes, and itself 8.
    context = small.Handles(LITTLE).Context
    lines = emitted(context, lambda it, b, base, _: it.store.load(b, base, "it"))
    assert lines[1] == (
        "%it = load ptr, ptr %.4, align 8, "
        "!tbaa !2, !dereferenceable_or_null !3, !align !4"
    )
    assert lines[-2:] == ["!3 = !{ i64 120 }", "!4 = !{ i64 16 }"]


def test_a_chain_has_the_promises_of_each_of_its_links(small) -> None:
    store = small.Handles(LITTLE).Store
    lines = emitted(
        store, lambda it, b, base, _: it.builtins.deref().grow.load(b, base)
    )
    assert [line for line in lines if line[0] == "%"] == [
        "%.4 = getelementptr inbounds i8, ptr %base, i64 112",
        "%.5 = load ptr, ptr %.4, align 16, "
        "!invariant.load !0, !tbaa !3, !nonnull !0, !align !4",
        "%.6 = load ptr, ptr %.5, align 8, !tbaa !6, !nonnull !0",
    ]


def test_an_atomic_is_loaded_and_stored_as_the_schema_says(small) -> None:
    memory = small.Handles(LITTLE).Memory

    def emit(it: Any, builder: Any, base: Any, _: Any) -> None:
        it.current_length.store(builder, base, it.current_length.load(builder, base))

    assert [line for line in emitted(memory, emit) if line[0] in "%s"] == [
        "%.4 = getelementptr inbounds i8, ptr %base, i64 8",
        "%.5 = load atomic i64, ptr %.4 seq_cst, align 8, !tbaa !2",
        "%.6 = getelementptr inbounds i8, ptr %base, i64 8",
        "store atomic i64 %.5, ptr %.6 seq_cst, align 8, !tbaa !2",
    ]


def test_an_ordering_can_be_asked_for(small) -> None:
    store = small.Handles(LITTLE).Store

    def emit(it: Any, builder: Any, base: Any, _: Any) -> None:
        fuel = it.fuel.load_atomic(builder, base, "monotonic")
        it.fuel.store_atomic(builder, base, fuel, "release")
        it.fuel.update(builder, base, "add", fuel, "acq_rel")
        it.fuel.compare_exchange(builder, base, fuel, fuel, "acq_rel")

    assert [line for line in emitted(store, emit) if line[0] in "%s"] == [
        "%.4 = load atomic i64, ptr %base monotonic, align 16, !tbaa !2",
        "store atomic i64 %.4, ptr %base release, align 16, !tbaa !2",
        "%.6 = atomicrmw add ptr %base, i64 %.4 acq_rel , !tbaa !2",
        "%.7 = cmpxchg ptr %base, i64 %.4, i64 %.4 acq_rel acquire , !tbaa !2",
        "%.8 = extractvalue {i64, i1} %.7, 0",
        "%.9 = extractvalue {i64, i1} %.7, 1",
    ]


def test_a_value_that_is_known_is_a_range(small) -> None:
    vm = small.Handles(LITTLE)
    magic = emitted(vm.Context, lambda it, b, base, _: it.magic.load(b, base))
    state = emitted(vm.Signals, lambda it, b, base, _: it.state.load(b, base))
    assert magic[-1] == "!3 = !{ i32 1701998435, i32 1701998436 }"
    assert state[-1] == "!3 = !{ i8 0, i8 2 }"


def test_an_index_that_is_known_is_part_of_the_offset(small) -> None:
    context = small.Handles(LITTLE).Context.with_counts(num_memories=3)
    lines = emitted(context, lambda it, b, base, _: it.memories[2].base.load(b, base))
    assert lines[:2] == [
        "%.4 = getelementptr inbounds i8, ptr %base, i64 48",
        "%.5 = load ptr, ptr %.4, align 16, !invariant.load !0, !tbaa !3, !nonnull !0",
    ]


def test_an_index_of_the_codes_is_taken_times_the_stride(small) -> None:
    context = small.Handles(LITTLE).Context.with_counts(num_memories=3, num_bytes=1)
    lines = emitted(context, lambda it, b, base, i: it.globals[i].address(b, base))
    assert lines == [
        "%.4 = zext i32 %index to i64",
        "%.5 = mul nuw i64 %.4, 16",
        "%.6 = getelementptr inbounds i8, ptr %base, i64 %.5",
        "%.7 = getelementptr inbounds i8, ptr %.6, i64 80",
    ]


def test_a_cell_is_taken_for_what_the_code_knows_it_holds(small) -> None:
    cell = small.Handles(LITTLE).Global
    vector = ir.VectorType(I32, 4)
    lines = emitted(cell, lambda it, b, base, _: it.storage.cast(vector).load(b, base))
    assert lines[0] == "%.4 = load <4 x i32>, ptr %base, align 16, !tbaa !2"


def test_where_a_region_may_be_misaligned_so_is_what_is_loaded(small) -> None:
    # `start` is not rounded; what is known of its address is what its offset says.
    vm = small.Handles(LITTLE)
    placed = vm.Context.with_counts(num_bytes=1, has_start=True)
    lines = emitted(placed, lambda it, b, base, _: it.start.bits.load(b, base))
    assert lines[1] == "%.5 = load i64, ptr %.4, align 1, !tbaa !2"
    # And a pointer to one may lead there.
    lines = emitted(vm.Value, lambda it, b, base, _: it.bits.load(b, base))
    assert lines[0] == "%.4 = load i64, ptr %base, align 1, !tbaa !2"


def test_little_endian_words_are_swapped_on_a_big_endian_target(bindings) -> None:
    from tests.llvm.generated import handles

    record = handles(bindings, "wasmtime42").Handles(BIG).ValRaw

    def emit(it: Any, builder: Any, base: Any, _: Any) -> None:
        it.i64.store(builder, base, it.i64.load(builder, base))
        it.f32.load(builder, base)
        it.funcref.load(builder, base)

    assert [line for line in emitted(record, emit, BIG) if line[0] in "%s"] == [
        "%.4 = load i64, ptr %base, align 8, !tbaa !2",
        "%.5 = call i64 @llvm.bswap.i64(i64 %.4)",
        "%.6 = call i64 @llvm.bswap.i64(i64 %.5)",
        "store i64 %.6, ptr %base, align 8, !tbaa !2",
        "%.8 = load i32, ptr %base, align 8, !tbaa !2",
        "%.9 = call i32 @llvm.bswap.i32(i32 %.8)",
        "%.10 = load i64, ptr %base, align 8, !tbaa !2",
        "%.11 = call i64 @llvm.bswap.i64(i64 %.10)",
        "%.12 = inttoptr i64 %.11 to ptr",
    ]


def test_an_argument_is_described_as_its_record_is(small) -> None:
    vm = small.Handles(LITTLE)
    module = module_for()
    made, _ = function(module, "f", I64, POINTER, POINTER)
    vm.Store.describe(made.args[0])
    vm.Context.with_counts(num_memories=2).describe(made.args[1])
    assert str(made).splitlines()[0] == (
        'define i64 @"f"(ptr nonnull align 16 dereferenceable(120) %".1", '
        'ptr nonnull align 16 dereferenceable(40) %".2")'
    )


VOLATILE = """\
vmgen: 1
module: device
targets: [x86_64-unknown-linux-gnu]
types:
  Inner: {kind: struct, fields: {size: u32, count: AtomicU32}}
  Device:
    kind: struct
    fields:
      status: {type: u32, volatile: true}
      seen: {type: AtomicU32, volatile: true}
      ring: {type: "[u16; 4]", volatile: true}
      next: {type: VmPtr<Inner>, volatile: true}
      inner: {type: Inner, volatile: true}
      plain: Inner
"""


def test_what_is_volatile_is_loaded_and_stored_as_that(tmp_path: Path) -> None:
    path = tmp_path / "device.vm.yaml"
    path.write_text(VOLATILE, encoding="utf-8")
    made = package(tmp_path, "llvm_volatile", loaded(path, path.name))
    device = handles(made, "device").Handles(LITTLE).Device

    def emit(it: Any, builder: Any, base: Any, index: Any) -> None:
        it.status.store(builder, base, it.status.mutable().load(builder, base))
        it.seen.store(builder, base, it.seen.load(builder, base))
        it.seen.update(builder, base, "add", index)
        it.seen.compare_exchange(builder, base, index, index)
        it.ring[0].load(builder, base)
        it.ring.cast(I64).load(builder, base)
        it.next.deref().size.load(builder, base)
        it.inner.size.load(builder, base)
        it.inner.count.load(builder, base)
        it.plain.size.load(builder, base)

    lines = emitted(device, emit)
    found = [
        re.sub(r"%\.\d+ = |, !tbaa !\d+", "", line)
        for line in lines
        if line[0] in "%s" and "getelementptr" not in line
    ]
    assert [re.sub(r"%\.\d+", "%_", line) for line in found] == [
        "load volatile i32, ptr %base, align 8",
        "store volatile i32 %_, ptr %base, align 8",
        "load atomic volatile i32, ptr %_ seq_cst, align 4",
        "store atomic volatile i32 %_, ptr %_ seq_cst, align 4",
        "atomicrmw volatile add ptr %_, i32 %index seq_cst ",
        "cmpxchg volatile ptr %_, i32 %index, i32 %index seq_cst seq_cst ",
        "extractvalue {i32, i1} %_, 0",
        "extractvalue {i32, i1} %_, 1",
        "load volatile i16, ptr %_, align 8",
        "load volatile i64, ptr %_, align 8",
        "load volatile ptr, ptr %_, align 8, !nonnull !9, !align !10",
        "load i32, ptr %_, align 4",
        "load volatile i32, ptr %_, align 8",
        "load atomic volatile i32, ptr %_ seq_cst, align 4",
        "load i32, ptr %_, align 8",
    ]
    module = module_for()
    function_, builder = function(module, "f", VOID, POINTER, I32)
    emit(device, builder, *function_.args)
    builder.ret_void()
    # LLVM reads each of them, and leaves all that it has to.
    kept = str(optimised(module))
    assert kept.count(" volatile ") == 11
    assert "load i32" not in kept


RANGES = {
    "none of it is known": ([(0, 255)], []),
    "not zero": ([(1, 255)], [(1, 255)]),
    "not zero, signed": ([(-128, -1), (1, 127)], [(1, 255)]),
    "one value": ([(7, 7)], [(7, 7)]),
    "negative numbers come first": ([(1, 2), (-3, -2)], [(253, 254), (1, 2)]),
    "around zero": ([(-1, 1)], [(255, 1)]),
    "around zero and more": ([(-1, 1), (5, 6)], [(255, 1), (5, 6)]),
    "what touches is one": ([(1, 2), (3, 4)], [(1, 4)]),
}


@pytest.mark.parametrize(("ranges", "apart"), RANGES.values(), ids=RANGES)
def test_ranges_are_as_llvm_wants_them(bindings, ranges, apart) -> None:
    from tests.python.generated import import_from

    access = import_from(bindings, "vmgen_runtime.llvm_access")
    assert access.apart(ranges, 256) == apart
    if apart:
        # LLVM's verifier agrees.
        module = module_for()
        made, builder = function(module, "f", ir.IntType(8), POINTER)
        loaded = builder.load(made.args[0], typ=ir.IntType(8))
        access.mark_range(builder, loaded, ranges)
        builder.ret(loaded)
        from llvmlite import binding

        binding.parse_assembly(str(module)).verify()
