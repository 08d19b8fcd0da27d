"""Pyodide, which is CPython compiled to WebAssembly: a 32-bit Python under Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fetched import npm_packages
from tests.machines.pyodide_question import about
from tests.python.generated import job_of, loaded, write
from tests.support import ROOT, need

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
LOADER = HERE / "pyodide.mjs"
GENERATED = ROOT / "generated" / "python"
BIG_ENDIAN = ("s390x-unknown-linux-gnu", "powerpc-unknown-linux-gnu")

WASMTIMES = {
    "wasmtime42": "42.0.2", "wasmtime43": "43.0.2", "wasmtime44": "44.0.3",
    "wasmtime45": "45.0.3", "wasmtime46": "46.0.3", "wasmtime47": "47.0.4",
    "wasmtime48_0_5": "48.0.5", "wasmtime48": "48.0.8", "wasmtime49_0_2": "49.0.2",
    "wasmtime49": "49.0.5", "wasmtime50": "50.0.1",
}  # fmt: skip
SCHEMAS = {
    **{name: f"schemas/wasmtime.vm.yaml@{v}" for name, v in WASMTIMES.items()},
    "cpython313": "schemas/cpython.vm.yaml@3.13",
    "cpython314": "schemas/cpython.vm.yaml@3.14",
    **{
        name: f"schemas/{name}.vm.yaml"
        for name in ("arrow_c", "dlpack", "io_uring", "wasmer")
    },
    "tortured.torture": "tests/schemas/good/torture.vm.yaml",
    "tortured.torture_allowed": "tests/schemas/good/torture_allowed.vm.yaml",
}
"""By the name that they are imported by. The first ones are those of generated/; the
others are made, as a package. What can't be measured is told before the second one,
so that the first one has to find out everything itself."""


def library() -> Path:
    """Pyodide's main file; the lock file says which."""
    need("node")
    packages = npm_packages("pyodide", HERE / "package-lock.json")
    return packages / "pyodide" / "pyodide.mjs"


def question() -> dict[str, Any]:
    """What the modules of `SCHEMAS` are asked, and what the engine answers."""
    return {
        name: about(
            job_of(loaded(ROOT / schema, schema)).layouts.called("python"), BIG_ENDIAN
        )
        for name, schema in SCHEMAS.items()
    }


def ask(folder: Path, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What `inside_pyodide.py` says to that question; `folder` is for its files."""
    (folder / "question").mkdir()
    path = folder / "question" / "question.json"
    path.write_text(json.dumps(asked), encoding="utf-8")
    made = [loaded(ROOT / s, s) for n, s in SCHEMAS.items() if "." in n]
    write(folder / "tortured", *made, options={"package": "tortured"})
    script = HERE / "inside_pyodide.py"
    given = [LOADER, library(), script, path.parent, GENERATED, folder]
    done = subprocess.run(
        ["node", *map(str, given)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
