"""Where stamps and compiled templates are kept between runs: a folder of one's own.

Compiled templates are run, and stamps are believed. So what others could have written
is as good as absent, and so is whatever can't be read or written: that costs time and
nothing else. This module imports next to nothing, as `vmgen.build.stamp` needs it.
"""

from __future__ import annotations

import contextlib
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_IS_POSIX = os.name == "posix"


def cache_folder() -> str | None:
    """`VMGEN_CACHE_DIR`, else `vmgen` in `XDG_CACHE_HOME` or in `~/.cache`.

    A relative path counts as none, as XDG has it: it would be a folder of whatever
    project one happens to be in. None where no folder is left.
    """
    chosen = os.environ.get("VMGEN_CACHE_DIR", "")
    if os.path.isabs(chosen):
        return chosen
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):
        base = os.path.expanduser("~/.cache")
    return os.path.join(base, "vmgen") if os.path.isabs(base) else None


class Cache:
    """Files in the cache folder, or in a folder `below` it."""

    def __init__(self, folder: str, below: Sequence[str] = ()) -> None:
        self.folders = [folder]
        for name in below:
            self.folders.append(os.path.join(self.folders[-1], name))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cache) and self.folders == other.folders

    def __hash__(self) -> int:
        return hash(self.folders[-1])

    def read(self, name: str) -> bytes | None:
        """What was kept under a name; None where nothing of this user's own is."""
        if not _IS_POSIX:
            # The folders of Windows' users are their own by default.
            return _read(os.path.join(self.folders[-1], name))
        try:
            folder = os.open(self.folders[-1], os.O_RDONLY | os.O_DIRECTORY)
        except (OSError, ValueError):
            return None
        try:
            return _read(name, folder) if _is_private(folder) else None
        finally:
            os.close(folder)

    def write(self, name: str, content: bytes) -> None:
        """Keep something for the next run, if the folder is this user's own."""
        from vmgen.build.atomic import write_all

        with contextlib.suppress(OSError, ValueError):
            for folder in self.folders:
                os.makedirs(folder, 0o700, exist_ok=True)
            write_all([(os.path.join(self.folders[-1], name), content)], mode=0o600)


def _read(path: str, folder: int | None = None) -> bytes | None:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), dir_fd=folder)
        with open(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            if not stat.S_ISREG(mode) or (_IS_POSIX and not _is_private(descriptor)):
                return None
            return file.read()
    except (OSError, ValueError):
        return None


def _is_private(descriptor: int) -> bool:
    """Whether a file or folder is this user's, and nobody else may write to it."""
    status = os.fstat(descriptor)
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022
