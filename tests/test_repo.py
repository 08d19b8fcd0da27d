"""The repository as a whole: nothing stale, nothing unfinished, and a wheel that works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from tests.integration.environments import environment, install, sources
from tests.support import ROOT, vmgen
from vmgen import __version__
from vmgen.rules.registry import all_rules
from vmgen.schema.json_schema import json_schema
from vmgen.schema.wordlists import Packed, Words

MOST_LINES = 350
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
LEFT_OUT = {".git", ".venv", "build", "dist", "target", "generated", "node_modules"}


def files(*suffixes: str) -> Iterator[Path]:
    """The project's own files, those that tools write left out."""
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        left_out = any(p in LEFT_OUT or p.endswith("_cache") for p in inside)
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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as pip makes it of what is checked in."""
    folder = tmp_path_factory.mktemp("wheel")
    bin = environment("wheel", "jinja2>=3.1", "msgspec>=0.19", "pyyaml>=6.0.1")
    subprocess.run(
        [bin / "python", "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--wheel-dir", folder, sources(folder / "vmgen")],
        check=True,
    )  # fmt: skip
    (made,) = folder.glob("*.whl")
    return made


@pytest.mark.xdist_group("wheel")
def test_the_wheel_has_the_program_and_what_it_reads(wheel: Path) -> None:
    assert wheel.name == f"vmgen-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
    templates = {
        f"vmgen/templates/{p.relative_to(ROOT / 'templates').as_posix()}"
        for p in (ROOT / "templates").rglob("*")
        if p.is_file()
    }
    examples = {
        f"vmgen/rules/examples/{path.name}"
        for rule in all_rules()
        for path in (*rule.bad_paths, *rule.good_paths)
    }
    lists = {
        f"vmgen/schema/lists/{name}.txt"
        for name in (*get_args(Words), *get_args(Packed))
    }
    assert templates | examples | lists | {"vmgen/py.typed"} <= names
    others = {name.partition("/")[0] for name in names} - {"vmgen"}
    assert others == {f"vmgen-{__version__}.dist-info"}


@pytest.mark.xdist_group("wheel")
def test_the_wheel_builds_a_schema_in_another_folder(
    wheel: Path, tmp_path: Path
) -> None:
    bin = environment("wheel", "jinja2>=3.1", "msgspec>=0.19", "pyyaml>=6.0.1")
    install(bin, "--force-reinstall", "--no-deps", str(wheel))
    env = {"PATH": "/usr/bin:/bin", "VMGEN_CACHE_DIR": str(tmp_path / "cache")}

    def run(*command: str) -> str:
        done = subprocess.run(
            [bin / "vmgen", *command],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return done.stdout

    assert run("--version") == f"vmgen {__version__}\n"
    run("init")
    assert "files changed" in run("build")
    assert run("build", "--check").endswith("nothing to change\n")
    assert vmgen("build", "--check", cwd=tmp_path).code == 0
    assert "Refused:" in run("explain", "VM102")
    run("doc", "schemas/vm.vm.yaml")
    assert (tmp_path / "vm.html").is_file()
    assert run("schema").startswith("{\n")
    assert "complete -F _vmgen vmgen\n" in run("completion", "bash")


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
