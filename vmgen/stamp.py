"""Knowing, before anything is parsed, that there is nothing to do.

A stamp holds a digest of everything a build read and wrote. When all of it is as it
was, and vmgen is as it was, another build would change nothing. Stamps are in the
user's cache folder (`VMGEN_CACHE_DIR`, else `XDG_CACHE_HOME` or `~/.cache`, with
`vmgen` below); a stamp that can't be read or written costs time and nothing else.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_PACKAGE = Path(__file__).resolve().parent


def cache_folder() -> Path:
    """Where stamps and compiled templates are kept between runs."""
    chosen = os.environ.get("VMGEN_CACHE_DIR")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base, "vmgen")


def stamp_path(call: Sequence[str]) -> Path:
    """The stamp of a call, told apart by its words and the folder it is made in."""
    key = "\0".join([os.getcwd(), *call])
    return cache_folder() / f"{blake2b(key.encode(), digest_size=16).hexdigest()}.stamp"


def tool_state(templates: Path) -> str:
    """What tells one vmgen from another: its files' sizes and times of change."""
    lines = []
    for folder in (_PACKAGE, templates):
        stack = [os.fspath(folder)]
        while stack:
            with os.scandir(stack.pop()) as entries:
                for entry in entries:
                    if entry.is_dir():
                        if entry.name != "__pycache__":
                            stack.append(entry.path)
                        continue
                    status = entry.stat()
                    lines.append(f"{entry.path} {status.st_size} {status.st_mtime_ns}")
    return "\n".join(sorted(lines))


def digest(state: str, files: Iterable[str], listing: Iterable[str]) -> str | None:
    """A digest over vmgen's state, the content of `files` and the names in `listing`.

    None when one of the files can't be read.
    """
    total = blake2b(state.encode(), digest_size=16)
    for path in files:
        try:
            with open(path, "rb") as file:
                content = file.read()
        except OSError:
            return None
        total.update(f"\0{path}\0{len(content)}\0".encode())
        total.update(content)
    for name in listing:
        total.update(f"\0{name}".encode())
    return total.hexdigest()


def read(path: Path) -> tuple[str, str, list[str]] | None:
    """A stamp's digest, the line the build ended with, and the files it is about."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return (lines[0], lines[1], lines[2:]) if len(lines) > 2 else None


def write(path: Path, digest: str, summary: str, files: Iterable[str]) -> None:
    """Keep a stamp; failing to is no fault."""
    names = list(files)
    if any("\n" in name for name in names):
        return
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text("\n".join([digest, summary, *names, ""]), encoding="utf-8")
        os.replace(temporary, path)
    except OSError:
        return
