"""What LLVM makes of the loads: those that may be one are, those that may not are not."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
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
    Running,
    body,
    count_of,
    function,
    machine,
    module_for,
    optimised,
)
from tests.python.generated import import_from, loaded

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """\
vmgen: 1
module: {module}
targets: [x86_64-unknown-linux-gnu]
types:
  Limits:
    kind: struct
    fields:
      top: {{type: u64, access: [readonly, can_move]}}
      floor: {{type: u64, access: [readonly]}}
      used: u64
  Either:
    kind: union
    fields: {{number: u64, half: u32, whole: Slot}}
  Slot: {{kind: struct, fields: {{bits: u64}}}}
  Row:
    kind: struct
    fields: {{plain: "[u64; 4]", each: {{type: "[u64; 4]", alias: {{indexed: true}}}}}}
  Ring: {{kind: struct, fields: {{head: {{type: u64, volatile: true}}, size: u64}}}}
  Context:
    kind: context
    counts: [n]
    fields:
      fuel: {{type: i64{fuel}}}
      epoch: {{type: VmPtr<AtomicU64>, access: [readonly, can_move]}}
      ticks: AtomicU64
      limits: {{type: VmPtr<Limits>, access: [readonly, can_move]}}
      later: VmPtr<Limits>
      either: Either
      cell: Slot
      other: u64
      row: Row
      ring: {{type: Ring, access: [readonly, can_move]}}
      device: {{type: Ring, volatile: true}}
    regions:
      words: "[u64; n]"
      cells: "[Slot; n]"
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bindings of a schema, and of the same with a promise that nobody keeps."""
    folder = tmp_path_factory.mktemp("optimiser")
    modules = []
    for name, fuel in {"right": "", "wrong": ", access: [readonly]"}.items():
        path = folder / f"{name}.vm.yaml"
        text = SCHEMA.format(module=name, fuel=fuel)
        path.write_text(text, encoding="utf-8")
        modules.append(loaded(path, path.name))
    return package(folder, "llvm_optimised", *modules)


@pytest.fixture(scope="module")
def context(built: Path) -> Any:
    return handles(built, "right").Handles(HOST).Context.with_counts(n=4)


Step = Callable[["Code", Any], None]


def handles_beside(context: Any) -> Any:
    """All handles of the module that a context's are of."""
    return sys.modules[type(context).__module__].Handles(HOST)


class Code:
    """A function of a context, of a pointer to anything and of an index, whose loads are
    added up."""

    def __init__(self, context: Any) -> None:
        self.vm = handles_beside(context)
        self.module = module_for()
        self.function, self.builder = function(
            self.module, "f", I64, POINTER, POINTER, I32
        )
        self.base, self.other, self.index = self.function.args
        self.function.args[0].name = "base"
        context.describe(self.base)
        self.sum: Any = ir.Constant(I64, 0)

    def load(self, part: Any, base: Any = None) -> None:
        value = part.load(self.builder, self.base if base is None else base)
        if value.type == POINTER:
            value = self.builder.ptrtoint(value, I64)
        elif value.type != I64:
            value = self.builder.zext(value, I64)
        self.sum = self.builder.add(self.sum, value)

    def store(self, part: Any, base: Any = None) -> None:
        """Store another value than was loaded."""
        value = self.builder.add(self.sum, ir.Constant(I64, 1))
        part.store(self.builder, self.base if base is None else base, value)

    def call(self) -> None:
        """Call something that may write to all memory that it gets at."""
        unknown = self.module.globals.get("unknown") or ir.Function(
            self.module, ir.FunctionType(VOID, []), "unknown"
        )
        self.builder.call(unknown, [])

    def optimised(self) -> Any:
        self.builder.ret(self.sum)
        return optimised(self.module)


def around(part: str, between: Step) -> Step:
    """Two loads of a part of a context, and something between them."""

    def emit(code: Code, context: Any) -> None:
        for step in (0, 1):
            found = context
            for name in part.split("."):
                if name.isdigit():
                    found = found[int(name)]
                elif name == "*":
                    found = found.deref()
                elif name == "i":
                    found = found[code.index]
                else:
                    found = getattr(found, name)
            code.load(found)
            if step == 0:
                between(code, context)

    return emit


