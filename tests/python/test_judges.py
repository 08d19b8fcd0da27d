"""black, ruff and mypy find nothing to change in what is generated."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import black
import pytest
from hypothesis import HealthCheck, given, settings

from tests.python.generated import SCHEMAS, loaded, module, run, texts, write
from tests.random import strategies
from tests.random.sound import sound_schemas
from tests.support import ROOT, proving, vmgen

MODE = black.Mode(target_versions={black.TargetVersion.PY310})


def judge(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.parametrize("name", SCHEMAS)
def test_black_changes_nothing(name: str) -> None:
    for file, text in texts(module(name)).items():
        assert black.format_str(text, mode=MODE) == text, file


@settings(
    max_examples=2000 if proving() else 60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(schema=sound_schemas())
def test_black_changes_nothing_in_the_module_of_a_random_schema(
    tmp_path_factory: pytest.TempPathFactory, schema: dict[str, object]
) -> None:
    folder = tmp_path_factory.mktemp("random")
    path = folder / "random.vm.yaml"
    path.write_text(strategies.as_text(schema, "random"), encoding="utf-8")
    made = texts(loaded(path, path.name), options={"llvmlite": "0.50"})
    for text in (made["random.py"], made["random_llvm.py"]):
        assert black.format_str(text, mode=MODE) == text
        assert unused_imports(text) == set()


def unused_imports(text: str) -> set[str]:
    """Names that a module imports and never mentions again."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
    }
    mentioned = Counter(re.findall(r"\w+", text))
    return {name for name in imported if mentioned[name] < 2}


SPARSE = {
    "opaque": "VMCode: {kind: opaque}",
    "only_fields": "VMThing: {kind: context, fields: {a: u8}}",
    "only_regions": "VMThing: {kind: context, counts: [n], regions: {a: '[u8; n]'}}",
    "no_counts": "VMThing: {kind: context, fields: {a: u8}, regions: {b: u64}}",
    "number": "VMIndex: {kind: newtype, of: u32}",
    "plain": "VMState: {kind: enum, tag: u8, variants: {A: 0}}",
    "tagged": "VMEvent: {kind: enum, tag: u8, variants: {A: u8}}",
    "functions": "VMCalls: {kind: functions, functions: {run: '()'}}",
    "foreign": "VMThere: {kind: foreign, size: 8, align: 8}",
    "bytes": "VMBytes: {kind: struct, fields: {a: '[[u8; 3]; 2]'}}",
}


def test_modules_with_hardly_anything_in_them_are_clean(tmp_path: Path) -> None:
    modules = []
    for name, types in SPARSE.items():
        path = tmp_path / f"{name}.vm.yaml"
        path.write_text(f"vmgen: 1\nmodule: {name}\ntypes:\n  {types}\n")
        modules.append(loaded(path, path.name))
    write(tmp_path, *modules)
    assert judge(tmp_path, "black", "--check", ".") == ""
    assert judge(tmp_path, "ruff", "check", "--no-cache", "--isolated", ".") == ""
    assert judge(tmp_path, "mypy", "--strict", ".") == ""
    done = run(tmp_path, f"import {', '.join(SPARSE)}")
    assert (done.code, done.err) == (0, "")


def test_ruff_finds_nothing(folder: Path) -> None:
    assert judge(folder, "ruff", "check", "--no-cache", "--isolated", ".") == ""
    config = str(ROOT / "pyproject.toml")
    assert judge(folder, "ruff", "check", "--no-cache", "--config", config, ".") == ""


def test_mypy_finds_nothing_when_strict(folder: Path, tmp_path: Path) -> None:
    cache = ["--cache-dir", str(tmp_path)]
    assert judge(folder, "mypy", "--strict", *cache, ".") == ""


def test_mypy_knows_what_reading_a_field_gives(folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "user.py"
    program.write_text("""\
from everything import VMEverything, VMMemory, VMState, VMThing, VMThingOffsets
from vmgen_runtime import VmPtr, u8

record = VMEverything.at(0x1000)
reveal_type(record.flag)
reveal_type(record.from_)
reveal_type(record.state)
reveal_type(record.event.value)
reveal_type(record.memories[0])
reveal_type(record.memories[0:1])
reveal_type(record.memories[0].base.array(3)[0])
reveal_type(record.calls.deref().start)
reveal_type(VMMemory.read(b"", "s390x-unknown-linux-gnu").base)
reveal_type(VMThing.at(0x1000, VMThingOffsets(num_memories=1)).links[0].deref())
reveal_type(VMThingOffsets().links[0])
record.flag = "1"
record.index = 5
record.memories[0].base = 4096
record.memories[0].base = VmPtr(4096, u8)
VMThingOffsets(num_memory=1)
""")
    done = judge(folder, "mypy", "--strict", "--cache-dir", str(tmp_path), str(program))
    revealed = [
        line.split("Revealed type is ")[1].strip('"')
        for line in done.splitlines()
        if "Revealed" in line
    ]
    short = [re.sub(r"(\w+\.)+", "", one) for one in revealed]
    assert short == [
        "int",
        "VmPtr[VMEverything] | None",
        "int",
        "int | VMCell | None",
        "VMMemory",
        "Array[VMMemory]",
        "int",
        "VmPtr[Function]",
        "VmPtr[u8]",
        "VMMemory",
        "int",
    ]
    errors = [line.split(":")[1] for line in done.splitlines() if ": error:" in line]
    assert errors == ["16", "17", "18", "20"]


def test_the_generated_files_of_the_repository_are_clean(tmp_path: Path) -> None:
    made = vmgen(
        "build",
        "-o",
        str(tmp_path),
        "--lang",
        "python",
        str(ROOT / "schemas" / "wasmtime.vm.yaml"),
        cwd=tmp_path,
    )
    assert made.code == 0, made.out + made.err
    for path in (tmp_path / "python").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert black.format_str(text, mode=MODE) == text, path.name
