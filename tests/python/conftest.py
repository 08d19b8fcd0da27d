"""Generated modules under test, imported once from a package of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.python.generated import SCHEMAS, import_from, module, write

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "python_under_test"


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with the modules of all schemas and the runtime."""
    folder = tmp_path_factory.mktemp("python") / PACKAGE
    return write(folder, *map(module, SCHEMAS), options={"package": PACKAGE})


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files outside of a package, for interpreters that start there."""
    return write(tmp_path_factory.mktemp("folder"), *map(module, SCHEMAS))


@pytest.fixture(scope="session")
def vm(package: Path) -> Any:
    return import_from(package, "vmgen_runtime")


@pytest.fixture(scope="session")
def small(package: Path) -> Any:
    return import_from(package, "everything")


@pytest.fixture(scope="session")
def allowed(package: Path) -> Any:
    return import_from(package, "torture_allowed")


@pytest.fixture
def everything(small: Any, vm: Any) -> Any:
    """A live record with every kind of field, zeroed."""
    return vm.allocate(small.VMEverything)
