"""Debug sections of WebAssembly files, linked or relocatable.

They are custom sections (WebAssembly core specification, "Custom Section"). Those of
relocatable files have the values that relocations would put there in place already, as
LLVM writes them.
"""

from __future__ import annotations

from vmgen.binaries.image import BinaryError, Image, Machine


def read_wasm(data: bytes, shown: str) -> Image:
    """The image of a module. Raises `BinaryError`."""
    if data[4:8] != b"\x01\0\0\0":
        raise BinaryError("it is no core WebAssembly module")
    sections: dict[str, bytes] = {}
    place = 8
    memory64 = False
    while place < len(data):
        kind = data[place]
        size, start = _number(data, place + 1)
        place = start + size
        if place > len(data):
            raise BinaryError("it ends within a section")
        if kind == 0:
            length, start = _number(data, start)
            name = data[start : start + length].decode("utf-8", "replace")
            if name.startswith(".debug_"):
                sections[name] = data[start + length : place]
        elif kind == 5:
            memory64 = _first_memory_is_64(data[start:place])
    arch = "wasm64" if memory64 else "wasm32"
    return Image(shown, Machine(arch, 8 if memory64 else 4, "little"), sections)


def _first_memory_is_64(section: bytes) -> bool:
    """Whether bit 2 of the first memory's limits is set."""
    count, start = _number(section, 0)
    return bool(count and len(section) > start and section[start] & 4)


def _number(data: bytes, place: int) -> tuple[int, int]:
    """An unsigned LEB128 of 32 bits and where it ends."""
    value = 0
    for shift in range(0, 35, 7):
        if place >= len(data):
            break
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
    raise BinaryError("it ends within a number")