def store_to(part: str) -> Step:
    def emit(code: Code, context: Any) -> None:
        found = context
        for name in part.split("."):
            if name == "i":
                found = found[code.index]
            else:
                found = found.deref() if name == "*" else getattr(found, name)
        code.store(found)

    return emit


def store_elsewhere(part: str, index: int | None = None) -> Step:
    """Store to a part that a pointer leads to, which may be the context's, or to an
    element of it, of the index if that is none."""

    def emit(code: Code, context: Any) -> None:
        record, name = part.split(".")
        found = getattr(getattr(code.vm, record), name)
        if part.startswith("Row"):
            found = found[code.index if index is None else index]
        code.store(found, code.other)

    return emit


def nothing(*_: Any) -> None:
    """Nothing is between the loads."""


def store_to_anything(code: Code, context: Any) -> None:
    """Store where a pointer to a number leads: it has no region."""
    code.store(context.epoch.deref())


TABLE: dict[str, tuple[int, int, Step]] = {
    "a part, and another is stored": (1, 1, around("fuel", store_to("other"))),
    "a part, and it is stored": (1, 1, around("fuel", store_to("fuel"))),
    "a part, and something is called": (2, 2, around("fuel", lambda c, _: c.call())),
    "a readonly part, and something is called": (
        1,
        2,
        around("limits", lambda c, _: c.call()),
    ),
    "a part behind a readonly one, and something is called": (
        3,
        4,
        around("limits.*.used", lambda c, _: c.call()),
    ),
    "a readonly part behind one, and something is called": (
        2,
        4,
        around("limits.*.floor", lambda c, _: c.call()),
    ),
    "a readonly part behind one that isn't, and something is called": (
        4,
        4,
        around("later.*.floor", lambda c, _: c.call()),
    ),
    "a part behind a pointer, and a part of the context is stored": (
        2,
        3,
        around("limits.*.used", store_to("fuel")),
    ),
    "a part behind a pointer, and it is stored": (
        2,
        4,
        around("limits.*.used", store_to("limits.*.used")),
    ),
    "a member of a union, and another one of a pointer's is stored": (
        2,
        2,
        around("either.number", store_elsewhere("Slot.bits")),
    ),
    "a record's part in place, and that of a pointer's is stored": (
        2,
        2,
        around("cell.bits", store_elsewhere("Slot.bits")),
    ),
    "an element's part, and that of a pointer's is stored": (
        2,
        2,
        around("cells.1.bits", store_elsewhere("Slot.bits")),
    ),
    "a part, and another record's of a pointer's is stored": (
        1,
        2,
        around("fuel", store_elsewhere("Slot.bits")),
    ),
    "a part, and a number behind a pointer is stored": (
        3,
        3,
        around("fuel", store_to_anything),
    ),
    "an element, and one of an index is stored": (
        2,
        2,
        around("words.1", store_to("words.i")),
    ),
    "an element, and a part of an element of an index is stored": (
        1,
        1,
        around("words.1", store_to("cells.i.bits")),
    ),
    "an element of an array, and another one of a pointer's is stored": (
        2,
        2,
        around("row.plain.1", store_elsewhere("Row.plain", 2)),
    ),
    "the same where each is a region": (
        1,
        2,
        around("row.each.1", store_elsewhere("Row.each", 2)),
    ),
    "the same, and the same one is stored": (
        2,
        2,
        around("row.each.1", store_elsewhere("Row.each", 1)),
    ),
    "the same, and one of an index is stored": (
        2,
        2,
        around("row.each.1", store_elsewhere("Row.each")),
    ),
    "an element of an index twice": (1, 1, around("words.i", lambda *_: None)),
    "a volatile part of what is readonly": (2, 2, around("ring.head", nothing)),
    "a part beside it, and something is called": (
        1,
        2,
        around("ring.size", lambda c, _: c.call()),
    ),
    "a part of what is volatile": (2, 2, around("device.size", nothing)),
    "an atomic": (2, 2, around("ticks", lambda *_: None)),
    "an atomic behind a readonly pointer": (3, 4, around("epoch.*", lambda *_: None)),
}


