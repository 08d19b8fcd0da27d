"""Wasmtime 42.0.2's own offset code, and the schema that is held against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.oracle.cargo_oracle import CargoOracle
from tests.oracle.releases import oracle
from tests.support import ROOT, missing
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.schema import load_module

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def wasmtime_environ() -> CargoOracle:
    """The program of Wasmtime 42.0.2; its ``src/main.rs`` lists the questions."""
    return oracle("42.0.2")


@pytest.fixture(scope="session")
def wasmtime42() -> Layouts:
    """The layouts of ``schemas/wasmtime42.vm.yaml`` on all of its targets."""
    path = ROOT / "schemas" / "wasmtime42.vm.yaml"
    report = Report()
    module = load_module(path, path.name, report)
    assert module is not None, list(report)
    return Layouts(module)


@pytest.fixture(scope="session")
def wat2wasm() -> Callable[[str], bytes]:
    """From the text format to the binary one, by Wasmtime's own Python package."""
    try:
        import wasmtime
    except ImportError:
        missing("the package wasmtime is not installed")
    return lambda text: bytes(wasmtime.wat2wasm(text))
