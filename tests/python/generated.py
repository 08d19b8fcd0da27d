"""Generated Python: written to a folder, imported, judged."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import ROOT, Ran, load_at
from vmgen.languages.job import Job
from vmgen.languages.python import Python
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.report.full import render

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from vmgen.schema.model import Module

SCHEMAS = {
    "everything": "tests/python/everything.vm.yaml",
    "torture": "tests/schemas/good/torture.vm.yaml",
    "torture_allowed": "tests/schemas/good/torture_allowed.vm.yaml",
    "torture_c": "tests/schemas/good/torture_c.vm.yaml",
    "torture_on": "tests/schemas/good/torture_on.vm.yaml",
    "wasmtime42": "schemas/wasmtime.vm.yaml@42.0.2",
}

LANGUAGE = Python()
OLDEST = (3, 10)
NEWEST = (3, 15)


@cache
def module(name: str) -> Module:
    """The module of one of `SCHEMAS`."""
    return loaded(ROOT / SCHEMAS[name], SCHEMAS[name])


def loaded(path: Path, shown: str) -> Module:
    """The module of a schema that must have no faults of form."""
    report = Report()
    made = load_at(path, shown, report)
    assert made is not None, render(report)
    assert not report.has_errors, render(report)
    return made


def job_of(made: Module, options: Mapping[str, str] | None = None) -> Job:
    """The job of a module, with paths as they are printed in a project."""
    name = made.files[0].name
    return Job(made, Layouts(made), name, f"vmgen build {name}", options or {})


def texts(*modules: Module, options: Mapping[str, str] | None = None) -> dict[str, str]:
    """The files of modules and the runtime's, by file name."""
    jobs = [job_of(made, options) for made in modules]
    outputs = [output for job in jobs for output in LANGUAGE.module_files(job)]
    outputs += LANGUAGE.shared_files(jobs)
    return {output.path.removeprefix("python/"): output.text for output in outputs}


def write(
    folder: Path, *modules: Module, options: Mapping[str, str] | None = None
) -> Path:
    """Write modules and the runtime into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts(*modules, options=options).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def import_from(folder: Path, name: str) -> ModuleType:
    """Import a module of a package that `write` made, and its own runtime.

    The folder's name is the package's, which keeps the runtimes of tests apart.
    """
    if str(folder.parent) not in sys.path:
        sys.path.insert(0, str(folder.parent))
        importlib.invalidate_caches()
    return importlib.import_module(f"{folder.name}.{name}")


@cache
def pythons() -> dict[str, str]:
    """Interpreters on this machine by version, the one that runs the tests first."""
    found = {"{}.{}".format(*sys.version_info): sys.executable}
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for minor in range(OLDEST[1], NEWEST[1] + 1):
        version = f"3.{minor}"
        installed = sorted(pyenv.glob(f"{version}.*/bin/python"))
        path = str(installed[-1]) if installed else shutil.which(f"python{version}")
        if path and version not in found and _starts(path):
            found[version] = path
    return found


def too_old() -> list[str]:
    """Interpreters on this machine that generated code doesn't run on."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [str(p) for v in ("3.8", "3.9") for p in pyenv.glob(f"{v}.*/bin/python")]
    return [path for path in found if _starts(path)]


def _starts(path: str) -> bool:
    done = subprocess.run(
        [path, "-c", "import ctypes"], capture_output=True, check=False
    )
    return done.returncode == 0


def run(folder: Path, code: str, interpreter: str = sys.executable) -> Ran:
    """Run code in a fresh interpreter where warnings are errors, inside a folder."""
    done = subprocess.run(
        [interpreter, "-W", "error", "-B", "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
