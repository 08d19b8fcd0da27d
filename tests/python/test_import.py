"""Importing a module, on every Python there is; `test_damage` is on what it proves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.python.generated import (
    NEWEST,
    OLDEST,
    SCHEMAS,
    loaded,
    module,
    pythons,
    run,
    too_old,
    write,
)
from tests.support import missing

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
RELEASED = VERSIONS[:4]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_module_is_imported_without_a_warning(version: str, folder: Path) -> None:
    interpreter = pythons().get(version)
    if interpreter is None and version in RELEASED:
        missing(f"there is no Python {version}")
    if interpreter is None:
        pytest.skip(f"there is no Python {version}")
    done = run(folder, f"import {', '.join(SCHEMAS)}", interpreter)
    assert (done.code, done.out, done.err) == (0, "", "")


def test_modules_are_imported_from_a_package_too(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b", module("everything"), options={"package": "a.b"})
    done = run(
        tmp_path, "import a.b.everything; print(a.b.everything.VMMemory.__name__)"
    )
    assert (done.code, done.out, done.err) == (0, "VMMemory\n", "")


def test_nothing_but_the_standard_library_is_imported(folder: Path) -> None:
    code = (
        "import sys; before = set(sys.modules); import wasmtime42;"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - sys.stdlib_module_names))"
    )
    assert run(folder, code).out == "['vmgen_runtime', 'wasmtime42']\n"


def test_another_version_of_the_table_is_refused(tmp_path: Path) -> None:
    write(tmp_path, module("everything"))
    made = tmp_path / "everything.py"
    text = made.read_text(encoding="utf-8").replace("version=4", "version=5")
    made.write_text(text, encoding="utf-8")
    done = run(tmp_path, "import everything")
    assert done.code == 1
    assert done.err.splitlines()[-1] == (
        "ImportError: this vmgen_runtime reads tables of version 4, those of "
        "tests/python/everything.vm.yaml are of version 5: run "
        "`vmgen build tests/python/everything.vm.yaml`"
    )


CHAIN = """\
vmgen: 1
module: chain
types:
"""


def test_a_chain_of_pointers_costs_no_more_than_its_length(tmp_path: Path) -> None:
    """What `POINTER` fields take exponential time for."""
    lines = [
        f"  Link{i}: {{kind: struct, fields: {{next: VmPtr<Link{(i + 1) % 200}>, n: u8}}}}"
        for i in range(200)
    ]
    path = tmp_path / "chain.vm.yaml"
    path.write_text(CHAIN + "\n".join(lines) + "\n")
    write(tmp_path, loaded(path, path.name))
    code = (
        "import time; start = time.process_time(); import chain;"
        "first = chain.Link0(n=1);"
        "print(time.process_time() - start < 2, first.n)"
    )
    assert run(tmp_path, code).out == "True 1\n"


def test_a_python_that_is_too_old_is_told(folder: Path) -> None:
    said = (
        "ImportError: what vmgen generates needs Python 3.10 or later, this is 3.9.18"
    )
    asked = "import sys; sys.version_info = (3, 9, 18)\nimport everything"
    assert run(folder, asked).err.splitlines()[-1] == said
    (line,) = [
        line
        for line in (folder / "vmgen_runtime" / "__init__.py").read_text().splitlines()
        if line.startswith("It needs Python")
    ]
    assert line == f"It needs Python {OLDEST[0]}.{OLDEST[1]} or later."
    for interpreter in too_old():
        assert (
            run(folder, "import everything", interpreter)
            .err.splitlines()[-1]
            .startswith(
                "ImportError: what vmgen generates needs Python 3.10 or later, this is 3."
            )
        )
