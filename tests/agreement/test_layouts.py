"""What the generated types are on this machine: compilers and ctypes print it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.agreement.bindings import (
    SCHEMAS,
    Rust,
    bindings_of,
    compile_c,
    job_of,
    module,
    python,
    ran,
)
from tests.agreement.layouts import (
    by_ctypes,
    by_the_engine,
    c_main,
    c_source,
    rust_program,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def bindings(tmp_path: Path, name: str) -> Path:
    return bindings_of(name, tmp_path)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_program_in_c_prints_the_engines_numbers(
    bindings: Path, tmp_path: Path, name: str
) -> None:
    job = job_of(module(name))
    program = tmp_path / "program"
    compile_c(bindings, c_source(job) + c_main(name), program)
    assert ran([str(program)], tmp_path).out.splitlines() == by_the_engine(
        job, hidden=False, in_c=True
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_program_in_rust_prints_the_engines_numbers(
    bindings: Path, tmp_path: Path, name: str
) -> None:
    job = job_of(module(name))
    program = tmp_path / "program"
    Rust.build(bindings, tmp_path).link(rust_program(job), "bin", program)
    assert ran([str(program)], tmp_path).out.splitlines() == by_the_engine(job)


@pytest.mark.parametrize("name", SCHEMAS)
def test_ctypes_has_the_engines_numbers(bindings: Path, name: str) -> None:
    job = job_of(module(name))
    generated, _ = python(bindings, name)
    assert by_ctypes(job, generated) == by_the_engine(job, hidden=False)