@pytest.mark.parametrize(("loads", "_", "emit"), TABLE.values(), ids=TABLE)
def test_as_many_loads_are_left_as_there_have_to_be(
    context: Any, loads: int, _: int, emit: Step
) -> None:
    code = Code(context)
    emit(code, context)
    assert count_of(code.optimised(), "load") == loads


def test_the_table_of_counts(context: Any) -> None:
    """Prints how many of two loads are left, and how many if LLVM is told nothing."""
    print("loads that LLVM leaves (without TBAA and invariant.load)")
    for name, (loads, untold, emit) in TABLE.items():
        code = Code(context)
        emit(code, context)
        code.builder.ret(code.sum)
        for instruction in code.builder.block.instructions:
            for metadata in ("tbaa", "invariant.load"):
                instruction.metadata.pop(metadata, None)
        found = count_of(optimised(code.module), "load")
        print(f"{loads} ({found})  {name}")
        assert found == untold, name


def looping(code: Code, part: Any, base: Any) -> str:
    """A loop that loads a part where a function says so; what is before it, optimised."""
    entry = code.builder.block
    loop, inside, last, end = (
        code.function.append_basic_block(n) for n in ("loop", "inside", "last", "end")
    )
    code.builder.branch(loop)
    builder = ir.IRBuilder(loop)
    number, total = builder.phi(I32, "number"), builder.phi(I64, "total")
    number.add_incoming(ir.Constant(I32, 0), entry)
    total.add_incoming(ir.Constant(I64, 0), entry)
    asked = ir.Function(code.module, ir.FunctionType(ir.IntType(1), []), "asked")
    builder.cbranch(builder.call(asked, []), inside, last)
    builder.position_at_end(inside)
    # Without a call LLVM makes a select of the branch, and then forgets `invariant.load`.
    builder.call(ir.Function(code.module, ir.FunctionType(VOID, []), "told"), [])
    more = builder.add(total, part.load(builder, base))
    builder.branch(last)
    builder.position_at_end(last)
    next_total = builder.phi(I64)
    next_total.add_incoming(total, loop)
    next_total.add_incoming(more, inside)
    next_number = builder.add(number, ir.Constant(I32, 1))
    number.add_incoming(next_number, last)
    total.add_incoming(next_total, last)
    builder.cbranch(builder.icmp_unsigned("<", next_number, code.index), loop, end)
    ir.IRBuilder(end).ret(next_total)
    text = str(optimised(code.module))
    return text[text.index("entry:") : text.index("loop:")]


@pytest.mark.parametrize(("part", "moved"), [("top", True), ("used", False)])
def test_what_may_be_moved_is_loaded_before_a_loop_that_may_not_ask_for_it(
    built: Path, context: Any, part: str, moved: bool
) -> None:
    code = Code(context)
    limits = context.limits.load(code.builder, code.base, "limits")
    of_limits = getattr(handles(built, "right").Handles(HOST).Limits, part)
    before = looping(code, of_limits, limits)
    assert (before.count(" = load i64") == 1) is moved


def test_the_first_link_of_a_chain_is_loaded_before_a_loop_by_itself(
    context: Any,
) -> None:
    """LLVM drops `dereferenceable` from a load that it moves."""
    code = Code(context)
    before = looping(code, context.limits.deref().top, code.base)
    assert (before.count(" = load ptr"), before.count(" = load i64")) == (1, 0)


def test_nothing_is_moved_behind_an_argument_that_nobody_described(
    context: Any,
) -> None:
    code = Code(context)
    code.base.attributes.dereferenceable = 0
    before = looping(code, context.limits.deref().top, code.base)
    assert before.count(" = load ") == 0


def test_the_function_that_burns_fuel_and_looks_at_the_epoch_twice(bindings) -> None:
    """The reads of the issue: of store_context, fuel and the epoch, around a store."""
    vm = handles(bindings, "wasmtime42").Handles(HOST)

    def count(*, told: bool) -> int:
        module = module_for()
        made, builder = function(module, "f", I64, POINTER)
        base, total = made.args[0], ir.Constant(I64, 0)
        for _ in range(2):
            store = vm.VMContext.store_context.load(builder, base)
            fuel = vm.VMStoreContext.fuel_consumed
            burnt = builder.add(fuel.load(builder, store), ir.Constant(I64, 1))
            fuel.store(builder, store, burnt)
            epoch = vm.VMStoreContext.epoch_deadline.load(builder, store)
            total = builder.add(total, builder.add(burnt, epoch))
        builder.ret(total)
        if not told:
            for instruction in builder.block.instructions:
                instruction.metadata.clear()
        return count_of(optimised(module), "load")

    assert (count(told=True), count(told=False)) == (3, 6)


