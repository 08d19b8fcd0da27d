"""Exact versions of the Python packages that this project's tests install.

``python -m scripts.lock`` writes two lock files: what the registry serves today, and
the lowest versions that pyproject.toml admits with what they need beside them.
``python -m scripts.lock compare`` prints in what an environment differs from the first.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "locks" / "python.txt"
LOWEST = ROOT / "locks" / "python-lowest.txt"
HEADS = {
    LOCK: "# Written by `make lock`: what the tests install.\n",
    LOWEST: "# Written by `make lock`: the lowest versions that pyproject.toml admits.\n",
}


def requirements(pyproject: dict[str, Any]) -> list[Requirement]:
    """Everything that pyproject.toml asks for: to build, to run and to test."""
    project = pyproject["project"]
    extras = project["optional-dependencies"].values()
    asked = [*pyproject["build-system"]["requires"], *project["dependencies"]]
    return [Requirement(text) for text in [*asked, *(t for e in extras for t in e)]]


def lowest(asked: list[Requirement]) -> dict[str, str]:
    """The least version of each requirement. Raises ValueError if one states none."""
    versions: dict[str, str] = {}
    for requirement in asked:
        bounds = [
            s.version for s in requirement.specifier if s.operator in (">=", "==")
        ]
        if len(bounds) != 1:
            raise ValueError(f"pyproject.toml: `{requirement}` has no lowest version")
        versions[canonicalize_name(requirement.name)] = bounds[0]
    return versions


def locked(lock: Path) -> dict[str, str]:
    """The versions that a lock file has, by normalised name."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if not line.startswith("#"))
    return dict(pairs)


def installed() -> dict[str, str]:
    """The versions in the environment that this runs in, but for vmgen and pip."""
    found = {canonicalize_name(d.name): d.version for d in distributions()}
    return {n: v for n, v in found.items() if n not in ("pip", "setuptools", "vmgen")}


def _renew(lock: Path, asked: list[str]) -> None:
    """Write what an empty environment gets today that is asked for these."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [f"{folder}/bin/python", "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", *asked], check=True)
        listed = subprocess.run(
            [*pip, "list", "--format=freeze", "--exclude=pip", "--exclude=setuptools"],
            check=True,
            capture_output=True,
            text=True,
        )
    pairs = (line.split("==") for line in listed.stdout.splitlines())
    lines = sorted(f"{canonicalize_name(name)}=={version}\n" for name, version in pairs)
    lock.write_text(HEADS[lock] + "".join(lines), encoding="utf-8")


def main(arguments: list[str]) -> int:
    with (ROOT / "pyproject.toml").open("rb") as file:
        asked = requirements(tomllib.load(file))
    match arguments:
        case []:
            _renew(LOCK, [str(requirement) for requirement in asked])
            _renew(LOWEST, [f"{n}=={v}" for n, v in lowest(asked).items()])
        case ["compare"]:
            lock, here = locked(LOCK), installed()
            for name in sorted(lock.keys() | here.keys()):
                if lock.get(name) != here.get(name):
                    was = lock.get(name, "not there")
                    print(f"{name}: {here.get(name, 'not there')}, locked {was}")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
