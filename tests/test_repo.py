"""The repository as a whole: nothing stale, and nothing unfinished."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import ROOT, vmgen
from vmgen.schema.json_schema import json_schema

MOST_LINES = 350
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
LEFT_OUT = {".git", ".venv", "target", "node_modules"}
LEFT_OUT_AT_THE_TOP = {"build", "dist", "generated"}


def files(*suffixes: str) -> Iterator[Path]:
    """The project's own files, those that tools write left out."""
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        left_out = inside[0] in LEFT_OUT_AT_THE_TOP or any(
            p in LEFT_OUT or p.endswith("_cache") for p in inside
        )
        if path.is_file() and path.suffix in suffixes and not left_out:
            yield path


def test_generated_is_current(tmp_path: Path) -> None:
    ran = vmgen("build", "--check", cwd=ROOT, VMGEN_CACHE_DIR=str(tmp_path))
    assert ran.code == 0, ran.out + ran.err


def test_the_json_schema_beside_the_schemas_is_current() -> None:
    beside = (ROOT / "schemas/vmgen.schema.json").read_text(encoding="utf-8")
    assert (
        beside == json.dumps(json_schema(), indent=2) + "\n"
    ), "remake it: vmgen schema > schemas/vmgen.schema.json"


def test_no_file_of_the_program_is_long() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in files(".py")
        if path.is_relative_to(ROOT / "vmgen")
        and path.name != "target_table.py"  # a list, written by a script
        and (lines := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES
    }
    assert long == {}


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files(".py", ".j2", ".md", ".yaml", ".toml", ".rs", ".c", ".cpp")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text("utf-8", "replace").split("\n"), 1)
        if UNFINISHED.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "page", list(files(".md")), ids=lambda p: p.relative_to(ROOT).as_posix()
)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    local = [link for link in LINK.findall(text) if "://" not in link]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_tests_of_a_group_run_in_one_process(tmp_path: Path) -> None:
    (tmp_path / "test_grouped.py").write_text(
        "import os, pytest\n"
        "@pytest.mark.xdist_group('together')\n"
        "@pytest.mark.parametrize('number', range(8))\n"
        "def test_it(number):\n"
        "    with open('workers', 'a') as file:\n"
        "        file.write(os.environ['PYTEST_XDIST_WORKER'] + '\\n')\n",
        encoding="utf-8",
    )
    run = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup"]
    subprocess.run([*run, "-p", "no:cacheprovider"], cwd=tmp_path, check=True)
    workers = (tmp_path / "workers").read_text(encoding="utf-8").splitlines()
    assert (len(workers), len(set(workers))) == (8, 1)
