"""Values travel: what one language writes into a record, the others read.

Everything happens in one process: a shared library in Rust and one in C, both built
here against the generated code, and the generated Python classes. Each reaches every
field by its name. All values are different, so that two fields of one type that were
swapped would be noticed.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.agreement.bindings import (
    SCHEMAS,
    Rust,
    bindings_of,
    compile_c,
    module,
    python,
)
from tests.values import in_c, in_rust
from tests.values.in_python import Python
from tests.values.tree import Case, Trees, values

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("values")

LANGUAGES = ("rust", "c", "python")
ROUNDS = 3
BACKGROUND = 0xEE


@dataclass(frozen=True, slots=True)
class Speaker:
    """One language: what writes a case's values to an address, and what reads them."""

    write: Callable[[int, int, Sequence[int]], None]
    read: Callable[[int, int], list[int]]


@dataclass(frozen=True, slots=True)
class Bench:
    """A module's cases, and the three languages that know them."""

    cases: list[Case]
    speakers: dict[str, Speaker]


def from_library(path: Path, name: str, cases: list[Case]) -> Speaker:
    library = ctypes.CDLL(str(path))
    write, read = library[f"write_{name}"], library[f"read_{name}"]
    write.argtypes = read.argtypes = [ctypes.c_uint32, ctypes.c_void_p, ctypes.c_void_p]
    write.restype = read.restype = None

    def writes(number: int, address: int, given: Sequence[int]) -> None:
        halves = [half for v in given for half in (v & (1 << 64) - 1, v >> 64)]
        write(number, address, (ctypes.c_uint64 * len(halves))(*halves))

    def reads(number: int, address: int) -> list[int]:
        count = len(cases[number].words)
        halves = (ctypes.c_uint64 * (2 * count))()
        read(number, address, halves)
        return [halves[2 * i] | halves[2 * i + 1] << 64 for i in range(count)]

    return Speaker(writes, reads)


@pytest.fixture(scope="module", params=SCHEMAS)
def bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Bench:
    name: str = request.param
    folder = tmp_path_factory.mktemp(name)
    bindings = bindings_of(name, folder)
    described = module(name)
    cases = Trees(described).cases()

    c_library, rust_library = folder / "libc_values.so", folder / "librust_values.so"
    text = in_c.source(described, cases)
    compile_c(bindings, text, c_library, "-shared", "-fPIC")
    rust = Rust.build(bindings, folder)
    generated = (bindings / "rust" / "src" / f"{name}.rs").read_text(encoding="utf-8")
    rust.link(in_rust.Source(described, generated).text(cases), "cdylib", rust_library)
    known = Python(described, *python(bindings, name))
    return Bench(
        cases,
        {
            "rust": from_library(rust_library, name, cases),
            "c": from_library(c_library, name, cases),
            "python": Speaker(
                lambda number, at, given: known.write(cases[number], at, given),
                lambda number, at: known.read(cases[number], at),
            ),
        },
    )


class Memory:
    """Room for one record, as aligned as it has to be, with a fence behind it."""

    def __init__(self, case: Case) -> None:
        align = max(case.align, 16)
        self.size = case.size
        self._room = ctypes.create_string_buffer(case.size + 2 * align)
        self.address = -(-ctypes.addressof(self._room) // align) * align
        ctypes.memset(self.address, BACKGROUND, case.size + align)

    def bytes(self) -> bytes:
        return ctypes.string_at(self.address, self.size + 16)


@pytest.mark.parametrize("reader", LANGUAGES)
@pytest.mark.parametrize("writer", LANGUAGES)
def test_what_one_language_writes_another_reads(
    bench: Bench, writer: str, reader: str
) -> None:
    for number, case in enumerate(bench.cases):
        for round in range(ROUNDS):
            memory = Memory(case)
            given = values(case, round)
            bench.speakers[writer].write(number, memory.address, given)
            found = bench.speakers[reader].read(number, memory.address)
            assert found == given, f"{case.name}, case {case.number}, round {round}"


@pytest.mark.parametrize("writer", LANGUAGES)
def test_what_is_written_lies_where_the_engine_says(bench: Bench, writer: str) -> None:
    for number, case in enumerate(bench.cases):
        memory = Memory(case)
        given = values(case, 0)
        bench.speakers[writer].write(number, memory.address, given)
        stored = memory.bytes()
        for word, value in zip(case.words, given, strict=True):
            there = stored[word.offset : word.offset + word.size]
            assert int.from_bytes(there, "little") == value, (case.name, word)
        assert stored[case.size :] == bytes([BACKGROUND]) * 16, case.name


def test_every_field_of_every_type_has_a_value_of_its_own(bench: Bench) -> None:
    for case in bench.cases:
        free = [
            (word.size, value)
            for word, value in zip(case.words, values(case, 0), strict=True)
            if word.fixed is None and word.size > 1
        ]
        assert len(free) == len(set(free)), case.name
