"""Handles of schemas, generated into a package that the tests import."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from tests.python.generated import import_from, loaded, module, write
from tests.support import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.schema.model import Module


def package(folder: Path, name: str, *modules: Module) -> Path:
    """A package of that name with the bindings of modules, and their handles."""
    options = {"llvmlite": "0.50", "package": name}
    return write(folder / name, *modules, options=options)


def handles(made: Path, name: str) -> Any:
    """The module of handles of a schema's module."""
    return import_from(made, f"{name}_llvm")


@cache
def known(name: str) -> Module:
    """A module by its name: that of the golden files too."""
    if name != "small":
        return module(name)
    path = ROOT / "tests" / "golden" / "small.vm.yaml"
    return loaded(path, path.name)


MODULES = (
    "small",
    "everything",
    "torture",
    "torture_allowed",
    "torture_c",
    "wasmtime42",
)
