"""The files of a revision of a git repository, as git itself gives them."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path
from typing import IO


class NoRevision(Exception):
    """A revision that can't be read; the message says why."""


class Revision:
    """The files of one revision. Paths are those in the working tree, there or not.

    A link leads to what it names in the revision; one that leads out of it is no file.
    Raises `NoRevision` when made of what git doesn't know.
    """

    def __init__(self, revision: str, folder: Path) -> None:
        self.prefix = f"{revision}:"
        self.root = Path(_asked(folder, "rev-parse", "--show-toplevel"))
        if not revision or revision.startswith("-"):
            raise NoRevision(f"`{revision}` is no revision")
        self._commit = _asked(
            folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"
        )
        if not self._commit:
            raise NoRevision(
                f"`{revision}` is no revision of the repository {self.root}"
            )
        self._known: dict[str, bytes | None] = {}
        self._git: subprocess.Popen[bytes] | None = None

    def content(self, path: Path) -> bytes:
        found = self._blob(path)
        if found is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return found

    def is_file(self, path: Path) -> bool:
        return self._blob(path) is not None

    def real(self, path: Path) -> Path:
        # Of a link this is the link: two of them to one file are two files.
        return Path(os.path.normpath(path))

    def close(self) -> None:
        """End the process of git that gives the files."""
        if self._git is not None:
            assert self._git.stdin is not None
            assert self._git.stdout is not None
            self._git.stdin.close()
            self._git.stdout.close()
            self._git.wait()
            self._git = None

    def _blob(self, path: Path) -> bytes | None:
        """What is in a file; None if there is none."""
        try:
            inside = self.real(path).relative_to(self.root).as_posix()
        except ValueError:
            return None
        if "\n" in inside:
            return None
        if inside not in self._known:
            self._known[inside] = self._read(inside)
        return self._known[inside]

    def _read(self, inside: str) -> bytes | None:
        git = self._process()
        assert git.stdin is not None
        assert git.stdout is not None
        git.stdin.write(f"{self._commit}:{inside}\n".encode())
        git.stdin.flush()
        head = git.stdout.readline().decode(errors="replace").rstrip("\n")
        kind, size = (head.split() or [""])[-2:] if " " in head else ("", "")
        if not size.isdigit():
            # It is missing; other answers have a size, and so much behind the line.
            return None
        found = _exactly(git.stdout, int(size) + 1)[:-1]
        return found if kind == "blob" else None

    def _process(self) -> subprocess.Popen[bytes]:
        if self._git is None:
            self._git = subprocess.Popen(
                ["git", "cat-file", "--batch", "--follow-symlinks"],
                cwd=self.root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._git


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = b""
    while len(found) < size:
        more = stream.read(size - len(found))
        if not more:
            break
        found += more
    return found


def _asked(folder: Path, *words: str) -> str:
    """What git answers, a line; nothing if it fails for `--quiet`."""
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise NoRevision(f"revisions need git: {reason}") from None
    if done.returncode and "--quiet" not in words:
        raise NoRevision(done.stderr.decode(errors="replace").strip() or "git failed")
    return done.stdout.decode(errors="replace").strip()
