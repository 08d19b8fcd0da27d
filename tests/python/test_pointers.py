"""Pointers: typed addresses, in this process and in an image."""

from __future__ import annotations

import ctypes
import pickle
import sys
from typing import Any

import pytest

S390X = "s390x-unknown-linux-gnu"


def test_a_pointer_is_an_int_that_knows_its_pointee(vm: Any, small: Any) -> None:
    pointer = vm.VmPtr(0x1000, small.VMMemory)
    assert (pointer.address, pointer + 8, bool(pointer)) == (0x1000, 0x1008, True)
    assert pointer.pointee is small.VMMemory
    assert pointer.target is None
    assert repr(pointer) == f"{pointer}" == "VmPtr<VMMemory>(0x1000)"
    assert f"{pointer:#x}" == "0x1000"


def test_a_pointer_is_never_null(vm: Any, small: Any) -> None:
    with pytest.raises(vm.NullPointer, match="VmPtr<VMMemory> is never null"):
        vm.VmPtr(0, small.VMMemory)


def test_pointers_to_one_address_are_equal(vm: Any, small: Any) -> None:
    pointer = vm.VmPtr(0x1000, small.VMMemory)
    assert pointer == 0x1000 == pointer.cast(small.VMCell)
    assert {pointer: 1}[0x1000] == 1


def test_a_pointer_reads_as_one_and_null_as_what_the_schema_says(
    vm: Any, everything: Any
) -> None:
    assert everything.from_ is None
    with pytest.raises(vm.NullPointer) as raised:
        _ = everything.calls
    assert str(raised.value) == "VMEverything.calls: VmPtr<VMCalls> is null"


def test_only_an_optional_pointer_takes_null(vm: Any, everything: Any) -> None:
    everything.from_ = vm.address_of(everything)
    assert everything.from_.deref().from_ == everything.from_
    everything.from_ = None
    assert everything.from_ is None
    with pytest.raises(vm.NullPointer) as raised:
        everything.calls = None
    assert str(raised.value) == "VmPtr<VMCalls> is never null"


def test_following_is_live(vm: Any, small: Any) -> None:
    memory = vm.allocate(small.VMMemory, base=0x10, length=1)
    followed = vm.address_of(memory).deref()
    vm.store(memory, "length", 2)
    assert (followed.length, followed.base) == (2, 0x10)


def test_a_pointer_to_a_word_leads_to_a_cell(vm: Any) -> None:
    word = ctypes.c_uint32(7)
    cell = vm.VmPtr(ctypes.addressof(word), vm.u32).deref()
    cell.value = 0xFFFF_FFFF
    assert (word.value, repr(cell)) == (0xFFFF_FFFF, "u32(4294967295)")
    with pytest.raises(OverflowError, match="-1 doesn't fit u32: 0 to 4294967295"):
        cell.value = -1


def test_a_pointer_to_an_atomic_is_read_and_only_stored_on_purpose(vm: Any) -> None:
    word = ctypes.c_uint64(7)
    cell = vm.VmPtr(ctypes.addressof(word), vm.AtomicU64).deref()
    with pytest.raises(AttributeError, match="atomic: use store"):
        cell.value = 8
    vm.store(cell, "value", 8)
    assert cell.value == word.value == 8


@pytest.mark.parametrize("name", ["u128", "i128"])
def test_128_bit_words_are_whole(vm: Any, name: str) -> None:
    memory = ctypes.create_string_buffer(32)
    cell = vm.VmPtr(ctypes.addressof(memory), getattr(vm, name)).deref()
    number = (1 << 126) + 5 if name == "u128" else -(1 << 126) + 5
    cell.value = number
    assert cell.value == number
    assert memory.raw[:16] == number.to_bytes(16, sys.byteorder, signed=name == "i128")
    with pytest.raises(OverflowError):
        cell.value = 1 << 128


def test_what_has_no_body_is_not_followed(vm: Any, small: Any) -> None:
    for pointee in (small.VMCode, vm.unit, vm.Function):
        with pytest.raises(TypeError):
            vm.VmPtr(8, pointee).deref()
        with pytest.raises(TypeError):
            vm.VmPtr(8, pointee).array(1)


def test_a_row_of_words_is_an_array_of_numbers(vm: Any) -> None:
    memory = ctypes.create_string_buffer(b"hello world")
    row = vm.VmPtr(ctypes.addressof(memory), vm.u8).array(11)
    assert (row[4], bytes(row), bytes(row[::2]), len(row[2:4])) == (
        111, b"hello world", b"hlowrd", 2,
    )  # fmt: skip
    row.memory()[0:1] = b"J"
    row[-1] = ord("t")
    assert memory.value == b"Jello worlt"


def test_a_row_of_records_is_an_array_of_records(vm: Any, small: Any) -> None:
    row = vm.allocate_array(small.VMCell, 3)
    again = vm.VmPtr(row.address, small.VMCell).array(3)
    again[1].storage = bytes(range(16))
    assert row[1].storage[15] == 15
    assert [vm.address_of(cell) - row.address for cell in row] == [0, 16, 32]


def test_an_address_of_an_image_is_followed_in_it_alone(vm: Any, small: Any) -> None:
    memory = {
        0x40: small.VMMemory.pack({"base": 0x80, "length": 3}, S390X),
        0x80: b"abc",
    }
    record = small.VMThing.read(
        small.VMThing.pack(
            {"owner": None, "indices": [], "links": [0x40],
             "cells": [{"storage": bytes(16)}] * 2,
             "last": {"tag": 3, "payload": {}}, "extra": None,
             "memories": [{"base": 1, "length": 1}]},
            S390X, {"num_memories": 1},
        ),
        S390X, {"num_memories": 1},
    )  # fmt: skip
    pointer = record.links[0]
    assert repr(pointer) == "VmPtr<VMMemory>(0x40, be64-u128a8)"
    with pytest.raises(TypeError, match="an address in an image: use follow"):
        pointer.deref()
    with pytest.raises(TypeError, match="an address in an image: use follow"):
        small.VMMemory.at(pointer)
    followed = pointer.follow(lambda address, size: memory[address][:size])
    assert followed.length == 3
    letters = followed.base.follow_array(lambda at, size: memory[at][:size], 3)
    assert bytes(letters) == b"abc"
    assert followed.base.follow(lambda at, size: memory[at][:size]) == ord("a")


def test_a_pickled_pointer_is_its_address(vm: Any, small: Any) -> None:
    pointer = vm.VmPtr(0x1000, small.VMMemory)
    other = pickle.loads(pickle.dumps(pointer))
    assert (other, type(other)) == (0x1000, int)
