"""The modules prove themselves on 32-bit and on big-endian Pythons too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.python.generated import job_of, module, write
from tests.python.leaves import RECORDS
from tests.python.other_hosts import run_on_i686, run_on_s390x, run_on_wasm32
from tests.support import module_of
from vmgen.schema.types import ATOMIC_OF, INT_BITS, Atomic, Int, Named, Type

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTS: dict[str, Callable[[Path, str], list[str]]] = {
    "wasm32-unknown-emscripten": run_on_wasm32,
    "i686-unknown-linux-gnu": run_on_i686,
    "s390x-unknown-linux-gnu": run_on_s390x,
}

SIZES = """\
import ctypes, vmgen_runtime as vm
vm.set_host({target!r})
import torture, torture_allowed
for module in (torture, torture_allowed):
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
    run = HOSTS[target]
    expected = []
    for name in ("torture", "torture_allowed"):
        layouts = job_of(module(name)).layouts
        for type_name in layouts.module.types:
            declared = layouts.module.types[type_name]
            if isinstance(declared, RECORDS):
                row = layouts.record(type_name, layouts.class_of(target))
                expected.append(f"{name} {type_name} {row.size} {row.align}")
    lines = run(folder, SIZES.format(target=target))
    assert len(expected) > 40
    assert sorted(set(lines) & set(expected)) == sorted(expected)


WORDS = """\
vmgen: 1
module: words
types:
  Wide: {kind: newtype, of: u128}
  Signed: {kind: newtype, of: i128}
  Counter: {kind: newtype, of: AtomicU64}
  Holder: {kind: struct, fields: {flag: u8, wide: Wide, byte: u8, counter: Counter}}
"""

NESTED = """\
import ctypes, vmgen_runtime as vm
vm.set_host({target!r})
import words
names = {names!r}
for name in names:
    cls = getattr(vm, name, None) or getattr(words, name)
    for inner, count in ((cls, 1), (cls * 3, 3)):
        class Outer(ctypes.Structure):
            _fields_ = [("a", ctypes.c_uint8), ("inner", inner), ("b", ctypes.c_uint8)]
        size = vm.size_of(cls)
        assert Outer.b.offset == Outer.inner.offset + count * size, name
        print(name, Outer.inner.offset)
"""


@pytest.mark.parametrize("target", HOSTS)
def test_words_in_a_structure_of_the_users_land_where_they_must(
    tmp_path: Path, target: str
) -> None:
    """Those too that ctypes doesn't have, or aligns to less than compilers do."""
    made = module_of(tmp_path, WORDS)
    layouts = job_of(made).layouts
    types: list[Type] = [Int(name) for name in INT_BITS]
    types += [Atomic(name) for name in ATOMIC_OF if name != "AtomicBool"]
    types += [Named(name) for name in made.types]
    where = layouts.class_of(target)
    expected = [f"{type} {layouts.extent(type, where)[1]}" for type in types]
    write(tmp_path, made)
    program = NESTED.format(target=target, names=list(map(str, types)))
    lines = HOSTS[target](tmp_path, program)
    assert lines == [line for line in expected for _ in range(2)]


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
