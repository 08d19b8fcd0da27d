"""Cargo, as the drop-in runs it: with a lock file, and for all trees into one folder."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.support import ROOT

FOLDER = ROOT / "build" / "drop_in"
HERE = Path(__file__).parent


class Failed(Exception):
    """A command that had to succeed didn't; the text is what it said."""


def run(command: Sequence[str | Path], folder: Path) -> str:
    """What a command prints to its standard output.

    Raises Failed with both outputs where it exits with another code than 0.
    """
    done = attempt(command, folder)
    if done.returncode:
        words = " ".join(map(str, command))
        raise Failed(f"{words}, in {folder}:\n{done.stdout}{done.stderr}")
    return done.stdout


def attempt(
    command: Sequence[str | Path], folder: Path
) -> subprocess.CompletedProcess[str]:
    target = os.environ.get("CARGO_TARGET_DIR", str(FOLDER / "target"))
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "CARGO_TARGET_DIR": target, "CARGO_INCREMENTAL": "0"},
        capture_output=True,
        text=True,
        check=False,
    )


def cargo(folder: Path, *words: str) -> str:
    """`cargo` with the lock file of a folder; gives its standard output."""
    return run(["cargo", *words, "--locked"], folder)
