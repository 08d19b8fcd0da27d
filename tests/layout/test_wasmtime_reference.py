"""What is known of Wasmtime 42.0.2's records, as rows, against `vmgen layout`.

The numbers come from reading Wasmtime's sources and from running its offset code by
hand; nothing here computes one. Columns are 64-bit targets (x86-64), 32-bit ones
whose u64 is aligned to 8 (armv7), and i686 Linux, whose u64 is aligned to 4.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from tests.support import ROOT, vmgen

P8 = "x86_64-unknown-linux-gnu"
P4 = "armv7-unknown-linux-gnueabihf"
I686 = "i686-unknown-linux-gnu"
SCHEMA = "schemas/wasmtime.vm.yaml"


@cache
def layout(*counts: str) -> dict[str, dict[str, Any]]:
    """The types on each of the three targets, as the command line prints them."""
    settings = [word for count in counts for word in ("--set", count)]
    targets = [word for t in (P8, P4, I686) for word in ("--target", t)]
    ran = vmgen(
        "layout", SCHEMA, "--version", "42.0.2", *targets, *settings,
        "--format", "json", cwd=ROOT,
    )  # fmt: skip
    assert (ran.code, ran.err) == (0, ""), ran.out
    return {one["target"]: one["types"] for one in json.loads(ran.out)}


# Name; fields with their offsets on P8 and P4; size and alignment on P8 and P4.
RECORDS: list[tuple[str, str, str, str, tuple[int, int], tuple[int, int]]] = [
    ("VMFunctionImport", "wasm_call array_call vmctx",
     "0 8 16", "0 4 8", (24, 8), (12, 4)),
    ("VMTableImport", "from vmctx index", "0 8 16", "0 4 8", (24, 8), (12, 4)),
    ("VMMemoryImport", "from vmctx index", "0 8 16", "0 4 8", (24, 8), (12, 4)),
    ("VMTagImport", "from vmctx index", "0 8 16", "0 4 8", (24, 8), (12, 4)),
    ("VMGlobalImport", "from vmctx kind", "0 8 16", "0 4 8", (24, 8), (16, 4)),
    ("VMGlobalKind", "tag payload", "0 4", "0 4", (8, 4), (8, 4)),
    ("VMMemoryDefinition", "base current_length", "0 8", "0 4", (16, 8), (8, 4)),
    ("VMTableDefinition", "base current_elements", "0 8", "0 4", (16, 8), (8, 4)),
    ("VMGlobalDefinition", "storage", "0", "0", (16, 16), (16, 16)),
    ("VMTagDefinition", "type_index", "0", "0", (4, 4), (4, 4)),
    ("VMFuncRef", "array_call wasm_call type_index vmctx",
     "0 8 16 24", "0 4 8 12", (32, 8), (16, 4)),
    ("VMStoreContext",
     "fuel_consumed epoch_deadline stack_limit gc_heap last_wasm_exit_trampoline_fp "
     "last_wasm_exit_pc last_wasm_entry_sp last_wasm_entry_fp "
     "last_wasm_entry_trap_handler stack_chain store_data async_guard_range",
     "0 8 16 24 40 48 56 64 72 80 96 104",
     "0 8 16 20 28 32 36 40 44 48 56 60", (120, 8), (72, 8)),
    ("ValRaw", "i32 i64 f32 f64 v128 funcref externref anyref exnref",
     "0 0 0 0 0 0 0 0 0", "0 0 0 0 0 0 0 0 0", (16, 8), (16, 8)),
    ("VMLowering", "callee data", "0 8", "0 4", (16, 8), (8, 4)),
    ("VMArrayCallHostFuncContext", "magic func_ref host_state",
     "0 8 40", "0 4 20", (56, 8), (28, 4)),
    ("VMContObj", "contref revision", "0 8", "0 4", (16, 8), (8, 4)),
    ("VMStackLimits", "stack_limit last_wasm_entry_fp",
     "0 8", "0 4", (16, 8), (8, 4)),
    ("VMHostArray", "length capacity data", "0 4 8", "0 4 8", (16, 8), (12, 4)),
    ("VMCommonStackInformation", "limits state handlers first_switch_handler_index",
     "0 16 24 40", "0 8 12 24", (48, 8), (28, 4)),
    ("VMStackChain", "tag payload", "0 8", "0 4", (16, 8), (8, 4)),
    ("VMContinuationStack", "top len allocator",
     "0 8 16", "0 4 8", (24, 8), (12, 4)),
    ("VMContRef",
     "common_stack_information parent_chain last_ancestor revision stack args values",
     "0 48 64 72 80 104 120", "0 28 36 40 44 56 68", (136, 8), (80, 4)),
    ("VMGcHeader", "kind ty", "0 4", "0 4", (8, 8), (8, 8)),
    ("VMDrcHeader", "header ref_count next_over_approximated_stack_root object_size",
     "0 8 16 20", "0 8 16 20", (24, 8), (24, 8)),
    ("VMDrcArrayHeader", "header length", "0 24", "0 24", (32, 8), (32, 8)),
    ("VMDrcExternRef", "header host_data", "0 24", "0 24", (32, 8), (32, 8)),
    ("VMNullArrayHeader", "header length", "0 8", "0 8", (16, 8), (16, 8)),
    ("VMNullExternRef", "header host_data", "0 8", "0 8", (16, 8), (16, 8)),
]  # fmt: skip

# Where i686 Linux has another size and alignment than P4; offsets are the same.
ON_I686 = {"VMStoreContext": (68, 4), "ValRaw": (16, 4)}


@pytest.mark.parametrize("target", [P8, P4, I686])
@pytest.mark.parametrize("row", RECORDS, ids=[row[0] for row in RECORDS])
def test_record(target: str, row: tuple[Any, ...]) -> None:
    name, fields, wide_offsets, narrow_offsets, wide, narrow = row
    described = layout()[target][name]
    offsets = wide_offsets if target == P8 else narrow_offsets
    assert [(f["name"], f["offset"]) for f in described["fields"]] == list(
        zip(fields.split(), map(int, offsets.split()), strict=True)
    )
    expected = wide if target == P8 else narrow
    if target == I686:
        expected = ON_I686.get(name, narrow)
    assert (described["size"], described["align"]) == expected


@pytest.mark.parametrize(
    ("target", "base", "current_length"), [(P8, 24, 32), (P4, 20, 24), (I686, 20, 24)]
)
def test_the_gc_heap_inside_the_store_context(
    target: str, base: int, current_length: int
) -> None:
    types = layout()[target]
    heap = next(f for f in types["VMStoreContext"]["fields"] if f["name"] == "gc_heap")
    inner = {f["name"]: f["offset"] for f in types["VMMemoryDefinition"]["fields"]}
    assert heap["offset"] + inner["base"] == base
    assert heap["offset"] + inner["current_length"] == current_length


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("VMSharedTypeIndex", 4),
        ("DefinedTableIndex", 4),
        ("DefinedMemoryIndex", 4),
        ("DefinedGlobalIndex", 4),
        ("RuntimeComponentInstanceIndex", 4),
        ("VMStackState", 4),
        ("VMGcKind", 4),
        ("VMGcRef", 4),
        ("VMExternRef", 4),
        ("ExternRefHostDataId", 4),
        ("FuncRefTableId", 4),
        ("VMFunctionBody", 1),
    ],
)
def test_leaf(name: str, size: int) -> None:
    for target in (P8, P4, I686):
        described = layout()[target][name]
        assert (described["size"], described["align"]) == (size, size)


@pytest.mark.parametrize(
    ("name", "slots", "known"),
    [
        ("VMBuiltinFunctionsArray", 58, {0: "memory_grow", 15: "out_of_gas",
         16: "new_epoch", 46: "i8x16_swizzle", 50: "trap", 51: "raise",
         57: "breakpoint"}),
        ("VMComponentBuiltins", 66, {0: "resource_new32", 53: "trap",
         54: "utf8_to_utf8", 65: "utf16_to_compact_utf16"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("target", "pointer"), [(P8, 8), (P4, 4), (I686, 4)])
def test_function_table(
    name: str, slots: int, known: dict[int, str], target: str, pointer: int
) -> None:
    described = layout()[target][name]
    assert described["size"] == slots * pointer
    assert [f["offset"] for f in described["fields"]] == [
        index * pointer for index in range(slots)
    ]
    for index, slot in known.items():
        assert described["fields"][index]["name"] == slot


def offsets(described: dict[str, Any]) -> list[int]:
    """The fixed fields' offsets, the regions' and the size, in one list."""
    parts = [*described["fields"], *described["regions"]]
    return [*(part["offset"] for part in parts), described["size"]]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (P8, "0 8 16 24 32 40 "
             "48 96 120 152 272 296 368 392 432 480 492 620"),
        (P4, "0 4 8 12 16 20 "
             "24 48 60 76 136 148 196 208 224 272 284 348"),
        (I686, "0 4 8 12 16 20 "
               "24 48 60 76 136 148 196 208 224 272 284 348"),
    ],
)  # fmt: skip
def test_context_of_a_module(target: str, expected: str) -> None:
    types = layout(
        "num_imported_memories=2",
        "num_defined_memories=3",
        "num_owned_memories=2",
        "num_imported_functions=5",
        "num_imported_tables=1",
        "num_imported_globals=3",
        "num_imported_tags=1",
        "num_defined_tables=2",
        "num_defined_globals=3",
        "num_defined_tags=3",
        "num_escaped_funcs=4",
    )
    assert offsets(types[target]["VMContext"]) == [*map(int, expected.split())]


def test_context_of_an_empty_module() -> None:
    assert offsets(layout()[P8]["VMContext"])[6:] == [48] * 12
    for target in (P4, I686):
        assert offsets(layout()[target]["VMContext"])[6:] == [24] * 8 + [32] * 4


def test_one_tag_puts_the_functions_off_their_alignment() -> None:
    types = layout(
        "num_defined_memories=1",
        "num_owned_memories=1",
        "num_defined_globals=1",
        "num_defined_tags=1",
        "num_escaped_funcs=1",
    )
    context = types[P8]["VMContext"]
    regions = {r["name"]: r for r in context["regions"]}
    assert regions["defined_tags"]["offset"] == 96
    assert regions["func_refs"]["offset"] == 100
    assert regions["func_refs"]["offset"] % regions["func_refs"]["align"] == 4
    assert context["size"] == 132


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (P8, "0 8 16 32 80 96 256 320 384 400 424 440 448 464 488"),
        (P4, "0 4 8 16 64 80 160 192 224 232 244 252 256 264 276"),
        (I686, "0 4 8 16 64 80 160 192 224 232 244 252 256 264 276"),
    ],
)
def test_context_of_a_component(target: str, expected: str) -> None:
    types = layout(
        "num_runtime_component_instances=3",
        "num_trampolines=5",
        "num_unsafe_intrinsics=2",
        "num_lowerings=4",
        "num_runtime_memories=2",
        "num_runtime_tables=1",
        "num_runtime_reallocs=2",
        "num_runtime_callbacks=1",
        "num_runtime_post_returns=2",
        "num_resources=3",
    )
    assert offsets(types[target]["VMComponentContext"]) == [*map(int, expected.split())]
