"""Records and regions as arrays of numpy: where each word is, on every data model."""

from __future__ import annotations

import ctypes
import gc
import mmap
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from tests.python.generated import SCHEMAS, import_from, job_of, module, run
from tests.python.leaves import RECORDS, Leaf, Leaves
from tests.python.test_readers import distinct_bytes, one_target_per_model
from tests.support import missing

if TYPE_CHECKING:
    from pathlib import Path

numpy: Any = None


@pytest.fixture(autouse=True)
def _numpy() -> None:
    global numpy
    if find_spec("numpy") is None:
        missing("numpy is not installed")
    numpy = import_module("numpy")


I686 = "i686-unknown-linux-gnu"
S390X = "s390x-unknown-linux-gnu"


def number(array: Any, leaf: Leaf, order: str) -> object:
    """What numpy has for a word of an element."""
    for step in leaf.path:
        array = array[step]
    if array.dtype.kind == "V":
        return leaf.expected(b"\0" * leaf.offset + array.tobytes(), order)
    return bool(array) if leaf.kind == "bool" else int(array)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_word_is_where_the_engine_says_it_is(name: str, package: Path) -> None:
    python = import_from(package, name)
    layouts = job_of(module(name)).layouts
    checked = 0
    for target in one_target_per_model(layouts):
        leaves = Leaves(layouts, layouts.class_of(target.name), target)
        order = target.model.endian
        for type_name, declared in layouts.module.types.items():
            if not isinstance(declared, RECORDS):
                continue
            dtype = getattr(python, type_name).dtype(target.name)
            size = leaves.size(type_name)
            assert dtype.itemsize == size
            data = distinct_bytes(3 * size)
            second = numpy.frombuffer(data, dtype, 3)[1] if size else None
            for leaf in leaves.of(type_name):
                found = number(second, leaf, order)
                expected = leaf.expected(data[size : 2 * size], order)
                assert found == expected, (target.name, type_name, leaf)
                checked += 1
    assert checked > 100


def test_numpy_lays_out_as_ctypes_does_on_this_host(package: Path) -> None:
    python = import_from(package, "wasmtime42")
    for record in python.VMFuncRef, python.VMStoreContext, python.VMStackChain:
        dtype = record.dtype()
        assert dtype.itemsize == ctypes.sizeof(record)
        for name in dtype.names:
            assert dtype.fields[name][1] == getattr(record, name).offset, name


def test_a_dtype_says_names_formats_offsets_and_size(small: Any) -> None:
    assert small.VMMemory.dtype(S390X) == numpy.dtype(
        {"names": ["base", "length"], "formats": [">u8", ">u8"], "itemsize": 16}
    )
    assert small.VMMemory.dtype(I686)["length"].str == "<u4"


def test_an_unknown_target_has_no_dtype(vm: Any, small: Any) -> None:
    with pytest.raises(vm.UnknownTarget, match="did you mean i686-unknown-linux-gnu"):
        small.VMMemory.dtype("i686-unknown-linux-musl")


def test_a_row_of_live_records_is_shared(vm: Any, small: Any) -> None:
    row = vm.allocate_array(small.VMMemory, 5)
    array = row.numpy()
    assert (array.shape, array.dtype) == ((5,), small.VMMemory.dtype())
    array["length"] = range(5)
    assert [memory.length for memory in row] == [0, 1, 2, 3, 4]
    vm.store(row[3], "length", 30)
    assert array["length"].sum() == 37
    assert numpy.asarray(row).ctypes.data == row.address
    backwards = row[::-2].numpy()
    assert backwards["length"].tolist() == [4, 2, 0]
    assert row[5:].numpy().tolist() == []
    del row
    gc.collect()
    assert array["length"].tolist() == [0, 1, 2, 30, 4]


def test_a_live_region_is_shared(vm: Any, small: Any) -> None:
    counts = small.VMThingOffsets(num_memories=3, num_indices=2)
    memory = ctypes.create_string_buffer(counts.size + 64)
    address = ctypes.addressof(memory) + (-ctypes.addressof(memory) & 63)
    thing = small.VMThing.at(address, counts, memory)
    memories = thing.memories.numpy()
    memories["length"] = 7, 8, 9
    assert [m.length for m in thing.memories] == [7, 8, 9]
    assert memories.ctypes.data == address + counts.memories.begin
    assert small.VMThing.dtype().names == tuple(
        f.name for f in vm.fields(small.VMThing)
    )


def test_words_that_are_pointed_to_are_shared_and_atomics_not_written(vm: Any) -> None:
    memory = (ctypes.c_uint64 * 4)(1, 2, 3, 4)
    words = vm.VmPtr(ctypes.addressof(memory), vm.u64).array(4).numpy()
    words[0] = 9
    assert (memory[0], words.dtype.str[1:]) == (9, "u8")


def test_an_array_in_another_memory_is_read_at_once(vm: Any, small: Any) -> None:
    data = distinct_bytes(vm.size_of(small.VMEverything, S390X))
    seen = vm.Bytes(data, 0x1000).at(small.VMEverything, 0x1000, target=S390X)
    row = seen.memories.numpy()
    assert row["length"].tolist() == [memory.length for memory in seen.memories]
    assert row.dtype == small.VMMemory.dtype(S390X)
    assert (
        seen.memories[::-1].numpy()["length"].tolist() == row["length"][::-1].tolist()
    )


def test_a_file_that_is_mapped_is_not_copied(small: Any, tmp_path: Path) -> None:
    path = tmp_path / "core"
    data = b"".join(
        small.VMMemory.pack({"base": i + 1, "length": i}, S390X) for i in range(9)
    )
    path.write_bytes(b"head" + data)
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    records = small.VMMemory.read_array(mapped, 9, S390X, 4)
    array = records.numpy()
    assert (array["length"].tolist(), array.flags.writeable) == (list(range(9)), False)
    assert [record.length for record in records[::2]] == [0, 2, 4, 6, 8]
    whole = numpy.frombuffer(mapped, numpy.uint8)
    assert array.ctypes.data == whole.ctypes.data + 4


def test_what_can_be_written_to_is_copied(small: Any) -> None:
    data = bytearray(small.VMMemory.pack({"base": 1, "length": 2}, I686))
    records = small.VMMemory.read_array(data, 1, I686)
    data[4] = 5
    assert records[0].length == records.numpy()["length"][0] == 2


def test_numpy_is_imported_only_when_it_is_asked_for(folder: Path) -> None:
    code = (
        "import sys, everything as e\n"
        "e.VMMemory.read_array(bytes(160), 10)\n"
        "print('numpy' in sys.modules)\n"
        "sys.modules['numpy'] = None\n"
        "try:\n    e.VMMemory.dtype()\n"
        "except ImportError as error:\n    print(error)\n"
    )
    made = run(folder, code)
    assert made.out.splitlines()[0] == "False"
    assert "numpy" in made.out.splitlines()[1]