BY_HAND = """
define i64 @f(ptr nonnull align 8 dereferenceable(32) %base) {
  %a = getelementptr inbounds i8, ptr %base, i64 24
  %b = load ptr, ptr %a, align 8, !invariant.load !9, !tbaa !3, !nonnull !9
  %c = getelementptr inbounds i8, ptr %b, i64 16
  %d = load i64, ptr %c, align 8, !tbaa !5
  %e = add i64 %d, 1
  store i64 %e, ptr %base, align 8, !tbaa !7
  %f = load ptr, ptr %a, align 8, !invariant.load !9, !tbaa !3, !nonnull !9
  %g = getelementptr inbounds i8, ptr %f, i64 16
  %h = load i64, ptr %g, align 8, !tbaa !5
  %i = add i64 %e, %h
  ret i64 %i
}
!1 = !{!"by hand"}
!2 = !{!"limits", !1, i64 0}
!3 = !{!2, !2, i64 0}
!4 = !{!"used", !1, i64 0}
!5 = !{!4, !4, i64 0}
!6 = !{!"fuel", !1, i64 0}
!7 = !{!6, !6, i64 0}
!9 = !{}
"""


def test_handles_become_what_code_by_hand_becomes(context: Any) -> None:
    """Machine code, to the letter."""
    module = module_for()
    made, builder = function(module, "f", I64, POINTER)
    base = made.args[0]
    context.describe(base)
    used = context.limits.deref().used
    more = builder.add(used.load(builder, base), ir.Constant(I64, 1))
    context.fuel.store(builder, base, more)
    builder.ret(builder.add(more, used.load(builder, base)))
    head = f'target datalayout = "{module.data_layout}"\ntarget triple = "{HOST}"\n'
    ours, theirs = (
        machine().emit_assembly(optimised(one)) for one in (module, head + BY_HAND)
    )
    assert ours.replace("<string>", "") == theirs.replace("<string>", "")
    assert ours.count("movq") == 3


@pytest.mark.parametrize(("name", "seen"), [("right", 7), ("wrong", 0)])
def test_a_readonly_that_isnt_true_changes_what_code_computes(
    built: Path, name: str, seen: int
) -> None:
    """The host burns fuel between two loads; only one schema says that it may."""
    context = handles(built, name).Handles(HOST).Context
    module = module_for()
    made, builder = function(module, "f", I64, POINTER, I64)
    base, host = made.args
    first = context.fuel.load(builder, base)
    call = ir.FunctionType(VOID, [POINTER])
    builder.call(builder.inttoptr(host, call.as_pointer()), [base])
    builder.ret(builder.sub(context.fuel.load(builder, base), first))
    running = Running(module, optimise=True)
    layouts = import_from(built, name)
    fixed = layouts.Context._vm.fixed
    room = ctypes.create_string_buffer(fixed.size_on(None) + 8)
    at = ctypes.addressof(room) + 7 & -8
    live = layouts.Context.at(at, {"n": 0})

    @ctypes.CFUNCTYPE(None, ctypes.c_void_p)
    def burn(address: int) -> None:
        ctypes.c_int64.from_address(address).value += 7

    function_ = running.call("f", ctypes.c_int64, ctypes.c_void_p, ctypes.c_int64)
    found = function_(at, ctypes.cast(burn, ctypes.c_void_p).value)
    assert (found, live.fuel) == (seen, 7)


def test_what_is_left_can_be_read(context: Any) -> None:
    """The helper that counts would notice another way of printing."""
    code = Code(context)
    code.load(context.fuel)
    assert [line.split(",")[0] for line in body(code.optimised())] == [
        "%.5 = load i64",
        "ret i64 %.5",
    ]
