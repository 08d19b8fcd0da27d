"""Offsets and views of contexts, held against the engine's for many counts."""

from __future__ import annotations

import ctypes
import gc
import random
import sys
from typing import TYPE_CHECKING

import pytest

from tests.python.generated import import_from, job_of, module
from tests.python.leaves import Leaf, Leaves
from tests.support import proving
from vmgen.languages.python import names
from vmgen.layout.expr import OffsetOverflow
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from vmgen.languages.job import Job
    from vmgen.layout.contexts import ContextLayout
    from vmgen.schema.model import ModelTarget

CONTEXTS = [
    ("everything", "VMThing"),
    ("torture", "SmallContext"),
    ("torture", "NaturalContext"),
    ("torture", "RoundedContext"),
    ("wasmtime42", "VMContext"),
    ("wasmtime42", "VMComponentContext"),
]


@pytest.fixture(params=CONTEXTS, ids=lambda pair: pair[1])
def case(request: pytest.FixtureRequest, package: Path) -> Case:
    return Case(package, *request.param)


class Case:
    """A context, as the schema has it, as Python has it, as the engine lays it out."""

    def __init__(self, package: Path, module_name: str, name: str) -> None:
        self.name = name
        self.job: Job = job_of(module(module_name))
        declared = self.job.module.types[name]
        assert isinstance(declared, m.Context)
        self.declared: m.Context = declared
        self.python: ModuleType = import_from(package, module_name)
        self.runtime: ModuleType = import_from(package, "vmgen_runtime")
        self.view = getattr(self.python, name)
        self.offsets = getattr(self.python, f"{name}Offsets")

    def targets(self) -> list[tuple[ModelTarget, ContextLayout]]:
        """A target per layout class and byte order, with the engine's layout."""
        found = {}
        for target in self.job.module.targets:
            index = self.job.layouts.class_of(target.name).index
            layout = self.job.contexts[self.name][index]
            found.setdefault((index, target.model.endian), (target, layout))
        return list(found.values())

    def attribute(self, name: str) -> str:
        return names.attribute(name, names.CONTEXT)

    def leaves(
        self, target: str, layout: ContextLayout, counts: dict[str, int]
    ) -> Iterator[Leaf]:
        """Every word of the context with these counts."""
        layout_class = self.job.layouts.class_of(target)
        leaves = Leaves(self.job.layouts, layout_class)
        for field, offset in zip(
            self.declared.fields, layout.fixed.offsets, strict=True
        ):
            path = (self.attribute(field.name),)
            yield from leaves.of_type(
                field.type, path, offset, field.endian == "little"
            )
        for region, placed in zip(self.declared.regions, layout.regions, strict=True):
            begin = placed.begin(counts)
            for index in range(placed.length(counts)):
                path = (self.attribute(region.name), index)
                at = begin + index * placed.stride
                whole = path[:1] if region.count is None else path
                yield from leaves.of_type(region.element, whole, at)

    def vectors(self, number: int, most: int) -> Iterator[dict[str, int]]:
        """Random counts, each often zero."""
        chance = random.Random(f"{self.name}{number}{most}")
        yield {}
        for _ in range(number):
            yield {
                count.name: chance.choice(
                    [0, 1] if count.flag else [0, 1, 2, 3, chance.randint(0, most)]
                )
                for count in self.declared.counts
            }


def test_offsets_are_the_engines_for_any_counts(case: Case) -> None:
    for target, layout in case.targets():
        for most in (5, 1000, 0xFFFF_FFFF):
            for counts in case.vectors(3000 if proving() else 150, most):
                try:
                    size = layout.total(counts)
                except OffsetOverflow:
                    with pytest.raises(OverflowError):
                        case.offsets(target.name, **counts)
                    continue
                offsets = case.offsets(target.name, **counts)
                assert offsets.size == size
                walked = [
                    (r.name, r.begin, len(r), r.stride) for r in offsets.regions()
                ]
                assert walked == [
                    (
                        case.attribute(r.name),
                        r.begin(counts),
                        r.length(counts),
                        r.stride,
                    )
                    for r in layout.regions
                ]
        for field, offset in zip(
            case.declared.fields, layout.fixed.offsets, strict=True
        ):
            assert (
                getattr(case.offsets(target.name), case.attribute(field.name)) == offset
            )


