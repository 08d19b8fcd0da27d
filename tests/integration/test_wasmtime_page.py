"""docs/wasmtime.md: its table, and the next release that it adds, step by step."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.integration.pages import Block, blocks, commands
from tests.live.wheels import locked
from tests.oracle.conftest import layouts_of
from tests.oracle.contexts import P8, context_of
from tests.support import ROOT, vmgen
from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.layout.layouts import Layouts

PAGE = ROOT / "docs" / "wasmtime.md"
BEGIN, END = "<!-- matrix -->\n", "<!-- /matrix -->"
SIZES = ("VMStoreContext", "VMFunctionImport", "VMContRef")
TABLES = ("VMBuiltinFunctionsArray", "VMComponentBuiltins")


def listed() -> list[tuple[str, str]]:
    """First and last release of every version of the schema."""
    module = layouts_of("50.0.1").module
    return [(v.first, v.last) for v in module.versions]


def row(first: str, last: str) -> str:
    """One version: its module, what is where, and the package that is read live."""
    layouts = layouts_of(last)
    here = layouts.class_of(P8)
    sizes = [str(layouts.record(name, here).size) for name in SIZES]
    slots = [str(len(slots_of(layouts, name))) for name in TABLES]
    live = [
        v for v in locked() if as_numbers(first) <= as_numbers(v) <= as_numbers(last)
    ]
    cells = [
        first if first == last else f"{first} to {last}",
        f"`{layouts.module.name}`",
        str(func_refs_behind_one_tag(layouts)),
        *sizes,
        " and ".join(slots),
        ", ".join(live) or "–",
    ]
    return f"| {' | '.join(cells)} |"


def as_numbers(release: str) -> list[int]:
    return [int(number) for number in release.split(".")]


def slots_of(layouts: Layouts, name: str) -> tuple[m.Slot, ...]:
    declared = layouts.module.types[name]
    assert isinstance(declared, m.Functions)
    return declared.slots


def func_refs_behind_one_tag(layouts: Layouts) -> int:
    layout = context_of(layouts, "VMContext", P8)
    counts = dict.fromkeys(
        (c.name for c in layouts.module.types["VMContext"].counts), 0
    ) | {"num_defined_tags": 1}
    (region,) = (r for r in layout.regions if r.name == "func_refs")
    return region.begin(counts)


def matrix() -> str:
    head = ["release", "module", "`func_refs`", *(f"`{name}`" for name in SIZES)]
    head += ["builtins, of components", "read live"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *(row(*version) for version in listed())]) + "\n"


@pytest.mark.parametrize("page", [PAGE, ROOT / "README.md"], ids=lambda p: p.stem)
def test_the_matrix_is_the_schemas(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    shown, end, after = rest.partition(END)
    expected = matrix()
    if os.environ.get("UPDATE_GOLDEN"):
        page.write_text(before + BEGIN + expected + END + after, encoding="utf-8")
    else:
        assert end
        assert shown == expected


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the schemas, to add a release to."""
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    return tmp_path


def apply(block: Block, project: Path) -> None:
    """Makes the change that a diff shows; what it takes away stands in one place."""
    _, target, _, *lines = block.text.splitlines()
    path = project / target.removeprefix("+++ b/")
    before = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    after = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after), encoding="utf-8")


def followed(block: Block, project: Path) -> str:
    """The text of a block of commands, with what they say."""
    lines = []
    for command, _ in commands(block.text):
        program, *arguments = command.split()
        assert program == "vmgen"
        ran = vmgen(*arguments, cwd=project)
        lines.append(f"$ {command}\n{ran.out}{ran.err}")
        assert ran.code == (1 if "error[" in ran.out else 0)
    return "".join(lines)


def test_the_next_release_is_what_changed_and_nothing_else(project: Path) -> None:
    shown, found = [], []
    for block in blocks(PAGE):
        if block.language == "diff":
            apply(block, project)
        else:
            assert block.language == "console"
            shown.append(block.text)
            found.append(followed(block, project))
    if os.environ.get("UPDATE_GOLDEN"):
        text = PAGE.read_text(encoding="utf-8")
        for before, after in zip(shown, found, strict=True):
            text = text.replace(before, after)
        PAGE.write_text(text, encoding="utf-8")
    else:
        assert found == shown
    assert len(shown) == 2
    assert vmgen("check", "schemas/wasmtime.vm.yaml", cwd=project).code == 0
