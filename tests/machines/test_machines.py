"""Records that programs on other machines write and read, and this one's Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.machines.exchange import Exchange, Program, differences
from tests.machines.machines import HOST, MACHINES, WASM32, Machine
from tests.support import missing, proving
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

SCHEMAS = {
    "wasmtime42": "schemas/wasmtime.vm.yaml@42.0.2",
    "wasmer": "schemas/wasmer.vm.yaml",
    "torture": "tests/schemas/good/torture.vm.yaml",
    "torture_allowed": "tests/schemas/good/torture_allowed.vm.yaml",
}
S390X = "s390x-unknown-linux-gnu"

Make = Callable[[Exchange], Program | None]


def sampled(machine: Machine, schema: str, make: Make) -> bool:
    """Whether `make test` does it: Wasmtime's records, and more on s390x."""
    if machine.triple == S390X:
        return schema in ("wasmtime42", "torture")
    compiles_core = make is Exchange.rust and not machine.rust
    return schema == "wasmtime42" and machine.triple != HOST and not compiles_core


def exchanges() -> list[ParameterSet]:
    """A machine, a schema, and what writes and reads there; a sample, or all."""
    found = []
    for machine in MACHINES.values():
        for schema in SCHEMAS:
            for make in (Exchange.c, Exchange.contexts, Exchange.rust):
                if not (proving() or sampled(machine, schema, make)):
                    continue
                name = f"{machine.triple}-{schema}-{make.__name__}"
                group = pytest.mark.xdist_group(f"{machine.triple}-{schema}")
                param = pytest.param(machine, schema, make, id=name, marks=group)
                found.append(param)
    return found


@pytest.fixture(scope="module")
def exchange_on(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Machine, str], Exchange]:
    made: dict[tuple[str, str], Exchange] = {}

    def exchange(machine: Machine, schema: str) -> Exchange:
        lacking = machine.lacks()
        if lacking:
            missing(lacking)
        key = machine.triple, schema
        if key not in made:
            folder = tmp_path_factory.mktemp("_".join(key).replace("-", "_"))
            made[key] = Exchange(SCHEMAS[schema], machine, folder)
        return made[key]

    return exchange


@pytest.mark.parametrize(("machine", "schema", "make"), exchanges())
def test_values_are_the_same_on_the_machine_and_in_python(
    exchange_on: Callable[[Machine, str], Exchange],
    machine: Machine,
    schema: str,
    make: Make,
) -> None:
    program = make(exchange_on(machine, schema))
    if program is None:
        assert schema == "torture_allowed", "the others have a context"
        return
    assert differences(program) == []


@pytest.mark.parametrize("schema", SCHEMAS if proving() else ["wasmtime42"])
def test_values_are_the_same_in_webassembly_and_in_python(
    exchange_on: Callable[[Machine, str], Exchange], schema: str
) -> None:
    assert differences(exchange_on(WASM32, schema).webassembly()) == []


def test_the_machines_are_of_every_common_kind() -> None:
    targets = [TARGETS[triple] for triple in MACHINES]
    kinds = {(t.pointer_width, t.endian, t.model.align_u64) for t in targets}
    assert kinds == {
        (64, "little", 8),
        (64, "big", 8),
        (32, "little", 8),
        (32, "little", 4),
        (32, "big", 8),
    }


def test_a_wrong_byte_order_would_be_seen(
    exchange_on: Callable[[Machine, str], Exchange],
) -> None:
    """The proof's proof: a target with the same layouts, but for the byte order."""
    machine = MACHINES[S390X]
    program = exchange_on(machine, "torture_allowed").c()
    exchange_on(machine, "torture_allowed").python.target = next(
        target.triple
        for target in TARGETS.values()
        if target.model.name == "le64-u128a8"
    )
    found = differences(program)
    assert any(": Python reads " in one for one in found)
    assert any(": Python's bytes are read as " in one for one in found)
    assert not any(": the engine is wrong on " in one for one in found)
