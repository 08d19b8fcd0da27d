"""README says what is so: its commands are run, its numbers and its table are made anew.

``UPDATE_GOLDEN=1`` writes the table of allowed rules into it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.pages import Block, blocks, commands, shell
from tests.support import ROOT, load_at, missing, vmgen
from vmgen.reading.diagnostics import Report
from vmgen.rules.registry import all_rules
from vmgen.schema.model import Allow, Module

README = ROOT / "README.md"
BLOCKS = blocks(README)
CONSOLE = [b for b in BLOCKS if b.language == "console"]
TOUR = """\
vmgen: 1
module: tour
types:
  VMMemory:
    kind: struct
    fields:
      base: "*mut u8"
      length: AtomicUsize
"""
SHOWN_PLACES = 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the schemas and examples, and the schema that the tour checks."""
    for name in ("schemas", "examples", "generated"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "tour.vm.yaml").write_text(TOUR)
    return tmp_path


def environment(folder: Path) -> dict[str, str]:
    """With this vmgen and this Python first in the path."""
    programs = folder / "programs"
    programs.mkdir()
    for name, call in (("vmgen", "-m vmgen "), ("python", "")):
        script = programs / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {call}"$@"\n')
        script.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "VMGEN_CACHE_DIR": str(folder / "cache"),
    }


@pytest.mark.parametrize("block", CONSOLE, ids=lambda b: f"line-{b.line}")
def test_commands_say_what_is_shown(block: Block, folder: Path) -> None:
    env = environment(folder)
    if "live_instance" in block.text and find_spec("wasmtime") is None:
        missing("the package wasmtime is not installed")
    for command, shown in commands(block.text):
        code, said = shell(command, folder, env)
        assert said == shown
        assert code == (1 if re.search(r"error[:\[]", shown) else 0)


def test_the_commands_for_ones_own_project_work_in_an_empty_folder(
    tmp_path: Path,
) -> None:
    (block,) = [b for b in BLOCKS if "pip install ." in b.text]
    env = environment(tmp_path)
    project = tmp_path / "project"
    project.mkdir()
    run = []
    for line in block.text.splitlines():
        command = line.partition("#")[0].strip()
        if not command.startswith("pip"):
            code, said = shell(command, project, env)
            assert code == 0, said
            run.append(command)
    assert run == ["vmgen init", "vmgen build", "vmgen build --check"]


def test_make_has_the_two_commands() -> None:
    (block,) = [b for b in BLOCKS if "make build" in b.text]
    rules = (ROOT / "Makefile").read_text()
    for line in block.text.splitlines():
        assert f"\n{line.split()[1]}:" in rules


@pytest.mark.parametrize(
    "block", [b for b in BLOCKS if b.language == "yaml"], ids=lambda b: f"line-{b.line}"
)
def test_the_schema_excerpts_are_the_schemas(block: Block) -> None:
    ((name, shown),) = yaml.safe_load(block.text).items()
    path = block.text.partition("# ")[2].partition("\n")[0]
    whole = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))["types"][name]
    fields = {
        n: f if isinstance(f, str) else f["type"] for n, f in whole["fields"].items()
    }
    assert shown == {"kind": whole["kind"], "fields": fields}


@pytest.mark.parametrize(
    ("bits", "target"),
    [(64, "x86_64-unknown-linux-gnu"), (32, "i686-unknown-linux-gnu")],
)
def test_the_pictures_offsets_are_the_engines(bits: int, target: str) -> None:
    (line,) = re.findall(rf"^ +{bits}-bit │(.*)$", README.read_text(), re.MULTILINE)
    *cells, size = (cell.strip() for cell in line.split("│"))
    fields = [tuple(cell.split()) for cell in cells if cell.strip("▒")]
    ran = vmgen(
        "layout", "schemas/wasmtime.vm.yaml", "VMFuncRef", "--version", "42.0.2",
        "--target", target, "--format", "json", cwd=ROOT,
    )  # fmt: skip
    (described,) = json.loads(ran.out)
    record: dict[str, Any] = described["types"]["VMFuncRef"]
    assert fields == [(f["name"], str(f["offset"])) for f in record["fields"]]
    assert size == f"{record['size']} bytes"


def module(name: str) -> Module:
    path = ROOT / f"schemas/{name}"
    made = load_at(path, path.name, Report())
    assert made is not None
    return made


def allowed(module: Module) -> dict[tuple[str, str], list[str]]:
    """Where each rule is allowed for the same reason, by rule and reason."""
    found: dict[tuple[str, str], list[str]] = {}

    def add(place: str, allows: dict[str, Allow]) -> None:
        for allow in allows.values():
            found.setdefault((allow.rule, allow.reason), []).append(place)

    add(module.name, dict(module.allow))
    for declared in module.types.values():
        add(declared.name, dict(declared.allow))
        for kind in ("fields", "variants", "slots", "regions"):
            for part in getattr(declared, kind, ()):
                add(f"{declared.name}.{part.name}", dict(part.allow))
    return found


def table(module: Module) -> str:
    """A row per rule and reason, in the order of the rules' codes."""
    codes = {r.name: r.code for r in all_rules()}
    lines = ["| rule | where | why it stays |", "|---|---|---|"]
    rows = sorted(allowed(module).items(), key=lambda row: (codes[row[0][0]], row[1]))
    for (rule, reason), places in rows:
        shown = [f"`{place}`" for place in places[:SHOWN_PLACES]]
        if len(places) == SHOWN_PLACES + 1:
            shown.append(f"`{places[-1]}`")
        elif len(places) > SHOWN_PLACES:
            shown.append(f"{len(places) - SHOWN_PLACES} more")
        where = ", ".join(shown[:-1]) + (" and " if shown[:-1] else "") + shown[-1]
        lines.append(f"| {codes[rule]} {rule} | {where} | {reason} |")
    return "\n".join(lines)


def test_the_table_of_allowed_rules_is_the_schemas() -> None:
    expected = f"{table(module('wasmtime.vm.yaml@42.0.2'))}\n\nand in Wasmer:\n\n{table(module('wasmer.vm.yaml'))}\n"
    text = README.read_text(encoding="utf-8")
    before, mark, rest = text.partition("<!-- allows -->\n")
    shown, end, after = rest.partition("<!-- /allows -->")
    assert mark
    assert end
    if os.environ.get("UPDATE_GOLDEN"):
        README.write_text(before + mark + expected + end + after, encoding="utf-8")
        shown = expected
    assert shown == expected
