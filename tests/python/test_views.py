"""Views: records in another memory, read field by field."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from tests.python.cores import core

TARGETS = (
    "x86_64-unknown-linux-gnu",
    "i686-unknown-linux-gnu",
    "s390x-unknown-linux-gnu",
    "powerpc64-unknown-linux-gnu",
    "msp430-none-elf",
)
BASE = 0x4000
THING = 0x6000


@pytest.fixture(params=TARGETS)
def target(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


class Counted:
    """A memory that remembers what was read of it."""

    def __new__(cls, vm: Any, data: bytes, base: int) -> Any:
        class Seen(vm.Bytes):  # type: ignore[misc]
            def read(self, address: int, size: int) -> bytes:
                self.reads.append((address - base, size))
                return bytes(super().read(address, size))

        made = Seen(data, base)
        made.reads = []
        return made


def image(vm: Any, small: Any, target: str) -> Any:
    """A record with every kind of field, and a context that it points to."""
    size = vm.size_of(small.VMEverything, target)
    record = small.VMEverything.read(bytes(range(1, 201)) * 4, target)
    values = {name: getattr(record, name) for name in NAMES}
    values["from_"] = BASE
    values["state"] = small.VMState.Lost
    values["thing"] = THING
    data = small.VMEverything.pack(values, target)
    thing = small.VMThing.pack(
        {
            "magic": small.MAGIC,
            "owner": BASE,
            "memories": [{"base": 7, "length": 9}, {"base": BASE, "length": size}],
            "indices": [3],
            "links": [THING, BASE],
            "cells": [{"storage": bytes(16)}, {"storage": b"cell".ljust(16)}],
            "last": {"tag": 4, "payload": {"Number": -5}},
        },
        target,
        COUNTS,
    )
    return Counted(vm, data.ljust(THING - BASE, b"\0") + thing, BASE), data, thing


COUNTS = {"num_memories": 2, "num_indices": 1}
NAMES = (
    "flag", "index", "handle", "words", "little", "signed", "cell", "wide", "value",
    "event", "calls", "elsewhere", "memories", "tags", "nested",
)  # fmt: skip


def test_a_view_has_what_a_record_read_at_once_has(
    vm: Any, small: Any, target: str
) -> None:
    memory, data, _ = image(vm, small, target)
    view = memory.at(small.VMEverything, BASE, target)
    record = small.VMEverything.read(data, target)
    for name in (*NAMES, "from_", "state", "thing"):
        seen, read = getattr(view, name), getattr(record, name)
        if name in ("elsewhere", "cell"):
            seen, read = bytes(seen.storage), bytes(read.storage)
        elif name == "value":
            seen = [seen.int, bytes(seen.bits), seen.code]
            read = [read.int, bytes(read.bits), read.code]
        elif name == "event":
            seen, read = int(seen.tag), int(read.tag)
        elif name == "wide":
            seen = [seen.first, seen.wide, seen.last]
            read = [read.first, read.wide, read.last]
        elif name == "memories":
            seen = [(m.base, m.length) for m in seen]
            read = [(m.base, m.length) for m in read]
        assert seen == read, name
    assert isinstance(view, small.VMEverything)
    assert isinstance(view.cell, small.VMCell)


def test_only_what_is_asked_for_is_read(vm: Any, small: Any) -> None:
    memory, _, _ = image(vm, small, TARGETS[0])
    view = memory.at(small.VMEverything, BASE, TARGETS[0])
    cell, memories = view.cell, view.memories
    assert memory.reads == []
    assert view.flag == 1
    assert memory.reads == [(0, 1)]
    memory.reads.clear()
    assert len(memories) == 2
    assert memories[1].length
    offset = vm.offset_of(small.VMEverything, "memories", TARGETS[0])
    assert memory.reads == [(offset + 16 + 8, 8)]
    memory.reads.clear()
    bytes(cell.storage)
    assert memory.reads == [(vm.offset_of(small.VMEverything, "cell", TARGETS[0]), 16)]


def test_pointers_lead_on_in_the_same_memory(vm: Any, small: Any, target: str) -> None:
    memory, _, _ = image(vm, small, target)
    view = memory.at(small.VMEverything, BASE, target)
    assert view.from_.deref() == view
    assert view.from_.deref().from_.deref().flag == 1
    thing = view.thing.deref()
    assert isinstance(thing, small.VMThing)
    assert thing.magic == small.MAGIC
    assert thing.owner.deref() == view
    with pytest.raises(TypeError, match=r"VMThing\.memories needs the counts"):
        _ = thing.memories
    assert view.from_.target == view.thing.target
    assert [one.flag for one in view.from_.array(1)] == [1]
    bytewise = view.from_.cast(vm.u8)
    assert bytewise.deref().value == 1
    assert bytes(bytewise.array(3)) == memory.read(BASE, 3)
    assert vm.address_of(view) == view.from_
    assert vm.address_of(view).deref() == view
    assert vm.address_of(thing) == view.thing


def test_a_context_has_its_regions(vm: Any, small: Any, target: str) -> None:
    memory, _, data = image(vm, small, target)
    thing = memory.at(small.VMThing, THING, target, COUNTS)
    read = small.VMThing.read(data, target, COUNTS)
    assert [m.length for m in thing.memories] == [m.length for m in read.memories]
    assert thing.memories[1].base.cast(small.VMEverything).deref().flag == 1
    assert [*thing.indices] == [3]
    assert [*thing.links] == [THING, BASE]
    assert thing.links[0].deref().base == small.MAGIC or target != TARGETS[0]
    assert bytes(thing.cells[1].storage) == b"cell".ljust(16)
    assert thing.last.value == -5
    assert thing.extra is None
    assert repr(thing).startswith("VMThing(magic=")
    with pytest.raises(TypeError, match="VMEverything takes no counts"):
        memory.at(small.VMEverything, BASE, target, COUNTS)


def test_the_machine_of_a_core_tells_the_target(vm: Any, small: Any) -> None:
    little, big = TARGETS[0], "s390x-unknown-linux-gnu"
    data = [small.VMMemory.pack({"base": 16, "length": 77}, t) for t in (little, big)]
    memory = vm.Core(core({BASE: data[0]}))
    assert memory.at(small.VMMemory, BASE).length == 77
    memory = vm.Core(core({BASE: data[1]}, order="big", machine=22))
    with pytest.raises(vm.UnknownTarget) as raised:
        memory.at(small.VMMemory, BASE)
    assert str(raised.value) == (
        "name the target that this memory is of, one of be64-u128a8, be64"
    )
    assert memory.at(small.VMMemory, BASE, big).length == 77
    with pytest.raises(
        vm.UnknownTarget, match="name the target that this memory is of"
    ):
        vm.Bytes(data[0], BASE).at(small.VMMemory, BASE)
    with pytest.raises(vm.UnknownTarget, match="s390y is no target"):
        memory.at(small.VMMemory, BASE, "s390y")


def test_what_cannot_be_read_is_told_when_it_is_read(vm: Any, small: Any) -> None:
    memory, _, _ = image(vm, small, TARGETS[0])
    view = memory.at(small.VMEverything, 0x100, TARGETS[0])
    with pytest.raises(vm.Unmapped, match="0x100: the bytes begin at 0x4000"):
        _ = view.flag
    assert repr(memory.at(small.VMMemory, 0x100, TARGETS[0])) == (
        "VMMemory(base=unmapped, length=unmapped)"
    )
    empty = vm.Bytes(bytes(16), BASE).at(small.VMMemory, BASE, TARGETS[0])
    with pytest.raises(vm.NullPointer, match=r"VMMemory\.base: VmPtr<u8> is null"):
        _ = empty.base


def test_a_view_is_not_written_copied_or_pickled(vm: Any, small: Any) -> None:
    memory, _, _ = image(vm, small, TARGETS[0])
    view = memory.at(small.VMEverything, BASE, TARGETS[0])
    message = "another process's memory isn't written"
    with pytest.raises(AttributeError, match=message):
        view.flag = 2
    with pytest.raises(TypeError, match=message):
        view.memories[0] = view.memories[1]
    assert copy.copy(view) is view
    for thing in view, view.memories, memory.at(small.VMThing, THING, TARGETS[0]):
        with pytest.raises(TypeError, match="pickled"):
            pickle.dumps(thing)
    with pytest.raises(TypeError, match="is in another memory has no address here"):
        vm.store(view, "flag", 2)
