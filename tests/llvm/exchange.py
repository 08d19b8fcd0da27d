"""Values that go from Python to code of LLVM's and back, for one module.

`bindings` is the package that the module's bindings are in.
"""

from __future__ import annotations

import ctypes
import random
from typing import TYPE_CHECKING

from tests.llvm.generated import handles
from tests.llvm.in_llvm import HAVE_HANDLES, Llvm
from tests.llvm.jit import HOST
from tests.python.generated import import_from
from tests.values.exchange import BACKGROUND, FENCE, ROUNDS, Memory
from tests.values.in_python import Python, parts_of
from tests.values.tree import Case, Trees, values
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.values.tree import Word
    from vmgen.schema.model import Module


def exchange_records(module: Module, bindings: Path, *, optimise: bool) -> None:
    """Exchange the values of all records. Raises AssertionError."""
    cases = _cases(module)
    code = _code(module, bindings, cases, optimise=optimise)
    other = _python(module, bindings)
    for number, case in enumerate(cases):
        for round in range(ROUNDS):
            given = values(case, round)
            about = f"{case.name}, case {case.number}, round {round}"
            memory = Memory(case)
            other.write(case, memory.address, given)
            found = code.read(number, memory.address)
            assert found == {slot: given[slot] for slot in found}, about
            before = memory.bytes()
            turned = values(case, 1 - round if round < 2 else 0)
            code.write(number, memory.address, turned)
            read = other.read(case, memory.address)
            for slot in found:
                assert read[slot] == turned[slot], about
            _hold(case, code.words[number], before, memory.bytes())


def exchange_contexts(module: Module, bindings: Path, name: str, number: int) -> None:
    """Exchange the values of a context with so many random counts. Raises
    AssertionError."""
    trees, chance = Trees(module), random.Random(name)
    declared = module.types[name]
    assert isinstance(declared, m.Context)
    drawn = [
        {c.name: chance.randrange(2 if c.flag else 5) for c in declared.counts}
        for _ in range(number)
    ]
    cases = [trees.context(name, counts) for counts in drawn]
    code = _code(module, bindings, cases, drawn)
    other = _python(module, bindings)
    for index, (case, counts) in enumerate(zip(cases, drawn, strict=True)):
        given = values(case, 0)
        memory = Memory(case)
        holder = getattr(other.generated, name).at(memory.address, counts)
        for word in case.words:
            data = given[word.slot].to_bytes(word.size, "little")
            ctypes.memmove(memory.address + word.offset, data, word.size)
        seen = dict(other.read_from(holder, parts_of(case.tree)))
        assert seen == dict(enumerate(given)), (name, counts)
        found = code.read(index, memory.address)
        assert found == {slot: given[slot] for slot in found}, (name, counts)
        before, turned = memory.bytes(), values(case, 1)
        code.write(index, memory.address, turned)
        read = dict(other.read_from(holder, parts_of(case.tree)))
        for slot in found:
            assert read[slot] == turned[slot], (name, counts)
        _hold(case, code.words[index], before, memory.bytes())


def words_of_records(
    module: Module, bindings: Path
) -> Iterator[tuple[Case, list[Word]]]:
    """Each case of each record, with the words that have handles."""
    cases = _cases(module)
    return zip(cases, _code(module, bindings, cases).words, strict=True)


def _cases(module: Module) -> list[Case]:
    return [c for c in Trees(module).cases() if c.tree.kind in HAVE_HANDLES]


def _code(
    module: Module,
    bindings: Path,
    cases: list[Case],
    counts: list[dict[str, int]] | tuple[()] = (),
    *,
    optimise: bool = False,
) -> Llvm:
    _settle_host(bindings)
    return Llvm(handles(bindings, module.name), cases, counts, optimise=optimise)


def _python(module: Module, bindings: Path) -> Python:
    _settle_host(bindings)
    runtime = import_from(bindings, "vmgen_runtime")
    return Python(module, import_from(bindings, module.name), runtime)


def _settle_host(bindings: Path) -> None:
    """Python can't measure all that targets of one schema may differ in."""
    import_from(bindings, "vmgen_runtime").set_host(HOST)


def _hold(case: Case, words: list[Word], before: bytes, after: bytes) -> None:
    """Nothing but words that have handles was written to."""
    written = {at for w in words for at in range(w.offset, w.offset + w.size)}
    changed = {i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b}
    assert changed <= written, case.name
    assert after[case.size :] == bytes([BACKGROUND]) * FENCE
