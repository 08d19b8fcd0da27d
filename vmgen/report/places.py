"""Where a finding is, for whoever shows it beside the lines of a repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vmgen.reading.source import SourceFile


def repository() -> str:
    """The root of the repository that we are in, or else the working folder."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    if workspace and os.path.isdir(workspace):
        return os.path.abspath(workspace)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return str(folder)
    return str(here)


def repository_path(file: SourceFile) -> str:
    """A file's path from the repository's root, with slashes; absolute outside of it.

    Findings name files as seen from the working folder, which may be below the root.
    """
    root = repository()
    path = os.path.abspath(file.path)
    for base, inside in (
        (root, path),
        (os.path.realpath(root), os.path.realpath(path)),
    ):
        try:
            is_inside = os.path.commonpath([base, inside]) == base
        except ValueError:
            # They are on different drives.
            is_inside = False
        if is_inside:
            return os.path.relpath(inside, base).replace(os.sep, "/")
    return path.replace(os.sep, "/")


def one_line(text: str) -> str:
    """A text on one line, with whatever would upset a terminal made visible."""
    return "".join(c if c.isprintable() else _visible(c) for c in text)


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
