"""Records out of bytes as objects: their class, its methods, copies, pickles."""

from __future__ import annotations

import copy
import pickle
from functools import cached_property, singledispatch
from typing import Any

import pytest

TARGETS = (None, "i686-unknown-linux-gnu", "s390x-unknown-linux-gnu")


@pytest.fixture(params=TARGETS)
def target(request: pytest.FixtureRequest) -> str | None:
    chosen: str | None = request.param
    return chosen


def memory(small: Any, target: str | None, cls: Any = None) -> Any:
    data = small.VMMemory.pack({"base": 0x1000, "length": 7}, target)
    return (cls or small.VMMemory).read(data, target)


def everything(small: Any, target: str | None) -> Any:
    return small.VMEverything.read(bytes(range(1, 255)) + bytes(300), target)


def test_what_was_read_is_an_instance_of_its_class(
    small: Any, target: str | None
) -> None:
    record = memory(small, target)
    assert isinstance(record, small.VMMemory)
    assert not isinstance(record, small.VMCell)
    assert record.__class__ is small.VMMemory
    whole = everything(small, target)
    assert isinstance(whole.cell, small.VMCell)
    assert isinstance(whole.event.payload, small.VMEvent.Payload)
    assert isinstance(whole.memories[1], small.VMMemory)
    match record:
        case small.VMMemory(length=length):
            assert length == 7
        case _:
            pytest.fail("a class pattern doesn't match")

    @singledispatch
    def told(record: Any) -> str:
        return "other"

    told.register(small.VMMemory, lambda record: "memory")
    assert told(record) == "memory"


class Greets:
    def greet(self) -> str:
        return "mixed in"


def derived(small: Any) -> Any:
    """A class derived from a generated one, as a module has it."""

    class Memory(small.VMMemory, Greets):  # type: ignore[misc]
        UNIT = 65536

        @property
        def pages(self) -> int:
            return int(self.length) // self.UNIT

        @cached_property
        def doubled(self) -> int:
            return 2 * int(self.length)

        @classmethod
        def empty(cls, target: str | None) -> Any:
            return cls.read(bytes(64), target)

        @staticmethod
        def word() -> str:
            return "word"

        def greet(self) -> str:
            return f"{super().greet()}, {self!r}"

        def __len__(self) -> int:
            return int(self.length)

    class Deeper(Memory):
        def greet(self) -> str:
            return f"deeper, {super().greet()}"

    for cls in Memory, Deeper:
        cls.__qualname__ = cls.__name__
        globals()[cls.__name__] = cls
    return Deeper


def test_a_derived_class_keeps_its_methods(small: Any, target: str | None) -> None:
    cls = derived(small)
    record = memory(small, target, cls)
    assert isinstance(record, cls)
    assert isinstance(record, Greets)
    assert (record.pages, record.doubled, record.doubled, len(record)) == (0, 14, 14, 7)
    assert record.word() == "word"
    assert record.empty(target).length == 0
    assert isinstance(record.empty(target), cls)
    assert record.greet().startswith("deeper, mixed in, VMMemory(base=")
    (again,) = cls.read_array(cls.pack(record, target), 1, target)
    assert again == record
    assert record != memory(small, target)


def test_a_derived_class_is_followed_to(small: Any, vm: Any) -> None:
    cls = derived(small)
    record = vm.allocate(cls, base=vm.VmPtr(0x1000, vm.u8), length=3)
    assert type(record) is cls
    pointer = vm.address_of(record)
    assert pointer.pointee is cls
    assert pointer.deref().greet().startswith("deeper, mixed in, VMMemory(base=")
    assert type(pointer.array(1)[0]) is cls
    image = pointer.follow(lambda address, size: bytes(record))
    assert isinstance(image, cls)
    assert len(image) == 3


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, pickle])
def test_copies_and_pickles_are_equal(
    small: Any, target: str | None, again: Any
) -> None:
    cls = derived(small)
    whole = everything(small, target)
    for record in (
        memory(small, target),
        memory(small, target, cls),
        whole,
        whole.value,
        whole.event,
        whole.event.payload,
        whole.memories,
        whole.memories[::-1],
        whole.words,
        whole.nested,
        whole.cell.storage,
    ):
        if again is pickle:
            for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
                made = pickle.loads(pickle.dumps(record, protocol))
                assert made == record
                assert type(made) is type(record)
                assert repr(made) == repr(record)
        else:
            assert again(record) == record
            assert type(again(record)) is type(record)


