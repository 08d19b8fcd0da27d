"""The context of a component, which no call of the C API leads to.

It is found by what only it has: the component magic, the address of the store's
record that a core instance in the same store also has, and func refs that point back
to the very address they were found at.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.live.regions import defined

if TYPE_CHECKING:
    from collections.abc import Iterator


PAGE = 65_536

COMPONENT = """(component
    (import "log" (func $log (param "x" string) (result u32)))
    (core module $M (memory (export "memory") 3)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64)))
    (core instance $m (instantiate $M))
    (core func $lowered
        (canon lower (func $log) MEMORY
            REALLOC))
    (core module $N
        (import "host" "log" (func $log (param i32 i32) (result i32)))
        (func (export "done") (param i32))
        (func (export "run") (result i32) (call $log (i32.const 0) (i32.const 5))))
    (core instance $n
        (instantiate $N (with "host" (instance (export "log" (func $lowered))))))
    (func (export "run") (result u32)
        (canon lift (core func $n "run") POST_RETURN)))"""


OPTIONS = {
    "MEMORY": '(memory $m "memory")',
    "REALLOC": '(realloc (func $m "realloc"))',
    "POST_RETURN": '(post-return (func $n "done"))',
}
OPTIONS_SINCE_50 = {
    "MEMORY": '(memory (core memory $m "memory"))',
    "REALLOC": '(realloc (core func $m "realloc"))',
    "POST_RETURN": '(post-return (core func $n "done"))',
}
"""The text format has other words for what a component takes of an instance."""


def component_text(series: int) -> str:
    text = COMPONENT
    for word, option in (OPTIONS_SINCE_50 if series >= 50 else OPTIONS).items():
        text = text.replace(word, option)
    return text


def words_in_memory(word: bytes, align: int) -> Iterator[int]:
    """Addresses, multiples of `align`, where this process has `word` in memory."""
    with open("/proc/self/maps") as maps:
        mapped = re.findall(
            r"^(\w+)-(\w+) rw\S+ \S+ \S+ \S+ *(\S*)$", maps.read(), re.M
        )
    with open("/proc/self/mem", "rb", buffering=0) as memory:
        for low, high, name in mapped:
            start, size = int(low, 16), int(high, 16) - int(low, 16)
            if name.startswith(("[v", "[stack")) or size > 1 << 28:
                continue
            memory.seek(start)
            data = memory.read(size)
            at = data.find(word)
            while at >= 0:
                if (start + at) % align == 0:
                    yield start + at
                at = data.find(word, at + 1)


def word_at(address: int) -> int:
    from vmgen_runtime import VmPtr, usize

    return VmPtr(address, usize).deref().value


def self_reference(vm, offsets) -> int:
    """Offset of the context that the first trampoline's func ref is bound to."""
    from vmgen_runtime import offset_of

    return offsets.trampoline_func_refs[0] + offset_of(vm.VMFuncRef, "vmctx")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/mem")
def test_a_components_context_is_laid_out_as_generated(vm, live) -> None:
    from vmgen_runtime import address_of, i32
    from wasmtime import component

    run = live()
    run.add("beside", '(module (func (export "f")))')
    store = run.context("beside", "f").store_context
    linker = component.Linker(run.engine)
    with linker.root() as root:
        root.add_func("log", lambda _store, text: len(text))
    made = linker.instantiate(
        run.store, component.Component(run.engine, component_text(run.series))
    )
    called = made.get_func(run.store, "run")
    assert called is not None
    assert called(run.store) == 5

    counts = {
        "num_runtime_component_instances": 1,
        "num_trampolines": 1,
        "num_lowerings": 1,
        "num_runtime_memories": 1,
        "num_runtime_reallocs": 1,
        "num_runtime_post_returns": 1,
    }
    magic = vm.VMCOMPONENT_MAGIC.to_bytes(4, sys.byteorder)
    offsets = vm.VMComponentContextOffsets(**counts)
    # Both names are others since Wasmtime 49 and 47.
    store_context = getattr(offsets, "store_context", None) or offsets.vm_store_context
    (address,) = (
        address
        for address in words_in_memory(magic, align=16)
        if word_at(address + store_context) == store
        and word_at(address + self_reference(vm, offsets)) == address
    )
    vmctx = vm.VMComponentContext.at(address, offsets, keepalive=run.store)

    region = "may_leave" if hasattr(vmctx, "may_leave") else "flags"
    may_leave = address_of(getattr(vmctx, region)[0]).cast(i32).deref()
    assert may_leave.value & getattr(vm, "FLAG_MAY_LEAVE", 1)
    assert vmctx.memories[0].deref().current_length == 3 * PAGE
    realloc, done = vmctx.reallocs[0].deref(), vmctx.post_returns[0].deref()
    assert realloc.vmctx != done.vmctx
    for function in (realloc, done):
        assert function.vmctx.deref().magic == vm.VMCONTEXT_MAGIC
    owner = vm.VMContext.at(
        realloc.vmctx, {"num_defined_memories": 1, "num_owned_memories": 1}
    )
    assert vmctx.memories[0] == defined(owner, "memories")[0]
    importer = vm.VMContext.at(done.vmctx, {"num_imported_functions": 1})
    imported = importer.imported_functions[0]
    assert imported.vmctx == address_of(vmctx)
    assert imported.wasm_call == vmctx.trampoline_func_refs[0].wasm_call