def test_elements_are_a_stride_apart_and_checked(case: Case) -> None:
    counts = {c.name: 1 if c.flag else 3 for c in case.declared.counts}
    offsets = case.offsets(**counts)
    for region in offsets.regions():
        assert list(region) == [
            region.begin + index * region.stride for index in range(len(region))
        ]
        assert region[-1] == region.end - region.stride
        for wrong in (len(region), -len(region) - 1):
            with pytest.raises(IndexError) as raised:
                region[wrong]
            assert str(raised.value) == (
                f"{region.name}[{wrong}] is outside of {len(region)} elements"
            )


def test_every_word_is_read_out_of_bytes_and_packed_again(case: Case) -> None:
    for target, layout in case.targets():
        for counts in case.vectors(4, 5):
            size = layout.total(counts)
            data = bytes((11 * i + 3) % 251 + 1 for i in range(size))
            view = case.view.read(b"xyz" + data, target.name, counts, 3)
            covered = bytearray(size)
            for leaf in case.leaves(target.name, layout, counts):
                expected = leaf.expected(data, target.model.endian)
                assert leaf.value(view) == expected, (target.name, leaf)
                covered[leaf.offset : leaf.offset + leaf.size] = b"\1" * leaf.size
            packed = case.view.pack(view, target.name, counts)
            assert len(packed) == size
            assert bytes(
                a & -c & 255 for a, c in zip(packed, covered, strict=True)
            ) == bytes(a & -c & 255 for a, c in zip(data, covered, strict=True))


def test_every_word_is_read_live(case: Case) -> None:
    target, layout = case.targets()[0]
    assert case.view._vm.targets.model(None) is case.view._vm.targets.model(target.name)
    for counts in case.vectors(4, 5):
        size = layout.total(counts)
        data = bytes((13 * i + 5) % 251 + 1 for i in range(size))
        memory = ctypes.create_string_buffer(size + 64)
        address = ctypes.addressof(memory) + (-ctypes.addressof(memory) & 63)
        ctypes.memmove(address, data, size)
        view = case.view.at(address, counts, memory)
        for leaf in case.leaves(target.name, layout, counts):
            assert leaf.value(view) == leaf.expected(data, target.model.endian), leaf


@pytest.fixture
def thing(package: Path) -> Case:
    return Case(package, "everything", "VMThing")


def aligned(size: int) -> tuple[object, int]:
    """Zeroed memory and an address in it that is a multiple of 64."""
    memory = ctypes.create_string_buffer(size + 64)
    return memory, ctypes.addressof(memory) + (-ctypes.addressof(memory) & 63)


def test_a_count_that_is_no_count_is_refused(thing: Case) -> None:
    with pytest.raises(TypeError) as raised:
        thing.view.read(bytes(999), None, {"num_memory": 1})
    assert str(raised.value) == (
        "VMThing has no count num_memory, did you mean num_memories?"
    )


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"num_memories": -1}, "num_memories = -1 is not in 0 to 4294967295"),
        (
            {"num_indices": 1 << 32},
            "num_indices = 4294967296 is not in 0 to 4294967295",
        ),
        ({"has_extra": 2}, "has_extra = 2 is not in 0 to 1"),
        ({"num_indices": 0x3FFF_FFF0}, "a VMThing of 4294967312 bytes overflows a u32"),
    ],
)
def test_counts_that_overflow_are_refused(
    thing: Case, counts: dict[str, int], message: str
) -> None:
    with pytest.raises(OverflowError) as raised:
        thing.offsets("i686-unknown-linux-gnu", **counts)
    assert str(raised.value) == message


def test_offsets_of_another_data_model_are_refused(thing: Case) -> None:
    memory, address = aligned(1000)
    foreign = thing.offsets("i686-unknown-linux-gnu", num_memories=1)
    with pytest.raises(
        ValueError, match="VMThingOffsets of le32-u64a4-f64a4-atomic64 are"
    ):
        thing.view.at(address, foreign, memory)
    assert (
        len(thing.view.at(address, thing.offsets(num_memories=1), memory).memories) == 1
    )


