"""The schema that is held against the offset code of every Wasmtime."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from tests.support import ROOT, missing
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.schema import load_module

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def wasmtime() -> Callable[[str], Layouts]:
    """The layouts of a release on all targets of the schema, each laid out once."""
    return cache(layouts_of)


def layouts_of(release: str) -> Layouts:
    """The layouts of a release on all targets of the schema."""
    path = ROOT / "schemas" / "wasmtime.vm.yaml"
    report = Report()
    module = load_module(path, path.name, report, version=release)
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
