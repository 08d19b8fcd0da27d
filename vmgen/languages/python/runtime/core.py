"""The memory of a process that is no more, as its core file has it."""

from __future__ import annotations

import os
import struct

from .elf import ET_CORE, PT_LOAD, PT_NOTE, Header, Segment, segments
from .errors import Unmapped
from .hints import Any, Final, Iterator, Sequence
from .memory import ADDRESSES, Area, Areas, Memory, Stored

NT_FILE: Final[int] = 0x46494C45
"""The kind of the note that says which files were mapped where."""

NOTES: Final[int] = 1 << 24
"""Bytes of notes that are looked at."""

_PACKED: Final[dict[bytes, str]] = {
    b"\x28\xb5\x2f\xfd": "zstd",
    b"\x04\x22\x4d\x18": "lz4",
    b"\xfd7zX": "xz",
    b"\x1f\x8b": "gzip",
}
"""How files begin that systems compress cores into."""


class Core(Memory):
    """A core file of ELF, of any width and byte order: its PT_LOAD segments.

    Raises OSError, and ValueError, which says what is wrong, for a file that is none.
    """

    def __init__(self, source: Any) -> None:
        self._stored = stored = Stored(source)
        first = stored.fetch(0, 64)
        header = Header.of(first)
        if header is None:
            raise ValueError(_why_none(first))
        if header.kind != ET_CORE:
            raise ValueError("it is an ELF file, but no core file")
        self.order, self.pointer = header.order, header.pointer
        self.machine = header.machine
        self._header = header
        self._notes: list[Segment] = []
        loads: list[Area] = []
        for segment in segments(stored, header):
            if segment.kind == PT_NOTE:
                self._notes.append(segment)
            elif segment.kind == PT_LOAD and segment.memory:
                end = min(segment.start + segment.memory, ADDRESSES)
                loads.append(_Load(segment, end))
        if not loads:
            raise ValueError("it has no memory in it")
        self._loads = Areas(loads)

    def areas(self) -> Sequence[Area]:
        """What was mapped; not all of it need be in the file."""
        files = Areas([*self._files()])
        areas = []
        for load in self._loads.listed:
            mapped = files.of(load.start)
            if mapped is None:
                areas.append(load)
                continue
            offset = mapped.offset + load.start - mapped.start
            areas.append(Area(load.start, load.end, mapped.file, offset))
        return areas

    def _fetch(self, address: int, size: int) -> bytes:
        load = self._loads.of(address)
        if not isinstance(load, _Load):
            raise Unmapped(address, "nothing was mapped there")
        skipped = address - load.start
        if skipped >= load.size:
            raise Unmapped(address, "it was mapped, but isn't in the core file")
        data = self._stored.fetch(load.begin + skipped, min(size, load.size - skipped))
        if not data:
            raise Unmapped(address, "the core file ends before it")
        return data

    def _files(self) -> Iterator[Area]:
        """What the notes say of mapped files; nothing where they make no sense."""
        prefix = self._header.prefix
        for segment in self._notes:
            notes = self._stored.fetch(segment.offset, min(segment.size, NOTES))
            at = 0
            while at + 12 <= len(notes):
                name, size, kind = struct.unpack_from(f"{prefix}III", notes, at)
                begin = at + 12 + (name + 3) // 4 * 4
                if kind == NT_FILE:
                    yield from self._mapped(notes[begin : begin + size])
                at = begin + (size + 3) // 4 * 4

    def _mapped(self, note: bytes) -> Iterator[Area]:
        word = self._header.pointer
        code = self._header.prefix + ("Q" if word == 8 else "I")
        if len(note) < 2 * word:
            return
        count, page = struct.unpack_from(f"{code[0]}2{code[1]}", note)
        if count > len(note) // (3 * word):
            return
        names = note[(2 + 3 * count) * word :].split(b"\0")
        rows = struct.iter_unpack(
            f"{code[0]}3{code[1]}", note[2 * word : (2 + 3 * count) * word]
        )
        for (start, end, offset), name in zip(rows, names, strict=False):
            if start < end:
                yield Area(start, end, os.fsdecode(name), offset * page)

    def close(self) -> None:
        self._stored.close()


class _Load(Area):
    """A segment: `size` bytes of it are in the file, from its byte `begin` on."""

    __slots__ = ("begin", "size")

    def __init__(self, segment: Segment, end: int) -> None:
        super().__init__(segment.start, end)
        self.begin = segment.offset
        self.size = min(segment.size, end - segment.start)


def _why_none(first: bytes) -> str:
    for magic, packer in _PACKED.items():
        if first.startswith(magic):
            return f"it is compressed with {packer}: unpack it first"
    return "it is no ELF file" if first else "it is empty"
