"""Values that go from one language to another, in one process.

Each language is a `Speaker`, which writes a case's values to an address and reads them
from one: Rust and C by way of shared libraries, Python by the generated classes.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from traceback import format_exc
from typing import TYPE_CHECKING

from tests.agreement.bindings import Rust, compile_c, python
from tests.values import in_c, in_rust
from tests.values.in_python import Python
from tests.values.tree import Case, Trees, values
from vmgen.analysis.called import module_in

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.model import Module

LANGUAGES = ("rust", "c", "python")
ROUNDS = 3
BACKGROUND = 0xEE
FENCE = 16
C_LIBRARY, RUST_LIBRARY = "libc_values.so", "librust_values.so"


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

    def exchange(
        self, writer: str, reader: str, number: int, round: int
    ) -> tuple[list[int], list[int]]:
        """What one language wrote into a fresh record, and what another read."""
        case = self.cases[number]
        memory = Memory(case)
        given = values(case, round)
        self.speakers[writer].write(number, memory.address, given)
        return given, self.speakers[reader].read(number, memory.address)

    def written(self, writer: str, number: int) -> tuple[list[int], bytes]:
        """What one language wrote, and the record's bytes with a fence behind them."""
        case = self.cases[number]
        memory = Memory(case)
        given = values(case, 0)
        self.speakers[writer].write(number, memory.address, given)
        return given, memory.bytes()


class Memory:
    """Room for one record, as aligned as it has to be, with a fence behind it."""

    def __init__(self, case: Case) -> None:
        align = max(case.align, FENCE)
        self.size = case.size
        self._room = ctypes.create_string_buffer(case.size + 2 * align)
        self.address = -(-ctypes.addressof(self._room) // align) * align
        ctypes.memset(self.address, BACKGROUND, case.size + FENCE)

    def bytes(self) -> bytes:
        return ctypes.string_at(self.address, self.size + FENCE)


def build_libraries(
    modules: Sequence[Module], bindings: Path, folder: Path, rust: Rust
) -> None:
    """Build the two shared libraries in a folder. `rust` has the crate."""
    known = [_known(module, "c") for module in modules]
    compile_c(bindings, in_c.source(*known), folder / C_LIBRARY, "-shared", "-fPIC")
    sources = bindings / "rust" / "src"
    with_texts = [
        (module, cases, (sources / f"{module.name}.rs").read_text(encoding="utf-8"))
        for module, cases in (_known(module, "rust") for module in modules)
    ]
    text = in_rust.source(*with_texts)
    rust.link(text, "cdylib", folder / RUST_LIBRARY, optimize=0)


def bench_of(module: Module, bindings: Path, folder: Path) -> Bench:
    """The bench of one of the modules that `build_libraries` was called with."""
    cases = Trees(module).cases()
    in_python, ours = _known(module, "python")
    known = Python(in_python, *python(bindings, module.name))
    return Bench(
        cases,
        {
            "rust": _from_library(folder / RUST_LIBRARY, module.name, cases),
            "c": _from_library(folder / C_LIBRARY, module.name, cases),
            "python": Speaker(
                lambda number, at, given: known.write(ours[number], at, given),
                lambda number, at: known.read(ours[number], at),
            ),
        },
    )


def _known(module: Module, language: str) -> tuple[Module, list[Case]]:
    """A module and its cases by the names that a language has."""
    called = module_in(module, language)
    return called, Trees(called).cases()


def _from_library(path: Path, name: str, cases: list[Case]) -> Speaker:
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


def faults(bench: Bench) -> Iterator[str]:
    """What went wrong in all directions and rounds."""
    ways = list(product(LANGUAGES, LANGUAGES, range(ROUNDS)))
    for number, case in enumerate(bench.cases):
        about = f"{case.name}, case {case.number}"
        for writer, reader, round in ways:
            try:
                given, found = bench.exchange(writer, reader, number, round)
            except Exception:
                yield f"{about}, {writer} to {reader}: {format_exc()}"
                continue
            for word, one, other in zip(case.words, given, found, strict=True):
                if one != other:
                    yield (
                        f"{about}: {writer} wrote {one:#x} into a {word.type}, "
                        f"{reader} read {other:#x}"
                    )
