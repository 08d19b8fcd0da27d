"""Core files, as a system would write them, of any width and byte order."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NT_FILE = 0x46494C45


def core(
    areas: Mapping[int, bytes],
    *,
    pointer: int = 8,
    order: str = "little",
    machine: int = 62,
    files: Sequence[tuple[int, int, int, str]] = (),
    missing: Mapping[int, int] | None = None,
    kind: int = 4,
) -> bytes:
    """A core with memory by its address. `files` are what was mapped: start, end, page
    of the file, name. `missing` was mapped and isn't there, by address: so many bytes.
    """
    prefix = "<" if order == "little" else ">"
    word = "Q" if pointer == 8 else "I"
    size, entry = (64, 56) if pointer == 8 else (52, 32)
    note = _files(prefix, word, files) if files else b""
    wanted = [(1, at, data, len(data)) for at, data in areas.items()]
    wanted += [(1, at, b"", number) for at, number in (missing or {}).items()]
    if note:
        wanted.append((4, 0, note, 0))
    header = b"\x7fELF" + bytes([pointer // 4, 1 if order == "little" else 2, 1])
    header = header.ljust(16, b"\0") + struct.pack(
        f"{prefix}HHI3{word}I6H",
        *(kind, machine, 1, 0, size, 0, 0, size, entry, len(wanted), 0, 0, 0),
    )
    table, contents = b"", b""
    begin = size + entry * len(wanted)
    for what, at, data, number in wanted:
        place = begin + len(contents)
        fields = (place, at, at, len(data), number)
        if pointer == 8:
            table += struct.pack(f"{prefix}II6Q", what, 4, *fields, 1)
        else:
            table += struct.pack(f"{prefix}8I", what, *fields, 4, 1)
        contents += data
    return header + table + contents


def _files(prefix: str, word: str, files: Sequence[tuple[int, int, int, str]]) -> bytes:
    held = struct.pack(f"{prefix}2{word}", len(files), 4096)
    for start, end, page, _ in files:
        held += struct.pack(f"{prefix}3{word}", start, end, page)
    held += b"".join(name.encode() + b"\0" for *_, name in files)
    head = struct.pack(f"{prefix}III", 5, len(held), NT_FILE)
    return head + b"CORE\0\0\0\0" + held + bytes(-len(held) % 4)
