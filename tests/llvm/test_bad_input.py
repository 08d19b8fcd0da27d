"""What can't be loaded right is an exception, with the reason."""

from __future__ import annotations

import re

import pytest
from llvmlite import ir

from tests.llvm.generated import handles, package
from tests.llvm.jit import HOST, I8, I32, I64, POINTER, VOID, function, module_for
from tests.python.generated import import_from, loaded


class Code:
    """A function to emit into, whose arguments are a pointer and an i32."""

    def __init__(self, target: str = HOST) -> None:
        self.module = module_for(target)
        self.function, self.builder = function(self.module, "f", VOID, POINTER, I32)
        self.base, self.index = self.function.args


WRONG = {
    "a record as a whole": (
        lambda vm, _: vm.Context.with_counts(num_memories=1).memories[0].load,
        TypeError,
        "Context.memories[0] is a record, Memory: its parts are loaded and stored, not the "
        "whole",
    ),
    "an array as a whole": (
        lambda vm, c: vm.Global.storage.load(c.builder, c.base),
        TypeError,
        "Global.storage is an array of 16: its elements are loaded and stored, or the "
        "whole by cast",
    ),
    "a part that isn't there": (
        lambda vm, _: vm.Memory.bass,
        AttributeError,
        "Memory has no part bass, did you mean base?",
    ),
    "an index too high": (
        lambda vm, _: vm.Context.with_counts(num_memories=2).memories[2],
        IndexError,
        "Context.memories[2] is outside of 2 elements",
    ),
    "an index too low": (
        lambda vm, _: vm.Store.rows[-1],
        IndexError,
        "Store.rows[-1] is outside of 6 elements",
    ),
    "a constant index too high": (
        lambda vm, _: vm.Store.rows[ir.Constant(I32, 6)],
        IndexError,
        "Store.rows[6] is outside of 6 elements",
    ),
    "an index behind a pointer": (
        lambda vm, _: vm.Memory.base.array(8)[8],
        IndexError,
        "Memory.base.*[8] is outside of 8 elements",
    ),
    "an index that is none": (
        lambda vm, _: vm.Store.rows[1.0],
        TypeError,
        "'float' object cannot be interpreted as an integer",
    ),
    "an index that is a pointer": (
        lambda vm, c: vm.Store.rows[c.base].load(c.builder, c.base),
        TypeError,
        "an index is an integer of at most 64 bits, not ptr",
    ),
    "an index that is too wide": (
        lambda vm, c: vm.Store.rows[c.builder.zext(c.index, ir.IntType(128))].load(
            c.builder, c.base
        ),
        TypeError,
        "an index is an integer of at most 64 bits, not i128",
    ),
    "a region without counts": (
        lambda vm, _: vm.Context.memories,
        TypeError,
        "Context.memories is where counts put it: use with_counts",
    ),
    "a region that isn't there": (
        lambda vm, _: vm.Context.with_counts().start,
        IndexError,
        "there is no Context.start: has_start is 0",
    ),
    "a count too high": (
        lambda vm, _: vm.Context.with_counts(num_bytes=2**32 - 1),
        OverflowError,
        "a Context of 8589934619 bytes overflows a u32",
    ),
    "a count that isn't there": (
        lambda vm, _: vm.Context._with_counts({"num_byte": 1}),
        TypeError,
        "Context has no count num_byte, did you mean num_bytes?",
    ),
    "a base that is a number": (
        lambda vm, c: vm.Store.fuel.load(c.builder, c.index),
        TypeError,
        "the base is a `ptr`, not i32",
    ),
    "a base in another address space": (
        lambda vm, c: vm.Store.fuel.load(
            c.builder, c.builder.inttoptr(c.index, ir.PointerType(None, 1))
        ),
        TypeError,
        "the base is a `ptr`, not ptr addrspace(1)",
    ),
    "a store of another width": (
        lambda vm, c: vm.Store.fuel.store(c.builder, c.base, c.index),
        TypeError,
        "Store.fuel is i64, not i32",
    ),
    "a store to what is readonly": (
        lambda vm, c: vm.Memory.base.store(c.builder, c.base, c.base),
        TypeError,
        "Memory.base is readonly: code that sets it up stores to its mutable()",
    ),
    "an update of what is readonly": (
        lambda vm, c: vm.Memory.base.update(c.builder, c.base, "xchg", c.base),
        TypeError,
        "Memory.base is readonly: code that sets it up stores to its mutable()",
    ),
    "a cast to another width": (
        lambda vm, _: vm.Store.fuel.cast(I32),
        TypeError,
        "Store.fuel has 8 bytes, i32 has not",
    ),
    "a cast of an array to more": (
        lambda vm, _: vm.Global.storage.cast(ir.IntType(256)),
        TypeError,
        "Global.storage has 16 bytes, i256 32",
    ),
    "a cast to part of a byte": (
        lambda vm, _: vm.Global.storage.cast(ir.IntType(1)),
        TypeError,
        "i1 isn't loaded in one piece",
    ),
    "what nobody knows": (
        lambda vm, _: vm.Store.hidden.deref().load,
        TypeError,
        "nothing is known of Store.hidden.* but where it is",
    ),
    "an array of what nobody knows": (
        lambda vm, _: vm.Store.hidden.array(2),
        TypeError,
        "nothing is known of what is there: take it for something by cast",
    ),
    "an array of contexts": (
        lambda vm, _: vm.Store.hidden.cast(type(vm.Context)).array(2),
        TypeError,
        "a Context has a size with its counts alone",
    ),
    "an ordering that LLVM doesn't have": (
        lambda vm, c: vm.Store.fuel.load_atomic(c.builder, c.base, "relaxed"),
        ValueError,
        "'relaxed' is none of unordered, monotonic, acquire, seq_cst",
    ),
    "a load with the ordering of a store": (
        lambda vm, c: vm.Store.fuel.load_atomic(c.builder, c.base, "release"),
        ValueError,
        "'release' is none of unordered, monotonic, acquire, seq_cst",
    ),
    "an atomic of 16 bytes": (
        lambda vm, c: vm.Store.wide.load_atomic(c.builder, c.base),
        TypeError,
        "Store.wide has 16 bytes: no atomic is as wide",
    ),
    "an atomic that is not aligned": (
        lambda vm, c: vm.Value.bits.load_atomic(c.builder, c.base),
        TypeError,
        "Value.bits is aligned to 1, and no atomic of 8 bytes",
    ),
    "how many there are behind a pointer": (
        lambda vm, _: len(vm.Memory.base.array()),
        TypeError,
        "nobody says how many Memory.base.* there are",
    ),
    "an argument that is a number": (
        lambda vm, c: vm.Memory.describe(c.index),
        TypeError,
        "a pointer to a Memory is a `ptr`, not i32",
    ),
}