def test_a_context_and_its_offsets_are_pickled(small: Any, target: str | None) -> None:
    offsets = small.VMThingOffsets(
        target, num_memories=2, num_indices=3, has_extra=True
    )
    again = pickle.loads(pickle.dumps(offsets))
    assert (type(again), again.counts, again.size) == (
        small.VMThingOffsets,
        offsets.counts,
        offsets.size,
    )
    assert again.memories[1] == offsets.memories[1]
    data = bytes(n % 251 for n in range(1, offsets.size + 1))
    context = small.VMThing.read(data, target, offsets)
    made = pickle.loads(pickle.dumps(context))
    assert type(made) is small.VMThing
    assert bytes(made.memories) == bytes(context.memories)
    assert (made.magic, made.extra) == (context.magic, context.extra)
    bare = pickle.loads(pickle.dumps(small.VMThing.read(data, target)))
    assert bare.magic == context.magic
    with pytest.raises(TypeError, match="needs the counts"):
        _ = bare.memories


def test_a_live_context_is_no_number_of_bytes(small: Any, vm: Any) -> None:
    import ctypes

    room = ctypes.create_string_buffer(1024)
    address = -(-ctypes.addressof(room) // 64) * 64
    context = small.VMThing.at(address, {}, room)
    with pytest.raises(TypeError, match="a live VMThing can't be pickled: use pack"):
        pickle.dumps(context)
    copied = copy.copy(context)
    copied.magic = 7
    assert (type(copied), context.magic) == (small.VMThing, 7)
    with pytest.raises(TypeError, match="live memory can't be copied or pickled"):
        pickle.dumps(context.memories)
    assert copy.copy(context.cells).address == context.cells.address


def test_a_record_out_of_bytes_has_no_address(
    small: Any, vm: Any, target: str | None
) -> None:
    record = memory(small, target)
    said = "a VMMemory that was read from bytes has no address"
    with pytest.raises(TypeError, match=said):
        vm.address_of(record)
    with pytest.raises(TypeError, match=said):
        vm.store(record, "length", 1)
    with pytest.raises(AttributeError, match=r"VMMemory\.length: what was read"):
        record.length = 1
    with pytest.raises(AttributeError, match="no field lenght, did you mean length"):
        record.lenght = 1
    live = vm.allocate(small.VMEverything)
    live.memories[0] = memory(small, None)
    assert live.memories[0].length == 7


def test_a_copied_pointer_is_the_pointer(small: Any, vm: Any) -> None:
    pointer = vm.VmPtr(0x1000, small.VMMemory)
    for again in copy.copy(pointer), copy.deepcopy(pointer):
        assert again is pointer
    held = copy.deepcopy({"pointers": [pointer]})["pointers"][0]
    assert (type(held), held.pointee) == (type(pointer), small.VMMemory)
    image = memory(small, "i686-unknown-linux-gnu").base
    assert copy.copy(image).target == image.target


def test_a_pickle_brings_its_module(small: Any, folder: Any) -> None:
    """In a process that has not imported it."""
    from tests.python.generated import run

    code = (
        "import pickle, everything\n"
        "record = everything.VMEverything.read(bytes(range(1, 255)) + bytes(300))\n"
        "print(pickle.dumps((record.memories, record, record.value)))\n"
    )
    made = run(folder, code)
    assert (made.code, made.err) == (0, "")
    read = run(
        folder,
        f"import pickle\nrow, record, value = pickle.loads({made.out.strip()})\n"
        "print(row == record.memories, value == record.value, type(row[0]).__name__)\n",
    )
    assert (read.code, read.out, read.err) == (0, "True True VMMemory\n", "")
