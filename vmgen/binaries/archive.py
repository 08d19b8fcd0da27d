"""Archives of objects: ``.a`` as ar writes them, and Rust's ``.rlib``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.binaries.image import BinaryError

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = 60
"""Bytes before each member: name 16, times and owners 32, size 10, and two that end it."""


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The members of an archive with their names. Raises `BinaryError`."""
    if data.startswith(b"!<thin>\n"):
        raise BinaryError("it is a thin archive, whose objects are in other files")
    long_names = b""
    place = 8
    while place + _HEADER <= len(data):
        header = data[place : place + _HEADER]
        size_text = header[48:58].strip()
        if header[58:] != b"`\n" or not size_text.isdigit():
            raise BinaryError(f"the archive is broken at byte {place}")
        place += _HEADER
        size = int(size_text)
        if place + size > len(data):
            raise BinaryError("the archive ends within a member")
        member = data[place : place + size]
        place += size + size % 2
        name = header[:16].rstrip()
        if name == b"//":
            long_names = member
        elif name.startswith(b"#1/") and name[3:].isdigit():
            # BSD's: the name comes first, and counts as content.
            length = int(name[3:])
            yield _text(member[:length].rstrip(b"\0")), member[length:]
        elif name.startswith(b"/") and name[1:].isdigit():
            rest = long_names[int(name[1:]) :]
            yield _text(rest.partition(b"\n")[0].rstrip(b"/")), member
        elif not name.startswith((b"/", b"__.SYMDEF")):
            yield _text(name.rstrip(b"/")), member
    if place < len(data):
        raise BinaryError("the archive ends within a member")


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
