"""What a program says of its own records: `docs/descriptor.md` defines the format.

It is found by its first words, wherever it lies, so that neither sections nor symbols are
needed: in a file of any kind, in a core, in the memory of a process.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.python.runtime.memory import Memory

NAME = b"VMGEN\0\0\0"
HEADER = 44
"""Bytes before the text: three words of an ELF note, its name, and six words more."""

MAGIC = 0x564D474E
VERSION = 1
MAX_TEXT = 1 << 20
"""Bytes of the longest text that is looked at."""

MAX_AREA = 1 << 30
"""Bytes of the largest mapped part of a file that is looked through."""


class Descriptor(msgspec.Struct, frozen=True):
    """What one module says. `versions` are the first and the last of each series that it is
    right for, empty for a schema without versions. `fingerprint` is that of its layouts on the program's target,
    `model` the position of the target's data model in `models`. `types` have a size, an
    alignment, the offset of each part, and of contexts their regions, in bytes on that
    target, as `docs/descriptor.md` lists them."""

    module: str
    schema: str
    versions: tuple[tuple[str, str], ...]
    endian: Literal["little", "big"]
    fingerprint: int
    model: str
    types: dict[str, list[Any]]


def size_of(header: bytes) -> int:
    """How many bytes a descriptor has that begins with these; 0 where none begins."""
    endian = _order(header)
    if endian is None:
        return 0
    text = int.from_bytes(header[40:44], endian)
    return HEADER + text if 0 < text <= MAX_TEXT else 0


def find(data: bytes) -> Iterator[Descriptor]:
    """The descriptors in some bytes, in order. What only looks like one is left out."""
    place = data.find(NAME)
    while place >= 0:
        start = place - 12
        if start >= 0:
            made = read(data[start : start + size_of(data[start : start + HEADER])])
            if made is not None:
                yield made
        place = data.find(NAME, place + 1)


def in_memory(memory: Memory) -> Iterator[Descriptor]:
    """The descriptors in what a memory has of files, or in all of it where it says of
    nothing that it is of a file. What can't be read is left out. Raises OSError."""
    from vmgen.languages.python.runtime.errors import Unmapped

    areas = memory.areas()
    for area in [a for a in areas if a.file] or areas:
        if area.end - area.start <= MAX_AREA:
            try:
                yield from find(memory.read(area.start, area.end - area.start))
            except Unmapped:
                continue


def read(data: bytes) -> Descriptor | None:
    """The descriptor that these bytes are; None for those that are none."""
    endian = _order(data)
    if endian is None or size_of(data) != len(data):
        return None
    words = [int.from_bytes(data[at : at + 4], endian) for at in range(20, HEADER, 4)]
    _, version, model, low, high, _ = words
    if version != VERSION:
        return None
    try:
        said = json.loads(data[HEADER:].replace(b"\0", b""))
        return msgspec.convert(
            {
                **said,
                "endian": endian,
                "fingerprint": high << 32 | low,
                "model": said["models"][model],
                "types": _chosen(said["types"], model, len(said["models"])),
            },
            Descriptor,
        )
    except (ValueError, TypeError, LookupError, RecursionError):
        # A ValidationError of msgspec's is a ValueError.
        return None


def _order(header: bytes) -> Literal["little", "big"] | None:
    if len(header) < HEADER or header[12:20] != NAME:
        return None
    magic = header[20:24]
    if magic == MAGIC.to_bytes(4, "little"):
        return "little"
    return "big" if magic == MAGIC.to_bytes(4, "big") else None


def _chosen(types: Any, model: int, models: int) -> dict[str, list[Any]]:
    """The types with the one number of the model where there is a list, without the parts
    that aren't there. Raises TypeError and LookupError for what has another form."""

    def one(value: Any) -> Any:
        if isinstance(value, list):
            if len(value) != models:
                raise LookupError(value)
            return value[model]
        return value

    def number(value: Any) -> int:
        found = one(value)
        if not isinstance(found, int):
            raise TypeError(value)
        return found

    made: dict[str, list[Any]] = {}
    for name, (size, align, *more) in types.items():
        made[name] = [number(size), number(align)]
        if more:
            here = {part: at for part, at in more[0].items() if one(at) is not None}
            made[name].append({part: number(at) for part, at in here.items()})
        if len(more) > 1:
            made[name].append(
                {
                    region: [number(to), number(stride), count, flag]
                    for region, (to, stride, count, flag) in more[1].items()
                }
            )
    return made
