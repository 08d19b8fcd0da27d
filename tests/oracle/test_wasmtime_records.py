"""Records, constants, signatures and contexts, against every release of Wasmtime.

The numbers are those of `release_numbers`: what the offset code of each release said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle.contexts import context_of, stated, target_of
from tests.oracle.release_numbers import CONTEXTS, pairs, read, spelled
from tests.oracle.releases import RELEASES
from vmgen.schema import model as m
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.oracle.release_numbers import Column
    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.layouts import Layouts

# What compiled code sees of a heap is inside of a cell that has the record's name.
OURS = {
    "VMDrcHeapData": ("VMDrcHeapDataInner",),
    "VMCopyingHeapData": ("VMCopyingHeapDataInner",),
}

# Asked about a 32-bit target, Wasmtime adds the width of the *compiler's* usize.
WASMTIME_IS_WRONG = {("VMContObj:size", 4): (12, 8)}

NUMBERS = {
    "42.0.2": 430, "43.0.2": 430, "44.0.3": 430, "45.0.3": 438, "46.0.3": 434,
    "47.0.4": 448, "48.0.5": 494, "48.0.6": 494, "48.0.8": 494, "49.0.2": 512,
    "49.0.5": 512, "50.0.1": 550,
}  # fmt: skip
"""How many offsets, sizes and alignments of records are compared."""


@pytest.fixture(scope="module")
def numbers() -> dict[str, Column]:
    return read()


def parts(declared: m.Declaration) -> list[m.Field] | list[m.Slot]:
    if isinstance(declared, m.Functions):
        return list(declared.slots)
    assert isinstance(declared, m.Struct | m.Union | m.Context)
    return list(declared.fields)


def number(layouts: Layouts, layout_class: LayoutClass, name: str) -> int:
    """``Type:size``, ``Type:align``, ``Type:fixed`` or ``Type.field.field``, in bytes."""
    owner, colon, what = name.partition(":")
    if colon:
        record = layouts.record(owner, layout_class)
        return record.align if what == "align" else record.size
    owner, *path = name.split(".")
    offset = 0
    for step in path:
        declared = layouts.module.types[owner]
        if isinstance(declared, m.Newtype):
            continue
        members = parts(declared)
        index = [member.name for member in members].index(step)
        offset += layouts.record(owner, layout_class).offsets[index]
        if isinstance(members[index], m.Field):
            owner = record_of(members[index].type)
    return offset


def record_of(type: t.Type) -> str:
    """The record that a field is, or is a cell of."""
    return str(type.inner if isinstance(type, t.UnsafeCell) else type)


@pytest.mark.parametrize("release", RELEASES)
def test_every_record_that_wasmtime_has_offsets_for_agrees(
    numbers: dict[str, Column], wasmtime: Callable[[str], Layouts], release: str
) -> None:
    layouts = wasmtime(release)
    compared = 0
    for key, text in numbers[release].items():
        name, slash, wide = key.partition("/")
        if not slash or "," in wide or ":" in text or name.startswith("VMContext.size"):
            continue
        width, owner = int(wide), name.replace(":", ".").split(".")[0]
        if is_dynamic(layouts.module.types.get(owner), name):
            continue
        theirs = int(text)
        if (name, width) in WASMTIME_IS_WRONG:
            wrong, theirs = WASMTIME_IS_WRONG[name, width]
            assert int(text) == wrong
        compared += 1
        known = (owner,) if owner in layouts.module.types else OURS[owner]
        for ours in known:
            renamed = name.replace(owner, ours, 1)
            for layout_class in layouts.classes:
                if layout_class.model.pointer == width:
                    said = number(layouts, layout_class, renamed)
                    assert said == theirs, (renamed, layout_class)
    assert compared == NUMBERS[release]


def is_dynamic(declared: m.Declaration | None, name: str) -> bool:
    """Whether a number of a context is of a region, or of its end."""
    if not isinstance(declared, m.Context) or ":" in name:
        return False
    return name.split(".")[1] not in {field.name for field in declared.fields}


@pytest.mark.parametrize("release", RELEASES)
def test_every_context_agrees_for_the_counts_of_the_table(
    numbers: dict[str, Column], wasmtime: Callable[[str], Layouts], release: str
) -> None:
    layouts, column = wasmtime(release), numbers[release]
    for name, vectors in CONTEXTS.values():
        declared = layouts.module.types[name]
        assert isinstance(declared, m.Context)
        names = column[f"{name}:counts"].split(",")
        assert sorted(names) == sorted(c.name for c in declared.counts)
        asked = [counts for counts in vectors if counts.keys() <= set(names)]
        assert asked
        for width in (8, 4):
            layout = context_of(layouts, name, target_of(width))
            for counts in asked:
                full = {name: counts.get(name, 0) for name in names}
                key = f"/{width}{spelled(counts)}"
                theirs = {
                    n.removeprefix(f"{name}.").removesuffix(key): value
                    for n, value in column.items()
                    if n.startswith(f"{name}.") and n.endswith(key)
                }
                ours = dict(pairs(stated(declared, layout, full)))
                assert {n: v for n, v in ours.items() if v != "-"} == theirs, counts


@pytest.mark.parametrize("release", RELEASES)
def test_every_constant_and_discriminant_agrees(
    numbers: dict[str, Column], wasmtime: Callable[[str], Layouts], release: str
) -> None:
    module = wasmtime(release).module
    asked = {
        n: v
        for n, v in numbers[release].items()
        if n.partition("::")[0] in {*module.constants, *module.types} and "/" not in n
        and "." not in n and not n.endswith(":counts")
    }  # fmt: skip
    assert (
        len(asked)
        == {42: 39, 45: 45, 47: 53, 48: 56, 50: 58}[
            max(s for s in (42, 45, 47, 48, 50) if s <= int(release.split(".")[0]))
        ]
    )
    for name, text in asked.items():
        enum, _, variant = name.partition("::")
        if variant:
            declared = module.types[enum]
            assert isinstance(declared, m.PlainEnum | m.TaggedEnum)
            values = {v.name: v.value for v in declared.variants}
            assert values[variant] == int(text), name
        else:
            assert module.constants[name].value == int(text), name


@pytest.mark.parametrize("release", RELEASES)
def test_every_variant_of_wasmtimes_enums_is_in_the_schema_and_no_other(
    numbers: dict[str, Column], wasmtime: Callable[[str], Layouts], release: str
) -> None:
    module = wasmtime(release).module
    for enum in ("VMStackChain", "VMStackState", "VMGcKind", "UnsafeIntrinsic"):
        declared = module.types[enum]
        assert isinstance(declared, m.PlainEnum | m.TaggedEnum)
        theirs = {
            n.partition("::")[2] for n in numbers[release] if n.startswith(f"{enum}::")
        }
        assert {v.name for v in declared.variants} == theirs, enum


IN_RUST = {
    "pointer": "*mut u8",
    "ptr_u8": "*mut u8",
    "ptr_u16": "*mut u16",
    "ptr_size": "*mut usize",
    "size": "usize",
}
"""What Wasmtime's own functions have for the words of its list, in its `libcalls.rs` and its
`component/libcalls.rs`; other words are the types themselves."""


NUMBERS_AS_POINTERS = {("intern_contref_for_gc_heap", "revision")}
"""Parameters that Wasmtime's list calls pointers and that the schema has as numbers."""


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


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("table", ["VMBuiltinFunctionsArray", "VMComponentBuiltins"])
def test_every_builtin_has_wasmtimes_parameters_in_their_order(
    numbers: dict[str, Column],
    wasmtime: Callable[[str], Layouts],
    table: str,
    release: str,
) -> None:
    column = numbers[release]
    declared = wasmtime(release).module.types[table]
    assert isinstance(declared, m.Functions)
    places = {
        int(place): key.removesuffix("/8")
        for key, place in column.items()
        if key.startswith(f"{table}.") and key.endswith("/8")
    }
    in_order = [places[place] for place in sorted(places)]
    assert in_order == [f"{table}.{slot.name}" for slot in declared.slots]
    for slot, name in zip(declared.slots, in_order, strict=True):
        inside, _, result = column[name].partition("->")
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
        given = [
            "size" if (slot.name, parameter) in NUMBERS_AS_POINTERS else word
            for parameter, word in [*named, ("", result)]
        ]
        assert spelled == [own.get(word, word) for word in given], slot.name
