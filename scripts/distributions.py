"""The wheel and the sdist: made twice, looked into, and installed in empty environments.

``python -m scripts.distributions FOLDER`` leaves both in a folder. They are made from
what git has checked out, in a copy, so that nothing else that lies about gets in.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IN_SDIST = ("vmgen/", "templates/", "schemas/")
ALSO_IN_SDIST = {
    ".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml",
}  # fmt: skip
METADATA = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
LOCK = ROOT / "locks" / "python.txt"


class DistributionError(Exception):
    """Something that a wheel or an sdist should not be like."""


def checked_out() -> list[str]:
    """The paths of everything that git has checked out, as below the project."""
    listed = _run(["git", "ls-files", "-z"], ROOT).split("\0")
    return sorted(path for path in listed if path and (ROOT / path).is_file())


def copied(folder: Path) -> Path:
    """A copy of what is checked out."""
    for path in checked_out():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, folder / path)
    return folder


def made(project: Path, folder: Path) -> tuple[Path, Path]:
    """The wheel and the sdist of a project, with the time of the last commit."""
    epoch = _run(["git", "log", "-1", "--format=%ct"], ROOT).strip()
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    _run(command, project, {"SOURCE_DATE_EPOCH": epoch})
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def in_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


def in_sdist(sdist: Path) -> set[str]:
    """The files of an sdist, without the folder that they are all in."""
    with tarfile.open(sdist) as opened:
        names = [member.name for member in opened if member.isfile()]
    folder = sdist.name.removesuffix(".tar.gz")
    return {name.removeprefix(f"{folder}/") for name in names}


def belongs_in_sdist() -> set[str]:
    """What the sdist should hold."""
    return {p for p in checked_out() if p.startswith(IN_SDIST)} | ALSO_IN_SDIST


def belongs_in_wheel(wheel: Path) -> set[str]:
    """What the wheel should hold: the package, with the templates in it."""
    name, version, _ = wheel.name.split("-", 2)
    package = {p for p in checked_out() if p.startswith("vmgen/")}
    templates = {f"vmgen/{p}" for p in checked_out() if p.startswith("templates/")}
    return package | templates | {f"{name}-{version}.dist-info/{m}" for m in METADATA}


def hold_against(held: set[str], belongs: set[str], file: Path) -> None:
    """Raises DistributionError, naming what is too much and what is missing."""
    faults = [f"has {name}" for name in sorted(held - belongs)]
    faults += [f"lacks {name}" for name in sorted(belongs - held)]
    if faults:
        raise DistributionError(f"{file.name} {', '.join(faults)}")


def hold_equal(one: Path, other: Path) -> None:
    """Raises DistributionError unless two files are the same, byte for byte."""
    if one.read_bytes() != other.read_bytes():
        raise DistributionError(f"{one.name} is made differently each time")


def installed(file: Path, folder: Path) -> Path:
    """The `bin` of a new environment in which a distribution was installed alone.

    pip gets the locked versions, for what builds an sdist too.
    """
    _run([sys.executable, "-m", "venv", str(folder)], ROOT)
    lock = {"PIP_CONSTRAINT": str(LOCK), "PIP_BUILD_CONSTRAINT": str(LOCK)}
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    _run([*pip, "--disable-pip-version-check", str(file)], folder, lock)
    return folder / "bin"


def try_out(bin: Path, project: Path) -> None:
    """Let an installed vmgen build a schema in a new folder."""
    project.mkdir()
    own = {"VMGEN_CACHE_DIR": str(project / ".cache"), "PYTHONPATH": ""}
    for words in (["init"], ["build"], ["build", "--check"]):
        _run([str(bin / "vmgen"), *words], project, own)


def _run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> str:
    """What a command prints. Raises DistributionError with all it said if it fails."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        what = f"`{' '.join(command)}` failed:\n{done.stdout}{done.stderr}"
        raise DistributionError(what)
    return done.stdout


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    out = Path(arguments[0])
    shutil.rmtree(out, ignore_errors=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            wheel, sdist = made(copied(folder / "one"), folder / "made")
            again = made(copied(folder / "other"), folder / "again")
            for file, other in zip((wheel, sdist), again, strict=True):
                hold_equal(file, other)
            hold_against(in_wheel(wheel), belongs_in_wheel(wheel), wheel)
            hold_against(in_sdist(sdist), belongs_in_sdist(), sdist)
            for file in (wheel, sdist):
                alone = Path(tempfile.mkdtemp(dir=folder))
                try_out(installed(file, alone / "environment"), alone / "project")
        except DistributionError as error:
            print(f"distributions: {error}", file=sys.stderr)
            return 1
        out.mkdir(parents=True)
        for file in (wheel, sdist):
            print(shutil.copyfile(file, out / file.name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
