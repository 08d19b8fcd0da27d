"""Values that travel between a machine and the Python of this one, both ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.agreement.bindings import Rust, need_rust_target, write_bindings
from tests.machines import program
from tests.machines.in_bytes import (
    Bytes,
    by_the_engine,
    from_numbers,
    records_of,
    to_numbers,
)
from tests.machines.trees import TargetTrees
from tests.machines.webassembly import WebAssembly
from tests.oracle.real_core import compiler
from tests.python.generated import import_from, loaded, write
from tests.support import ROOT, missing
from tests.values import in_rust
from tests.values.tree import Case, values
from vmgen.schema.model import ModelTarget
from vmgen.schema.types import Atomic
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.machines.machines import Machine
    from vmgen.schema.model import Module
    from vmgen.targets.data_model import Endian

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Program:
    """A program on a machine that writes and reads the records of `cases`.

    `run` is given the word ``write`` or ``read`` and the values or records, see
    `tests.machines.program`. `pack` and `read` do the same in Python, for the case of
    a number.
    """

    run: Callable[[str, bytes], bytes]
    endian: Endian
    cases: Sequence[Case]
    pack: Callable[[int, Sequence[int]], bytes]
    read: Callable[[int, bytes], list[int]]


class Exchange:
    """A schema on a machine: everything that is generated for it, in a folder.

    The schema is a path below the project, or an absolute one. The folder's name has
    to be one that no other exchange of the process has.
    """

    def __init__(self, schema: str, machine: Machine, folder: Path) -> None:
        self.machine = machine
        self.module = on_machine(schema, machine.triple)
        self.trees = TargetTrees(self.module, machine.triple)
        models = {target.name: target.model for target in self.module.targets}
        self._model = models[machine.triple]
        self.endian = self._model.endian
        self._folder = folder
        write_bindings(folder, [self.module], ["c", "rust"])
        write(folder / folder.name, self.module, options={"package": folder.name})
        # What is read here is never the host's memory, which may be like no target.
        import_from(folder / folder.name, "vmgen_runtime").set_host(None)
        generated = import_from(folder / folder.name, self.module.name)
        self.python = Bytes(self.module, generated, machine.triple)

    def c(self) -> Program:
        """C, every case of every record."""
        cases = self._cases()
        source = self._file("records.c", program.records(self.module, cases))
        return self._program(self.module.name, cases, source)

    def rust(self) -> Program:
        """Rust, the same cases, as an archive that a C program calls."""
        cases = self._cases_in_rust()
        folder, source = self._folder, self._in_rust(cases)
        if self.machine.rust:
            archive = folder / "librecords.a"
            crate = Rust.build(folder, folder, self.machine.triple)
            crate.link(source, "staticlib", archive)
        else:
            rustc = compiler()
            if rustc is None:
                missing("no toolchain has the component rust-src")
            root = folder / "rust" / "src" / "lib.rs"
            archive = rustc.archive(root, source, self.machine.triple, folder)
        return self._program(self.module.name, cases, archive)

    def webassembly(self) -> Program:
        """Rust, the same cases, as a module that Wasmtime runs."""
        need_rust_target(self.machine.triple)
        cases = self._cases_in_rust()
        module = self._folder / "records.wasm"
        crate = Rust.build(self._folder, self._folder, self.machine.triple)
        crate.link(self._in_rust(cases), "cdylib", module)
        return self._with(cases, WebAssembly(module, self.module.name, cases).run)

    def contexts(self) -> Program | None:
        """C, every context with several counts; None for a schema without one."""
        contexts = self.trees.contexts()
        if not contexts:
            return None
        source = self._file("contexts.c", program.contexts(self.module, contexts))
        made = self._program(
            f"{self.module.name}_contexts", [one.case for one in contexts], source
        )
        return Program(
            made.run,
            self.endian,
            made.cases,
            lambda number, given: self.python.pack_context(contexts[number], given),
            lambda number, data: self.python.read_context(contexts[number], data),
        )

    def _cases(self) -> list[Case]:
        return [case for case in self.trees.cases() if self.python.has(case)]

    def _cases_in_rust(self) -> list[Case]:
        """Rust has no record with an atomic that the target can't exchange."""
        cases = self._cases()
        missing_there = {
            case.name
            for case in cases
            for word in case.words
            if isinstance(word.type, Atomic) and 8 * word.size not in self._model.cas
        }
        return [case for case in cases if case.name not in missing_there]

    def _in_rust(self, cases: Sequence[Case]) -> str:
        path = self._folder / "rust" / "src" / f"{self.module.name}.rs"
        generated = path.read_text(encoding="utf-8")
        return in_rust.source((self.module, cases, generated))

    def _program(self, name: str, cases: Sequence[Case], *inputs: Path) -> Program:
        driver = self._file(f"{name}_{inputs[0].stem}.c", program.driver(name, cases))
        path = driver.with_suffix("")
        machine = self.machine
        machine.compile(path, self._folder / "c", driver, *inputs)
        return self._with(cases, lambda verb, given: machine.run(path, verb, given))

    def _with(
        self, cases: Sequence[Case], run: Callable[[str, bytes], bytes]
    ) -> Program:
        return Program(
            run,
            self.endian,
            cases,
            lambda number, given: self.python.pack(cases[number], given),
            lambda number, data: self.python.read(cases[number], data),
        )

    def _file(self, name: str, text: str) -> Path:
        path = self._folder / name
        path.write_text(text, encoding="utf-8")
        return path


def on_machine(schema: str, triple: str) -> Module:
    """A schema's module, on its own targets and on that of the machine."""
    module = loaded(ROOT / schema, schema)
    if any(target.name == triple for target in module.targets):
        return module
    added = ModelTarget(triple, TARGETS[triple].model)
    return replace(module, targets=(*module.targets, added))


def differences(one: Program) -> list[str]:
    """What is not the same when values go from the machine to Python and back.

    The machine's bytes are also looked at where the layout engine says that they are.
    """
    found = []
    for number in range(ROUNDS):
        given = [values(case, number) for case in one.cases]
        written = one.run("write", from_numbers(given))
        for i, data in enumerate(records_of(written, one.cases)):
            name = f"{one.cases[i].name}, case {one.cases[i].number}, round {number}"
            if by_the_engine(one.cases[i], data, one.endian) != given[i]:
                found.append(f"{name}: the engine is wrong on {data.hex()}")
            if one.read(i, data) != given[i]:
                found.append(f"{name}: Python reads {data.hex()} otherwise")
        packed = b"".join(one.pack(i, given[i]) for i in range(len(given)))
        seen = to_numbers(one.run("read", packed), one.cases)
        found += [
            f"{case.name}, case {case.number}, round {number}: Python's bytes are "
            f"read as {there}, not {here}"
            for case, there, here in zip(one.cases, seen, given, strict=True)
            if there != here
        ]
    return found
