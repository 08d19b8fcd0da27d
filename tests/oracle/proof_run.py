"""The machines that records are written and read on, and what runs on each."""

from __future__ import annotations

import ctypes
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.agreement.bindings import SCHEMAS, bindings_of, module, python
from tests.machines import pyodide
from tests.machines.exchange import ROUNDS, Exchange, differences
from tests.machines.machines import HOST, MACHINES, WASM32, Machine
from tests.machines.pyodide_question import PYODIDE
from tests.support import missing
from tests.values.in_python import Python
from tests.values.tree import Trees, values

Prover = Callable[[Path], Iterator[str]]
"""Given a folder, yields what is not the same on a machine and here."""


def _compiled(machine: Machine) -> Prover:
    def prove(folder: Path) -> Iterator[str]:
        lacking = machine.lacks()
        if lacking:
            missing(lacking)
        for name, schema in SCHEMAS.items():
            made = folder / f"{machine.triple}_{name}".replace("-", "_")
            exchange = Exchange(schema, machine, made)
            if machine is WASM32:
                yield from differences(exchange.webassembly())
                continue
            for program in (exchange.c(), exchange.contexts(), exchange.rust()):
                yield from differences(program) if program else ()

    return prove


def _native(folder: Path) -> Iterator[str]:
    """C and Rust as elsewhere, and the live classes of Python."""
    yield from _compiled(MACHINES[HOST])(folder)
    for name in SCHEMAS:
        made = folder / f"native_{name}"
        made.mkdir()
        described = module(name)
        known = Python(described, *python(bindings_of(name, made), name))
        for number, case in enumerate(Trees(described).cases()):
            room = ctypes.create_string_buffer(case.size + 2 * case.align)
            address = -(-ctypes.addressof(room) // case.align) * case.align
            for given in (values(case, round) for round in range(ROUNDS)):
                known.write(case, address, given)
                if known.read(case, address) != given:
                    yield f"{case.name}, case {number}: Python reads otherwise"


def _in_pyodide(folder: Path) -> Iterator[str]:
    yield from pyodide.ask(folder, pyodide.question())["differences"]


PROVERS: dict[str, tuple[str, Prover]] = {
    **{triple: ("C, Rust", _compiled(machine)) for triple, machine in MACHINES.items()},
    HOST: ("C, Rust, Python", _native),
    WASM32.triple: ("Rust", _compiled(WASM32)),
    PYODIDE: ("Python", _in_pyodide),
}
"""By target: the languages that run there. The others' bytes are read by Python here."""


def prove(triple: str) -> list[str]:
    """What is not the same there. Skips like a test where a tool is missing."""
    with tempfile.TemporaryDirectory(prefix="vmgen-run-") as folder:
        return list(PROVERS[triple][1](Path(folder)))
