"""The handles that tests of this folder are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.llvm.generated import MODULES, handles, known, package
from tests.python.generated import import_from

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def bindings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with all bindings that the tests need."""
    folder = tmp_path_factory.mktemp("llvm")
    return package(folder, "llvm_bindings", *map(known, MODULES))


@pytest.fixture(scope="session")
def small(bindings: Path) -> Any:
    """The handles of the small schema."""
    return handles(bindings, "small")


@pytest.fixture(scope="session")
def runtime(bindings: Path) -> Any:
    return import_from(bindings, "vmgen_runtime.llvm")
