"""What tests fetch from elsewhere, kept under build/ between runs."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.support import ROOT, missing, need


def fetched(name: str, wanted: str, fetch: Callable[[Path], None]) -> Path:
    """A folder under build/ that `fetch` has filled with what is wanted.

    However many processes ask, one fills it; what a broken run has left, or what
    something else was wanted for, is made anew.
    """
    folder = ROOT / "build" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    stamp = folder / "wanted.txt"
    with folder.with_name(f"{folder.name}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            fetch(folder)
            stamp.write_text(wanted, encoding="utf-8")
    return folder


def npm_packages(name: str, lock_file: Path) -> Path:
    """The `node_modules` of what a lock file beside a `package.json` names."""
    npm = need("npm")

    def fetch(folder: Path) -> None:
        for file in (lock_file, lock_file.with_name("package.json")):
            shutil.copy(file, folder / file.name)
        run = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        fetch_by(run, folder)

    wanted = lock_file.read_text(encoding="utf-8")
    return fetched(name, wanted, fetch) / "node_modules"


def crate_source(name: str, manifest: Path) -> Path:
    """The folder of a crate that a package depends on, which cargo keeps."""
    asked = ["metadata", "--locked", "--format-version=1"]
    done = subprocess.run(
        [need("cargo"), *asked, f"--manifest-path={manifest}"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        missing(f"the Rust package registry gives no {name}: {done.stderr[-500:]}")
    packages = json.loads(done.stdout)["packages"]
    (carrier,) = [package for package in packages if package["name"] == name]
    return Path(carrier["manifest_path"]).parent


def fetch_by(command: Sequence[str], folder: Path) -> None:
    """Run a client of a registry in a folder; a skip where that has no answer."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        missing(f"`{' '.join(command)}` failed: {done.stderr[-500:]}")
