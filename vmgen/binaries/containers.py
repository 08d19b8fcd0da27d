"""Which kind of file a binary is, by its first bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.binaries.image import BinaryError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vmgen.binaries.image import Image

_MACH_O = (
    b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf",
)  # fmt: skip
"""Both widths in both byte orders, and files of several architectures."""

MAX_SIZE = 4 << 30
"""Bytes of the largest file that is looked at: DWARF's offsets of 32 bits reach no further."""


def images(path: Path, shown: str) -> Iterator[Image]:
    """The images in a file: one of a program, one for each object of an archive and for
    each architecture of a universal file; of a folder ``X.dSYM`` those in it.

    Raises `BinaryError`, and OSError where the file can't be read.
    """
    if path.is_dir():
        yield from _bundle(path, shown)
        return
    with path.open("rb") as file:
        if not path.is_file():
            raise BinaryError("it is no regular file")
        if path.stat().st_size > MAX_SIZE:
            raise BinaryError("it is larger than 4 GiB")
        data = file.read()
    yield from images_of(data, shown)


def images_of(data: bytes, shown: str) -> Iterator[Image]:
    """The images in the bytes of a file. Raises `BinaryError`."""
    start = data[:16]
    if start.startswith(b"\x7fELF"):
        from vmgen.binaries.elf import read_elf

        yield read_elf(data, shown)
    elif start.startswith((b"!<arch>\n", b"!<thin>\n")):
        from vmgen.binaries.archive import members

        for name, member in members(data):
            if member.startswith((b"\x7fELF", b"\0asm", *_MACH_O)):
                yield from images_of(member, f"{shown}({name})")
    elif start.startswith(_MACH_O):
        from vmgen.binaries.macho import read_macho

        yield from read_macho(data, shown)
    elif start.startswith(b"\0asm"):
        from vmgen.binaries.wasm import read_wasm

        yield read_wasm(data, shown)
    elif start.startswith(b"MZ"):
        raise BinaryError(
            "it is a PE file, whose debug information is in a PDB; neither is read"
        )
    elif start.startswith(b"Microsoft C/C++"):
        raise BinaryError("it is a PDB, which isn't read")
    else:
        raise BinaryError(
            "it is no ELF, Mach-O or WebAssembly file, nor an archive of these"
        )


def _bundle(path: Path, shown: str) -> Iterator[Image]:
    """The images of what `dsymutil` writes: a folder with one file far down in it."""
    inside = path / "Contents" / "Resources" / "DWARF"
    files = sorted(inside.iterdir()) if inside.is_dir() else []
    if not files:
        raise BinaryError("it is a folder, and no dSYM")
    for file in files:
        yield from images(file, f"{shown}/{file.name}")
