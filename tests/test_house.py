"""The floors of the program: imports lead down, and never round in a circle.

Imports for type checking and inside functions count: who reads a module has to read
what it names.
"""

from __future__ import annotations

import ast
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from tests.support import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLOORS = (
    {"colour", "releases", "text", "version"}, {"targets"}, {"reading"}, {"schema"}, {"analysis"},
    {"layout"}, {"languages"}, {"binaries"}, {"inspection"}, {"rules"}, {"show"}, {"changes"}, {"report"}, {"build"}, {"api"},
    {"imports"}, {"cli"},
    {"vmgen", "__main__"},
)  # fmt: skip
"""What is in `vmgen/`, the lowest floor first; `vmgen` is the package itself."""


@cache
def modules() -> dict[str, Path]:
    """Every module of the program by its dotted name."""
    found = {}
    for path in sorted((ROOT / "vmgen").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(module: str) -> Iterator[str]:
    """The modules of the program that one imports, anywhere in it."""
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = _absolute(module, node)
            below = [f"{origin}.{alias.name}" for alias in node.names]
            names = [n if n in modules() else origin for n in below]
        else:
            continue
        yield from (n for n in names if n in modules() and n != module)


def _absolute(module: str, node: ast.ImportFrom) -> str:
    """What is imported from. Only what is copied into outputs says that relatively."""
    if not node.level:
        return str(node.module)
    assert ".runtime" in module, f"{module}: a relative import"
    assert node.level == 1
    inside = modules()[module].stem == "__init__"
    package = module if inside else module.rpartition(".")[0]
    return f"{package}.{node.module}" if node.module else package


@cache
def arrows() -> dict[str, set[str]]:
    return {module: set(imported(module)) for module in modules()}


def floor(module: str) -> int:
    """The floor that a module is on, counted from 0."""
    place = module.split(".")[1] if "." in module else module
    return next(number for number, names in enumerate(FLOORS) if place in names)


def test_imports_lead_to_the_same_floor_or_down() -> None:
    up = {
        f"{module} -> {other}"
        for module, others in arrows().items()
        for other in others
        if floor(other) > floor(module)
    }
    assert up == set()


def test_imports_never_lead_round_in_a_circle() -> None:
    try:
        TopologicalSorter(arrows()).prepare()
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None
