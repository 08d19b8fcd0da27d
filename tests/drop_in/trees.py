"""Two workspaces with Wasmtime's crates: as they were published, and with vmgen's output.

No line of Wasmtime stands in this repository. The crates come from the registry, and what
is taken out of them is named in `plan.toml`.
"""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from tests.drop_in.calls import accessors, rules
from tests.drop_in.cargo import FOLDER, HERE, cargo
from tests.drop_in.items import remove, rename
from tests.support import ROOT, vmgen
from vmgen.schema.types import VECTORS

UNTOUCHED = FOLDER / "untouched"
REPLACED = FOLDER / "replaced"
GLUE = HERE / "glue"
MOST_GLUE = 149


@dataclass(frozen=True, slots=True)
class Figures:
    """Lines: `removed` of Wasmtime's, `glue` of code written by hand, and how many of
    vmgen's output, comments and blank lines not counted in the last two. `renamed` is how
    many calls go by another name, by crate; `existing` are the types of the schema that
    Wasmtime goes on to declare, and vmgen's checks are about, and `kept` is `kept.toml`:
    the same types by why they stay."""

    removed: int
    glue: int
    generated: int
    renamed: dict[str, int]
    existing: list[str]
    kept: dict[str, list[str]]


def published() -> dict[str, Path]:
    """The folder of each of Wasmtime's crates, as the registry has it."""
    folder = FOLDER / "published"
    copy(HERE / "published", folder)
    metadata = json.loads(cargo(folder, "metadata", "--format-version", "1"))
    direct = tomllib.loads((folder / "Cargo.toml").read_text("utf-8"))["dependencies"]
    return {
        package["name"]: Path(package["manifest_path"]).parent
        for package in metadata["packages"]
        if package["name"] in direct
    }


def make_untouched() -> None:
    """Copy the crates into a workspace, as they are."""
    _workspace(UNTOUCHED)


def make_replaced() -> Figures:
    """Copy the crates into a workspace, with vmgen's output in place of what they had."""
    _workspace(REPLACED)
    removed = _remove()
    renamed = _rename()
    glue = _add_glue()
    copy(ROOT / "schemas", REPLACED / "schemas")
    built = vmgen("build", cwd=REPLACED)
    if built.code:
        raise SystemExit(f"vmgen build: {built.out}{built.err}")
    made = [line.split()[-1] for line in built.out.splitlines() if "crates/" in line]
    generated = sum(code_lines(REPLACED / file) for file in made)
    project = tomllib.loads((REPLACED / "pyproject.toml").read_text("utf-8"))
    existing = sorted(project["tool"]["vmgen"]["rust"]["existing"].keys() - VECTORS)
    kept = tomllib.loads((HERE / "kept.toml").read_text("utf-8"))
    return Figures(removed, glue, generated, renamed, existing, kept)


def faults(figures: Figures) -> list[str]:
    """What is wrong with the figures."""
    found = []
    if figures.glue > MOST_GLUE:
        found.append(f"the glue has {figures.glue} lines, more than {MOST_GLUE}")
    if sorted(chain.from_iterable(figures.kept.values())) != figures.existing:
        found.append("kept.toml names other types than `existing` of pyproject.toml")
    return found


def copy(source: Path, target: Path) -> None:
    """Have a folder be what another one is."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


def code_lines(path: Path) -> int:
    """Lines of a Rust file that are neither blank nor a comment."""
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return sum(1 for line in lines if line and not line.startswith("//"))


def _workspace(folder: Path) -> None:
    copy(HERE / "workspace", folder)
    for name, source in published().items():
        shutil.copytree(source, folder / "crates" / name)


def _rename() -> dict[str, int]:
    """Have callers call what vmgen makes."""
    found = accessors(UNTOUCHED / "crates" / "wasmtime-environ")
    file = REPLACED / "calls.txt"
    file.write_text(rules(found), encoding="utf-8")
    names = re.compile("|".join(rf"\b{a.name}\b" for a in found if not a.stays))
    renamed: dict[str, int] = {}
    for source in sorted((REPLACED / "crates").rglob("*.rs")):
        if names.search(source.read_text("utf-8")) and (count := rename(source, file)):
            crate = source.relative_to(REPLACED / "crates").parts[0]
            renamed[crate] = renamed.get(crate, 0) + count
    return renamed


def _remove() -> int:
    plan = tomllib.loads((HERE / "plan.toml").read_text("utf-8"))
    return sum(
        remove(REPLACED / "crates" / crate / file, names)
        for crate, files in plan.items()
        for file, names in files.items()
    )


def _add_glue() -> int:
    """Append each file of `glue` to that of the crate, or have it as a new one."""
    lines = 0
    for source in sorted(GLUE.rglob("*.rs")):
        target = REPLACED / "crates" / source.relative_to(GLUE)
        before = target.read_text("utf-8") if target.exists() else ""
        target.write_text(before + source.read_text("utf-8"), encoding="utf-8")
        lines += code_lines(source)
    return lines
