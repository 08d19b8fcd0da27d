"""What a build makes of one small schema in every language, to the byte.

``UPDATE_GOLDEN=1`` writes the expected outputs anew. Files that are the same for every
schema are in generated/, which `vmgen build --check` guards.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support import vmgen

GOLDEN = Path(__file__).parent
SCHEMA = "small.vm.yaml"
OPTIONS = """\
[tool.vmgen.rust]
modules = "places for_each"
cranelift = "0.135"
[tool.vmgen.python]
llvmlite = "0.50"
[tool.vmgen.c]
llvm = "true"
"""
OUTPUTS = (
    "c/small.h",
    "c/small_llvm.h",
    "gdb/small_gdb.py",
    "layout/small.txt",
    "lldb/small_lldb.py",
    "python/small.py",
    "python/small_llvm.py",
    "rust/src/small.rs",
    "rust/src/small_cranelift.rs",
    "rust/src/small_for_each.rs",
    "rust/src/small_offsets.rs",
    "rust/src/small_places.rs",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a build, below which files stand as they do beside this one."""
    folder = tmp_path_factory.mktemp("golden")
    shutil.copy(GOLDEN / SCHEMA, folder)
    (folder / "pyproject.toml").write_text(OPTIONS, encoding="utf-8")
    languages = "rust,c,python,layout,gdb,lldb"
    ran = vmgen("build", SCHEMA, "--out", ".", "--lang", languages, cwd=folder)
    assert (ran.code, ran.err) == (0, "")
    return folder


@pytest.mark.parametrize("path", OUTPUTS)
def test_the_output_of_the_small_schema_is_the_expected_one(
    built: Path, path: str
) -> None:
    text = (built / path).read_text(encoding="utf-8")
    expected = GOLDEN / path
    if os.environ.get("UPDATE_GOLDEN"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


def test_every_output_that_has_the_schemas_name_is_expected(built: Path) -> None:
    found = [p.relative_to(built).as_posix() for p in built.rglob("small*")]
    assert sorted(found) == sorted([*OUTPUTS, SCHEMA])


def test_nothing_else_is_kept_here() -> None:
    """An output that is renamed doesn't leave the old one behind."""
    kept = [p.relative_to(GOLDEN).as_posix() for p in GOLDEN.rglob("*.*")]
    others = [p for p in kept if "__pycache__" not in p]
    assert sorted(others) == sorted([*OUTPUTS, SCHEMA, "test_golden.py"])
