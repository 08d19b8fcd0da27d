"""Relocations of debug sections in ELF objects.

Types refer to strings and to each other by absolute relocations alone; the others there are
about addresses of code, which nobody asks for here. What is in the tables is in each
processor's psABI.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from vmgen.binaries.image import BinaryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ABSOLUTE: Mapping[str, Mapping[int, int]] = {
    "x86_64": {1: 8, 10: 4, 11: 4},
    "x86": {1: 4},
    "arm": {2: 4},
    "aarch64": {257: 8, 258: 4},
    "s390x": {4: 4, 22: 8},
    "powerpc": {1: 4},
    "powerpc64": {1: 4, 38: 8},
    "riscv32": {1: 4},
    "riscv64": {1: 4, 2: 8},
    "loongarch64": {1: 4, 2: 8},
    "mips": {2: 4},
    "sparc": {3: 4, 23: 4},
    "sparc64": {3: 4, 23: 4, 32: 8, 54: 8},
    "m68k": {1: 4},
}
"""By rustc's `target_arch`: the absolute relocations, and how many bytes each fills."""


def symbol_values(table: bytes, *, wide: bool, order: str) -> Sequence[int]:
    """The values of the symbols in a symbol table; `order` is ``<`` or ``>``."""
    entry = f"{order}IBBHQQ" if wide else f"{order}IIIBBH"
    where = 4 if wide else 1
    return [symbol[where] for symbol in struct.iter_unpack(entry, _whole(table, entry))]


def relocated(
    content: bytes,
    entries: bytes,
    symbols: Sequence[int],
    arch: str,
    *,
    addends: bool,
    wide: bool,
    order: str,
) -> bytes:
    """A section with its relocations applied. `entries` are those of its section of
    relocations, with `addends` in them or else in the content.

    Raises `BinaryError` for a processor whose relocations aren't known.
    """
    widths = _ABSOLUTE.get(arch)
    if widths is None:
        raise BinaryError(
            f"it is an object for {arch or 'a processor'} whose relocations aren't known: "
            "link it first"
        )
    entry = order + ("QQ" if wide else "II") + ("qi"[not wide] if addends else "")
    shift, mask = (32, 0xFFFF_FFFF) if wide else (8, 0xFF)
    made = bytearray(content)
    formats = {4: struct.Struct(f"{order}I"), 8: struct.Struct(f"{order}Q")}
    for place, info, *addend in struct.iter_unpack(entry, _whole(entries, entry)):
        width = widths.get(info & mask)
        if width is None:
            continue
        field = formats[width]
        if place + width > len(made):
            raise BinaryError("a relocation of it is outside of its section")
        added = addend[0] if addend else field.unpack_from(made, place)[0]
        number = info >> shift
        value = added + (symbols[number] if number < len(symbols) else 0)
        field.pack_into(made, place, value & ((1 << width * 8) - 1))
    return bytes(made)


def _whole(table: bytes, entry: str) -> bytes:
    """As much of a table as has whole entries."""
    return table[: len(table) // struct.calcsize(entry) * struct.calcsize(entry)]