@pytest.mark.parametrize(("wrong", "error", "message"), WRONG.values(), ids=WRONG)
def test_what_makes_no_sense_is_an_error(small, wrong, error, message) -> None:
    with pytest.raises(error) as raised:
        wrong(small.Handles(HOST), Code())
    assert str(raised.value) == message


def test_a_swapped_word_isnt_added_to(bindings) -> None:
    big = "s390x-unknown-linux-gnu"
    code, record = Code(big), handles(bindings, "wasmtime42").Handles(big).ValRaw
    one = ir.Constant(I64, 1)
    record.i64.update(code.builder, code.base, "xor", one)
    with pytest.raises(TypeError) as raised:
        record.i64.update(code.builder, code.base, "add", one)
    assert str(raised.value) == (
        "ValRaw.i64 is little-endian on a big-endian target: no add changes it in one piece"
    )


LAYOUTS = {
    "none": (
        "",
        "the module has no data_layout: set it to str(target_machine.target_data)",
    ),
    "another byte order": (
        "E-m:e-i64:64",
        "the module's data_layout is big-endian, x86_64-unknown-linux-gnu is little-endian",
    ),
    "other pointers": (
        "e-m:e-p:32:32-i64:64",
        "the module's pointers have 32 bits by its data_layout, those of "
        "x86_64-unknown-linux-gnu have 64",
    ),
    "other pointers, with a number": (
        "e-p0:32:32",
        "the module's pointers have 32 bits by its data_layout, those of "
        "x86_64-unknown-linux-gnu have 64",
    ),
}


@pytest.mark.parametrize(("layout", "message"), LAYOUTS.values(), ids=LAYOUTS)
def test_a_module_of_another_data_layout_is_refused(
    small, runtime, layout, message
) -> None:
    code = Code()
    code.module.data_layout = layout
    store = small.Handles(HOST).Store
    for emit in (
        lambda: store.fuel.load(code.builder, code.base),
        lambda: store.fuel.store(code.builder, code.base, ir.Constant(I64, 1)),
        lambda: store.rows.address(code.builder, code.base),
    ):
        with pytest.raises(runtime.WrongTarget) as raised:
            emit()
        assert str(raised.value) == message