def test_an_address_that_no_context_can_have_is_refused(thing: Case) -> None:
    memory, address = aligned(1000)
    with pytest.raises(ValueError, match="a VMThing is at a multiple of 16, 0x"):
        thing.view.at(address + 8, {}, memory)
    with pytest.raises(thing.runtime.NullPointer):
        thing.view.at(0, {})


def test_without_counts_the_fixed_fields_can_be_looked_at(thing: Case) -> None:
    memory, address = aligned(1000)
    view = thing.view.at(address, keepalive=memory)
    view.magic = thing.python.MAGIC
    assert view.magic == 0x31786D76
    with pytest.raises(TypeError) as raised:
        _ = view.memories
    assert str(raised.value) == "VMThing.memories needs the counts"
    pointer = thing.runtime.VmPtr(address, thing.view)
    assert pointer.deref().magic == 0x31786D76
    assert pointer.follow(ctypes.string_at).magic == 0x31786D76


def test_a_flagged_record_is_there_when_its_flag_is_set(thing: Case) -> None:
    memory, address = aligned(1000)
    assert thing.view.at(address, {}, memory).extra is None
    view = thing.view.at(address, {"has_extra": 1}, memory)
    thing.runtime.store(view.extra, "length", 7)
    assert view.extra.length == 7
    assert (
        thing.runtime.address_of(view.extra)
        == address + thing.offsets(has_extra=True).extra[0]
    )


def test_what_is_written_to_a_live_view_is_in_memory(thing: Case) -> None:
    memory, address = aligned(1000)
    view = thing.view.at(address, {"num_indices": 4, "num_memories": 1}, memory)
    view.indices[2] = 0xAABBCCDD
    view.indices[0:2] = [1, 2]
    offsets = thing.offsets(num_indices=4, num_memories=1)
    assert ctypes.string_at(address + offsets.indices[2], 4) == b"\xdd\xcc\xbb\xaa"
    assert list(view.indices) == [1, 2, 0xAABBCCDD, 0]
    view.memories[0].base = thing.runtime.VmPtr(address, thing.runtime.u8)
    assert view.memories[0].base == address
    with pytest.raises(AttributeError) as raised:
        view.owner = None
    assert str(raised.value) == "VMThing.owner is read-only: use store"
    thing.runtime.store(view, "owner", address)
    assert view.owner == address


def test_a_region_keeps_what_it_was_told_to_keep(thing: Case) -> None:
    memory, address = aligned(1000)
    before = sys.getrefcount(memory)
    record = thing.view.at(address, {"num_memories": 2}, memory).memories[0:1][0]
    assert sys.getrefcount(memory) > before
    del record
    gc.collect()
    assert sys.getrefcount(memory) == before


def test_a_context_is_packed_from_a_mapping(thing: Case) -> None:
    target = "s390x-unknown-linux-gnu"
    counts = {"num_memories": 1, "num_indices": 2, "has_extra": 1}
    event = {"tag": thing.python.VMEvent.Tag.Number, "payload": {"Number": -5}}
    memory = {"base": 0x1000, "length": 9}
    data = thing.view.pack(
        {
            "owner": None,
            "memories": [memory],
            "indices": [5, 6],
            "links": [0x2000],
            "cells": [{"storage": bytes(16)}] * 2,
            "last": event,
            "extra": memory,
        },
        target,
        counts,
    )
    view = thing.view.read(data, target, counts)
    assert view.magic == thing.python.MAGIC
    assert data[:4] == b"1xmv"
    assert (view.owner, list(view.indices), view.links[0]) == (None, [5, 6], 0x2000)
    assert (view.last.value, view.extra.length) == (-5, 9)
    image = bytearray(len(data) + 8)
    thing.view.write(image, view, target, counts, 8)
    assert image[8:] == data
    with pytest.raises(ValueError, match="indices needs 2 elements"):
        thing.view.pack({"owner": None, "memories": [memory]}, target, counts)
