"""Memories: bytes by address, of a buffer, a file, a core, another process."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from tests.python.cores import core

if TYPE_CHECKING:
    from pathlib import Path

BASE = 0x5000


def test_bytes_are_at_their_addresses(vm: Any, tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(b"0123456789")
    for source in b"0123456789", tmp_path / "image":
        with vm.Bytes(source, BASE) as memory:
            assert memory.read(BASE, 4) == b"0123"
            assert memory.read(BASE + 10, 0) == b""
            with pytest.raises(vm.Unmapped) as raised:
                memory.read(BASE + 8, 4)
            assert str(raised.value) == "0x500a: the bytes end at 0x500a"
            assert raised.value.address == BASE + 10
            with pytest.raises(vm.Unmapped, match="the bytes begin at 0x5000"):
                memory.read(BASE - 1, 1)


@pytest.mark.parametrize(
    ("address", "size", "error"),
    [(-1, 1, ValueError), (0, -1, ValueError), (1 << 64, 1, LookupError)],
)
def test_what_is_no_place_is_refused(
    vm: Any, address: int, size: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        vm.Bytes(b"0").read(address, size)


def test_a_length_allocates_no_more_than_there_is(vm: Any) -> None:
    memory = vm.Bytes(b"0", BASE)
    tracemalloc.start()
    with pytest.raises(vm.Unmapped):
        memory.read(BASE, 1 << 60)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1 << 20


AREA = ctypes.create_string_buffer(b"walrus\0carpenter")


def test_a_process_is_read(vm: Any) -> None:
    memory = vm.Process(os.getpid())
    at = ctypes.addressof(AREA)
    assert memory.read(at, 6) == b"walrus"
    assert (memory.pointer, memory.order) == (
        ctypes.sizeof(ctypes.c_void_p),
        sys.byteorder,
    )
    with pytest.raises(vm.Unmapped) as raised:
        memory.read(64, 8)
    assert str(raised.value) == "0x40: nothing is mapped there, or it can't be read"
    assert any(area.start <= at < area.end for area in memory.areas())
    assert any(area.file and area.path.endswith(area.file) for area in memory.areas())


def test_a_process_that_is_none_is_told_from_memory_that_is_none(vm: Any) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with pytest.raises(ProcessLookupError):
        vm.Process(ended.pid)
    for number in -1, 0, os.getpid() + (1 << 32):
        with pytest.raises(ProcessLookupError):
            vm.Process(number)


def test_a_process_may_end_while_it_is_read(vm: Any) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE
    ) as child:
        memory = vm.Process(child.pid)
        child.kill()
        child.wait()
        with pytest.raises(ProcessLookupError):
            memory.read(0x1000, 1)


@pytest.mark.parametrize("pointer", [8, 4])
@pytest.mark.parametrize("order", ["little", "big"])
def test_a_core_is_read(vm: Any, pointer: int, order: str, tmp_path: Path) -> None:
    data = core(
        {0x2000: b"second", 0x1000: b"first"},
        pointer=pointer,
        order=order,
        files=[(0x1000, 0x2000, 3, "/lib/one"), (0x2000, 0x3000, 0, "/lib/two")],
        missing={0x8000: 64},
    )
    (tmp_path / "core").write_bytes(data)
    for source in data, tmp_path / "core":
        memory = vm.Core(source)
        assert (memory.pointer, memory.order, memory.machine) == (pointer, order, 62)
        assert memory.read(0x1001, 4) == b"irst"
        assert memory.read(0x2000, 6) == b"second"
        assert [(a.start, a.end, a.file, a.offset) for a in memory.areas()] == [
            (0x1000, 0x1005, "/lib/one", 3 * 4096),
            (0x2000, 0x2006, "/lib/two", 0),
            (0x8000, 0x8040, "", 0),
        ]
        with pytest.raises(vm.Unmapped, match="0x1005: nothing was mapped there"):
            memory.read(0x1000, 6)
        with pytest.raises(vm.Unmapped, match="was mapped, but isn't in the core file"):
            memory.read(0x8000, 1)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b"\x7fEL", "it is no ELF file"),
        (b"\x28\xb5\x2f\xfd....", "it is compressed with zstd: unpack it first"),
        (core({0: b"x"}, kind=3), "it is an ELF file, but no core file"),
        (core({}), "it has no memory in it"),
        (core({0: b"x"})[:100], "it ends within its program headers"),
        (core({0: b"x"})[:54] + b"\1\0" + core({0: b"x"})[56:], "have 1 bytes each"),
    ],
)
def test_a_file_that_is_no_core_is_refused(vm: Any, data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        vm.Core(data)


def test_a_core_that_was_cut_off_is_read_as_far_as_it_goes(vm: Any) -> None:
    memory = vm.Core(core({0x1000: b"0123456789"})[:-4])
    assert memory.read(0x1000, 6) == b"012345"
    with pytest.raises(vm.Unmapped, match="0x1006: the core file ends before it"):
        memory.read(0x1000, 8)


def test_what_has_no_end_is_not_opened(vm: Any, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in tmp_path / "pipe", "/dev/zero":
        with pytest.raises(ValueError, match="it isn't a regular file"):
            vm.Bytes(path)


def test_patterns_are_found_where_pieces_meet_too(vm: Any) -> None:
    data = bytearray(3 << 20)
    places = [0, 5, (1 << 20) - 2, (2 << 20) - 4, (3 << 20) - 4]
    for place in places:
        data[place : place + 4] = b"core"
    memory = vm.Bytes(bytes(data), BASE)
    assert [*memory.search(b"core")] == [BASE + place for place in places]
    aligned = [BASE + place for place in places if place % 4 == 0]
    assert [*memory.search(b"core", 4)] == aligned
    with pytest.raises(ValueError, match="nothing to look for"):
        next(memory.search(b""))
