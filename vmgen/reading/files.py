"""Where files are read from: the disk, or something that has files as a disk has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 64 * 1024 * 1024


class Files(Protocol):
    """Files by their paths. `prefix` stands before paths in messages."""

    @property
    def prefix(self) -> str: ...

    def content(self, path: Path) -> bytes:
        """What is in a file, or of one that is larger than `MAX_BYTES` just more than is
        permitted. Raises OSError."""

    def is_file(self, path: Path) -> bool:
        """Whether there is a regular file, or a link to one."""

    def real(self, path: Path) -> Path:
        """Where a file really is, links followed."""


class Disk:
    """The files of this machine."""

    prefix = ""

    def content(self, path: Path) -> bytes:
        # How large a pipe or a device is shows only when it is read, and some have no
        # end.
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)

    def is_file(self, path: Path) -> bool:
        return path.is_file()

    def real(self, path: Path) -> Path:
        return path.resolve()


DISK = Disk()
