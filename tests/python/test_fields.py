"""Fields of live records: what reading gives, what writing refuses."""

from __future__ import annotations

import ctypes
import gc
from typing import Any

import pytest

I686 = "i686-unknown-linux-gnu"


def test_numbers_that_do_not_fit_are_refused(everything: Any) -> None:
    everything.flag = 255
    with pytest.raises(OverflowError) as raised:
        everything.flag = 256
    assert str(raised.value) == "256 doesn't fit u8: 0 to 255"
    everything.signed = -(1 << 63)
    with pytest.raises(OverflowError):
        everything.signed = 1 << 63
    with pytest.raises(TypeError):
        everything.flag = 1.5


def test_a_name_that_is_no_field_is_refused(everything: Any) -> None:
    with pytest.raises(AttributeError) as raised:
        everything.flagg = 1
    assert str(raised.value) == "VMEverything has no field flagg, did you mean flag?"


def test_read_only_fields_are_set_when_made_and_stored_on_purpose(
    vm: Any, small: Any
) -> None:
    memory = small.VMMemory(base=8, length=3)
    with pytest.raises(AttributeError) as raised:
        memory.length = 4
    assert str(raised.value) == "VMMemory.length is read-only: use store"
    vm.store(memory, "length", 4)
    assert memory.length == 4


def test_plain_enums_read_as_members_and_unknown_ones_as_numbers(
    small: Any, everything: Any
) -> None:
    everything.state = small.VMState.Lost
    assert everything.state is small.VMState.Lost
    everything.state = 7
    assert (everything.state, type(everything.state)) == (7, int)
    assert "state=7" in repr(everything)


def test_a_tagged_enum_gives_the_payload_of_its_tag(
    vm: Any, small: Any, everything: Any
) -> None:
    event = everything.event
    event.tag = small.VMEvent.Tag.Number
    event.payload.Number = -9
    assert (event.value, repr(event)) == (
        -9,
        "VMEvent(tag=<Tag.Number: 4>, value=-9)",
    )
    event.tag = small.VMEvent.Tag.Nothing
    assert event.value is None
    event.tag = 99
    assert (event.tag, repr(event)) == (99, "VMEvent(tag=99, value=unknown)")
    with pytest.raises(vm.UnknownVariant, match="VMEvent has no variant with tag 99"):
        _ = event.value


def test_128_bit_fields_are_ints(everything: Any) -> None:
    everything.wide.wide = (1 << 128) - 2
    everything.wide.last = -1
    assert (everything.wide.wide, everything.wide.last) == ((1 << 128) - 2, -1)


def test_little_endian_words_are_little_endian_in_memory(everything: Any) -> None:
    everything.little = 0x0102030405060708
    everything.words = [0x0102, 3, 4]
    kind = type(everything)
    raw = bytes(everything)
    assert raw[kind.little.offset :][:8] == bytes(range(8, 0, -1))
    assert raw[kind.words.offset :][:2] == b"\x02\x01"
    assert (everything.little, list(everything.words)) == (
        0x0102030405060708,
        [0x0102, 3, 4],
    )


def test_arrays_are_assigned_whole_or_in_part(vm: Any, everything: Any) -> None:
    everything.cell.storage = bytes(range(16))
    everything.cell.storage[1:3] = b"\xff\xfe"
    assert bytes(everything.cell.storage)[:4] == b"\x00\xff\xfe\x03"
    everything.nested = [[1, 2], [3, 4]]
    assert [list(row) for row in everything.nested] == [[1, 2], [3, 4]]
    for wrong in (bytes(15), bytes(17)):
        with pytest.raises(ValueError, match=r"values for \[u8; 16\]"):
            everything.cell.storage = wrong
    with pytest.raises(ValueError, match="1 values for 2 elements"):
        everything.cell.storage[0:2] = [1]
    with pytest.raises(IndexError, match="index 16 is outside of 16 elements"):
        everything.cell.storage[16] = 1


def test_records_are_assigned_from_records_and_mappings(
    small: Any, everything: Any
) -> None:
    everything.memories[0] = {"base": 0x10, "length": 4}
    everything.memories[1] = everything.memories[0]
    snapshot = small.VMMemory.read(
        small.VMMemory.pack({"base": 3, "length": 5}, I686), I686
    )
    everything.memories[0] = snapshot
    assert [m.length for m in everything.memories] == [5, 4]


def test_a_newtype_reads_as_what_is_inside(
    vm: Any, small: Any, everything: Any
) -> None:
    assert everything.handle is None
    everything.handle = 0x1234
    assert everything.handle.pointee is small.VMCode
    cell = vm.VmPtr(
        ctypes.addressof(everything) + type(everything).handle.offset,
        small.VMHandle,
    )
    assert cell.deref().value == 0x1234
    index = vm.VmPtr(
        ctypes.addressof(everything) + type(everything).index.offset, small.VMIndex
    )
    index.deref().value = 77
    assert (everything.index, isinstance(index.deref(), vm.u32)) == (77, True)


def test_foreign_bytes_are_bytes(vm: Any, everything: Any) -> None:
    everything.elsewhere.storage = bytes(range(24))
    assert bytes(everything.elsewhere.storage) == bytes(range(24))
    assert vm.size_of(type(everything.elsewhere), I686) == 12


def test_fixed_values_are_there_from_the_start(small: Any, vm: Any) -> None:
    assert small.VMThing._vm.fixed.cls().magic == small.MAGIC


def test_a_record_in_a_record_keeps_the_whole_alive(vm: Any, small: Any) -> None:
    whole = vm.allocate(small.VMEverything)
    cell = whole.cell
    row = whole.memories
    del whole
    gc.collect()
    cell.storage[0] = 1
    row[0].base = 5
    assert (cell.storage[0], row[0].base) == (1, 5)


def test_class_attributes_tell_offset_and_size_as_ctypes_does(small: Any) -> None:
    assert (small.VMMemory.base.offset, small.VMMemory.base.size) == (0, 8)
    assert (small.VMMemory.length.offset, small.VMMemory.length.size) == (8, 8)


def test_what_a_schema_has_to_allow_reads_as_python_has_it(allowed: Any) -> None:
    floats = allowed.Floats(thin=1.5, wide=-2.25)
    assert (floats.thin, floats.wide) == (1.5, -2.25)
    flags = allowed.Primitives(flag=True, letter=ord("x"))
    assert (flags.flag, flags.letter) == (True, 120)
    numbers = allowed.NonZeros(byte=1, half=-1, octa=1 << 100, quad=9, size=3)
    assert (numbers.maybe, numbers.octa, numbers.half) == (None, 1 << 100, -1)
    with pytest.raises(ValueError, match="NonZeroU8 is never zero"):
        numbers.byte = 0
    atomics = allowed.Atomics(flag=True, quad=5)
    assert (atomics.flag, atomics.quad) == (True, 5)
    pointers = allowed.Pointers()
    assert (pointers.raw, pointers.maybe, list(pointers.row)) == (
        None,
        None,
        [None, None],
    )