def test_a_layout_that_turns_wrong_later_is_refused(small, runtime) -> None:
    code, store = Code(), small.Handles(HOST).Store
    store.fuel.load(code.builder, code.base)
    code.module.data_layout = "e-p:32:32"
    with pytest.raises(runtime.WrongTarget):
        store.fuel.load(code.builder, code.base)


def test_a_module_for_another_target_is_refused(small, runtime) -> None:
    code = Code()
    code.module.triple = "i686-unknown-linux-gnu"
    with pytest.raises(runtime.WrongTarget) as raised:
        small.Handles(HOST).Store.fuel.load(code.builder, code.base)
    assert re.fullmatch(
        r"the module is for i686-unknown-linux-gnu, whose data model is \S+; these "
        r"handles are for x86_64-unknown-linux-gnu, \S+",
        str(raised.value),
    )


def test_a_target_that_the_schema_doesnt_cover_is_refused(bindings, small) -> None:
    errors = import_from(bindings, "vmgen_runtime.errors")
    with pytest.raises(errors.UnknownTarget) as raised:
        small.Handles("x86_64-unknown-linux-gnux")
    assert str(raised.value) == (
        "x86_64-unknown-linux-gnux is no target of small.vm.yaml, did you mean "
        "x86_64-unknown-linux-gnu?"
    )


def test_a_data_model_is_as_good_as_a_target(small) -> None:
    code = Code()
    model = small.Handles(HOST)._target.model.name
    assert model != HOST
    small.Handles(model).Store.fuel.load(code.builder, code.base)


@pytest.mark.parametrize(
    ("damage", "error", "message"),
    [
        (
            ("version=1,", "version=2,"),
            ImportError,
            "this vmgen_runtime reads handles of version 1, those of {module} are of "
            "version 2: run `vmgen build small.vm.yaml`",
        ),
        (
            ('("level", "u8", "Store.level"),', ""),
            ImportError,
            "StoreHandles and llvm_bindings.small.Store are not of the same schema: run "
            "`vmgen build small.vm.yaml`",
        ),
    ],
    ids=["another version", "another schema"],
)
def test_handles_and_layouts_that_dont_go_together_arent_imported(
    bindings, damage, error, message
) -> None:
    text = (bindings / "small_llvm.py").read_text(encoding="utf-8")
    assert damage[0] in text
    name = f"damaged{abs(hash(damage)):x}"
    path = bindings / f"{name}.py"
    path.write_text(text.replace(*damage), encoding="utf-8")
    with pytest.raises(error) as raised:
        import_from(bindings, name)
    assert str(raised.value) == message.format(module=f"llvm_bindings.{name}")


def test_another_llvmlite_is_refused(
    bindings, runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    import llvmlite

    copy = bindings / "vmgen_runtime" / "llvm_ir_again.py"
    text = (copy.parent / "llvm_ir.py").read_text(encoding="utf-8")
    copy.write_text(text, encoding="utf-8")
    monkeypatch.setattr(llvmlite, "__version__", "0.43.0")
    with pytest.raises(ImportError) as raised:
        import_from(bindings, "vmgen_runtime.llvm_ir_again")
    assert str(raised.value) == "these handles are for llvmlite 0.50, this is 0.43.0"


def test_without_pointers_the_modules_say_how_wide_they_are(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("narrow")
    path = folder / "narrow.vm.yaml"
    path.write_text(
        "vmgen: 1\nmodule: narrow\ntargets: [x86_64-unknown-linux-gnu, "
        "i686-unknown-linux-gnu]\n"
        "types: {A: {kind: struct, fields: {a: u32, b: '[u16; 4]'}}}\n",
        encoding="utf-8",
    )
    record = handles(package(folder, "llvm_narrow", loaded(path, path.name)), "narrow")
    for target, word in ((HOST, "i64"), ("i686-unknown-linux-gnu", "i32")):
        code = Code(target)
        record.Handles(target).A.b[code.index].load(code.builder, code.base)
        assert f'getelementptr inbounds i8, ptr %".1", {word}' in str(code.function)


def test_bytes_behind_a_pointer_are_taken_for_what_the_code_knows(small) -> None:
    code, memory = Code(), small.Handles(HOST).Memory
    number = memory.base.cast(I64, align=8).array(4)[3].load(code.builder, code.base)
    byte = memory.base.deref().load(code.builder, code.base)
    assert (number.type, byte.type) == (I64, I8)
    assert "i64 24" in str(code.function)
    assert re.search(r"load i64, ptr .*, align 8\n", str(code.function))
