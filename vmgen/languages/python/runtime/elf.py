"""The parts of ELF files that tell of memory: the header and the program headers."""

from __future__ import annotations

import struct

from .hints import TYPE_CHECKING, Iterator

if TYPE_CHECKING:
    from .memory import Stored

PT_LOAD, PT_NOTE = 1, 4
ET_CORE = 4

_MANY = 0xFFFF
"""The number of program headers that stands for one that doesn't fit into its 16 bits."""


class Header:
    """What the first bytes of an ELF file say: `kind` and `machine` are its numbers for
    them, `pointer` the bytes of an address; the rest says where program headers are."""

    def __init__(self, wide: bool, order: str, data: bytes) -> None:
        self.order = order
        self.pointer = 8 if wide else 4
        self.prefix = "<" if order == "little" else ">"
        word = "Q" if wide else "I"
        (
            self.kind, self.machine, _, _, self.table, self.sections, _, _,
            self.entry, self.count, _, _, _,
        ) = struct.unpack_from(f"{self.prefix}HHI{word}{word}{word}I6H", data, 16)  # fmt: skip

    @classmethod
    def of(cls, data: bytes) -> Header | None:
        """The header in a file's first 64 bytes; None where it is no ELF file's."""
        if data[:4] != b"\x7fELF" or len(data) < 52:
            return None
        wide, order = data[4], {1: "little", 2: "big"}.get(data[5])
        if wide not in (1, 2) or order is None or (wide == 2 and len(data) < 64):
            return None
        return cls(wide == 2, order, data)


class Segment:
    """A program header: its kind, where its bytes are in the file, how many there are,
    and which addresses they stand for, `memory` in number."""

    __slots__ = ("kind", "memory", "offset", "size", "start")

    def __init__(
        self, kind: int, offset: int, start: int, size: int, memory: int
    ) -> None:
        self.kind = kind
        self.offset = offset
        self.start = start
        self.size = size
        self.memory = memory


def segments(stored: Stored, header: Header) -> Iterator[Segment]:
    """The program headers. Raises ValueError where they aren't all in the file."""
    wide = header.pointer == 8
    code = header.prefix + ("IIQQQQQQ" if wide else "8I")
    length = struct.calcsize(code)
    number = _count(stored, header)
    if number and header.entry < length:
        raise ValueError(f"its program headers have {header.entry} bytes each")
    if header.table + number * header.entry > stored.size:
        raise ValueError("it ends within its program headers")
    for index in range(number):
        entry = stored.fetch(header.table + index * header.entry, length)
        if len(entry) < length:
            raise ValueError("it ends within its program headers")
        fields = struct.unpack(code, entry)
        if wide:
            kind, _, offset, start, _, size, memory, _ = fields
        else:
            kind, offset, start, _, size, memory, _, _ = fields
        yield Segment(kind, offset, start, size, memory)


def _count(stored: Stored, header: Header) -> int:
    """How many program headers there are. The first section says it of very many."""
    number: int = header.count
    if number != _MANY or not header.sections:
        return number
    first = stored.fetch(header.sections, 64)
    place = 44 if header.pointer == 8 else 28
    if len(first) < place + 4:
        raise ValueError("it ends within its section headers")
    (number,) = struct.unpack_from(f"{header.prefix}I", first, place)
    return number
