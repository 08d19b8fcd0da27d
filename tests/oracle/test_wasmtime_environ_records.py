"""Records of fixed size, constants and signatures, against Wasmtime 42.0.2's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from vmgen.schema import model as m
from vmgen.schema import types as t

if TYPE_CHECKING:
    from tests.oracle.cargo_oracle import CargoOracle
    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.layouts import Layouts

# Wasmtime has one generic record where the schema has two, one for each use.
GENERIC = {"VMHostArray": ("VMHandlerList", "VMPayloads")}

# Asked about a 32-bit target, Wasmtime adds the width of the *compiler's* usize.
WASMTIME_IS_WRONG = {("VMContObj:size", 4): (12, 8)}


def pairs(oracle: CargoOracle, question: str) -> list[tuple[str, str]]:
    """The ``name=value`` words of one answer, in order; a name may come twice."""
    (answer,) = oracle.ask([question])
    return [(n, v) for n, _, v in (word.partition("=") for word in answer.split())]


def parts(declared: m.Declaration) -> list[m.Field] | list[m.Slot]:
    if isinstance(declared, m.Functions):
        return list(declared.slots)
    assert isinstance(declared, m.Struct | m.Union | m.Context)
    return list(declared.fields)


def number(layouts: Layouts, layout_class: LayoutClass, name: str) -> int:
    """``Type:size``, ``Type:fixed``, ``Type.field`` or ``Type.field.field``, in bytes."""
    if ":" in name:
        return layouts.record(name.split(":")[0], layout_class).size
    owner, *path = name.split(".")
    offset = 0
    for step in path:
        members = parts(layouts.module.types[owner])
        index = [member.name for member in members].index(step)
        offset += layouts.record(owner, layout_class).offsets[index]
        if isinstance(members[index], m.Field):
            owner = str(members[index].type)
    return offset


@pytest.mark.parametrize("width", [8, 4])
def test_every_record_that_wasmtime_has_offsets_for_agrees(
    wasmtime_environ: CargoOracle, wasmtime42: Layouts, width: int
) -> None:
    asked = pairs(wasmtime_environ, f"records {width}")
    assert len(asked) == 215
    for name, text in asked:
        theirs = int(text)
        if (name, width) in WASMTIME_IS_WRONG:
            wrong, theirs = WASMTIME_IS_WRONG[name, width]
            assert int(text) == wrong
        owner = name.replace(":", ".").split(".")[0]
        for ours in GENERIC.get(owner, (owner,)):
            renamed = name.replace(owner, ours, 1)
            for layout_class in wasmtime42.classes:
                if layout_class.model.pointer == width:
                    assert number(wasmtime42, layout_class, renamed) == theirs, renamed


def test_every_constant_and_discriminant_agrees(
    wasmtime_environ: CargoOracle, wasmtime42: Layouts
) -> None:
    module = wasmtime42.module
    asked = pairs(wasmtime_environ, "constants")
    assert len(asked) == 39
    for name, text in asked:
        enum, _, variant = name.partition("::")
        if variant:
            declared = module.types[enum]
            assert isinstance(declared, m.PlainEnum | m.TaggedEnum)
            values = {v.name: v.value for v in declared.variants}
            assert values[variant] == int(text), name
        else:
            assert module.constants[name].value == int(text), name


IN_RUST = {
    "pointer": "*mut u8",
    "ptr_u8": "*mut u8",
    "ptr_u16": "*mut u16",
    "ptr_size": "*mut usize",
    "size": "usize",
}
"""What Wasmtime's own functions have for the words of its list, in its `libcalls.rs` and its
`component/libcalls.rs`; other words are the types themselves."""


def words(type: t.Type | None) -> set[str]:
    """The words of Wasmtime's list that a type of the schema may stand for."""
    match type:
        case None:
            return {""}
        case t.VmPtr(t.Named("VMContext" | "VMComponentContext")):
            return {"vmctx"}
        case t.VmPtr() | t.Option(t.VmPtr()):
            return {"pointer", "ptr_u8", "ptr_u16", "ptr_size"}
        case t.Int("usize"):
            return {"pointer", "size"}
        case _:
            return {str(type)}


@pytest.mark.parametrize(
    ("table", "slots"), [("VMBuiltinFunctionsArray", 58), ("VMComponentBuiltins", 66)]
)
def test_every_builtin_has_wasmtimes_parameters_in_their_order(
    wasmtime_environ: CargoOracle, wasmtime42: Layouts, table: str, slots: int
) -> None:
    declared = wasmtime42.module.types[table]
    assert isinstance(declared, m.Functions)
    theirs = [
        (n, s)
        for n, s in pairs(wasmtime_environ, "signatures")
        if n.startswith(f"{table}.")
    ]
    assert [name for name, _ in theirs] == [f"{table}.{s.name}" for s in declared.slots]
    assert len(theirs) == slots
    for slot, (_, text) in zip(declared.slots, theirs, strict=True):
        inside, _, result = text.partition("->")
        named = [word.split(":") for word in inside.split(",")]
        signature = slot.signature
        assert [p.name for p in signature.params] == [name for name, _ in named]
        for parameter, (_, word) in zip(signature.params, named, strict=True):
            assert word in words(parameter.type), (slot.name, parameter.name)
        assert result in words(signature.result), slot.name
        rust = slot.rust_signature
        context = (
            "VMContext" if table == "VMBuiltinFunctionsArray" else "VMComponentContext"
        )
        own = {**IN_RUST, "vmctx": f"NonNull<{context}>"}
        spelled = [str(p.type) for p in rust.params] + [str(rust.result or "")]
        given = [word for _, word in named] + [result]
        assert spelled == [own.get(word, word) for word in given], slot.name
