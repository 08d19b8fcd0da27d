"""Texts of C: read up to the NUL and the limit, wherever they are."""

from __future__ import annotations

import ctypes
import mmap
from typing import TYPE_CHECKING, Any

import pytest

from tests.python.generated import import_from

if TYPE_CHECKING:
    from pathlib import Path

I686 = "i686-unknown-linux-gnu"


@pytest.fixture
def module(package: Path) -> Any:
    return import_from(package, "torture_c")


@pytest.fixture
def runtime(package: Path) -> Any:
    return import_from(package, "vmgen_runtime")


def test_a_text_in_this_process_ends_at_its_nul(module: Any, runtime: Any) -> None:
    rows = runtime.allocate(module.CRows)
    kept = ctypes.create_string_buffer(b"caf\xe9\0behind")
    rows.names = ctypes.addressof(kept)
    assert runtime.c_string(rows.names) == b"caf\xe9"


@pytest.mark.parametrize("length", [0, 1, 255, 256, 257, 4095, 4096, 5000])
def test_a_text_ends_at_the_limit(module: Any, runtime: Any, length: int) -> None:
    kept = ctypes.create_string_buffer(b"x" * length)
    text = runtime.VmPtr(ctypes.addressof(kept), runtime.c_char)
    assert runtime.c_string(text) == b"x" * min(length, 4096)
    assert runtime.c_string(text, limit=3) == b"x" * min(length, 3)


def test_nothing_behind_the_last_page_of_a_text_is_touched(
    module: Any, runtime: Any
) -> None:
    memory = mmap.mmap(-1, 2 * mmap.PAGESIZE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    libc = ctypes.CDLL(None)
    second = ctypes.c_void_p(start + mmap.PAGESIZE)
    assert libc.mprotect(second, mmap.PAGESIZE, 0) == 0
    memory[mmap.PAGESIZE - 4 : mmap.PAGESIZE] = b"end\0"
    text = runtime.VmPtr(start + mmap.PAGESIZE - 4, runtime.c_char)
    assert runtime.c_string(text) == b"end"
    assert libc.mprotect(second, mmap.PAGESIZE, 3) == 0


def test_a_text_of_another_memory_is_read_there(module: Any, runtime: Any) -> None:
    data = bytearray(96)
    size = runtime.size_of(module.CRows, I686)
    at = runtime.offset_of(module.CRows, "names", I686)
    data[at : at + 4] = (0x1000 + size).to_bytes(4, "little")
    data[size : size + 6] = b"there\0"
    memory = runtime.Bytes(bytes(data), 0x1000)
    rows = memory.at(module.CRows, 0x1000, I686)
    assert runtime.c_string(rows.names) == b"there"
    unended = runtime.Bytes(bytes(data[: size + 5]), 0x1000)
    rows = unended.at(module.CRows, 0x1000, I686)
    assert runtime.c_string(rows.names, limit=5) == b"there"
    with pytest.raises(runtime.Unmapped):
        runtime.c_string(rows.names)


def test_a_text_of_an_image_needs_somebody_who_fetches_it(
    module: Any, runtime: Any
) -> None:
    read = module.CRows.read(bytes(range(1, 97)), I686)
    with pytest.raises(TypeError, match="is an address in an image"):
        runtime.c_string(read.names)
    image = b"text\0"
    assert runtime.c_string(read.names, fetch=lambda at, size: image[:size]) == b"text"


def test_an_array_is_a_text_too(module: Any, runtime: Any) -> None:
    rows = runtime.allocate(module.CRows)
    assert runtime.c_string(rows.text) == b""
    rows.text = [ord("a"), -23, 0, 4, 5]
    assert runtime.c_string(rows.text) == b"a\xe9"
    rows.text = b"whole"
    assert runtime.c_string(rows.text) == b"whole"
    assert runtime.c_string(rows.text, limit=2) == b"wh"


def test_what_is_no_text_is_refused(module: Any, runtime: Any) -> None:
    kept = ctypes.c_long(1)
    number = runtime.VmPtr(ctypes.addressof(kept), runtime.c_long)
    with pytest.raises(TypeError, match="leads to no text"):
        runtime.c_string(number)
    with pytest.raises(TypeError, match="3 is no text"):
        runtime.c_string(3)
