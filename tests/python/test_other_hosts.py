"""The modules prove themselves on a 32-bit and on a big-endian Python too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.python.generated import job_of, module
from tests.python.leaves import RECORDS
from tests.python.other_hosts import run_on_s390x, run_on_wasm32

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTS = {
    "wasm32-unknown-emscripten": run_on_wasm32,
    "s390x-unknown-linux-gnu": run_on_s390x,
}

SIZES = """\
import ctypes, vmgen_runtime as vm
vm.set_host({target!r})
import torture, torture_waived
for module in (torture, torture_waived):
    for name, cls in vars(module).items():
        if isinstance(cls, type) and issubclass(cls, vm.Record) and "_vm" in vars(cls):
            print(module.__name__, name, ctypes.sizeof(cls), vm.align_of(cls))
"""

VALUES = """\
import ctypes, vmgen_runtime as vm
import wasmtime42 as w
raw = w.ValRaw(i32=-2)
print(bytes(raw)[:8].hex(), raw.i64)
memory = w.VMMemoryDefinition(base=0x1234, current_length=0x56789A)
print(bytes(memory).hex(), memory.base, memory.current_length)
cell = vm.allocate(w.VMGlobalDefinition, storage=bytes(range(16)))
print(vm.address_of(cell) % 16, vm.address_of(cell).cast(vm.u32).deref().value)
print(w.VMMemoryDefinition.pack(memory, "i686-unknown-linux-gnu").hex())
print(w.VMContextOffsets(num_escaped_funcs=1, num_defined_tags=3).func_refs[0])
try:
    vm.store(memory, "current_length", 1 << 32)
except OverflowError as error:
    print(error)
"""


@pytest.mark.parametrize("target", HOSTS)
def test_every_record_has_the_engines_size_there(folder: Path, target: str) -> None:
    run: Callable[[Path, str], list[str]] = HOSTS[target]
    expected = []
    for name in ("torture", "torture_waived"):
        layouts = job_of(module(name)).layouts
        for type_name in layouts.module.types:
            declared = layouts.module.types[type_name]
            if isinstance(declared, RECORDS):
                row = layouts.record(type_name, layouts.class_of(target))
                expected.append(f"{name} {type_name} {row.size} {row.align}")
    lines = run(folder, SIZES.format(target=target))
    assert len(expected) > 40
    assert [line for line in lines if line in set(expected)] == expected


def test_values_are_right_in_32_bits(folder: Path) -> None:
    assert run_on_wasm32(folder, VALUES) == [
        "feffffff00000000 4294967294",
        "341200009a785600 VmPtr<u8>(0x1234) 5666970",
        "0 50462976",
        "341200009a785600",
        "44",
        "4294967296 doesn't fit AtomicUsize: 0 to 4294967295",
    ]


def test_values_are_right_in_big_endian(folder: Path) -> None:
    assert run_on_s390x(folder, VALUES) == [
        "feffffff00000000 4294967294",
        "0000000000001234000000000056789a VmPtr<u8>(0x1234) 5666970",
        "0 66051",
        "341200009a785600",
        "60",
    ]
