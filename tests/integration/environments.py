"""What other tools take vmgen from: a copy of its sources, and a git that is anybody's."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.support import ROOT

SOURCES = (
    "vmgen",
    "templates",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
)
"""What a wheel is made from."""


def sources(folder: Path) -> Path:
    """A copy of what a wheel is made from, without what running it leaves behind."""
    folder.mkdir(parents=True)
    for name in SOURCES:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody, whatever the user's own configuration is."""
    somebody = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "somebody@example.org"
           for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder,
        env={**os.environ, **somebody},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
