"""What a printer knows of a schema: which names of types are its own, and names of values."""

from __future__ import annotations

import re
from typing import NamedTuple

Variant = tuple[str, int | None]
"""A variant's name, and which of the payloads it has, None where it has none."""


Bits = tuple[str, int, int, bool, str]
"""A bit-field: its name, its first bit in the order in which the target fills bytes, its
width in bits, whether it has a sign, and ``bool`` or the enum that it is of, or nothing."""

Layout = tuple[tuple[int, int, int], list[Bits]]
"""Bytes of bit-fields: the size of the record, their offset and how many they are, by which
one layout is told from another, and what is in them."""


class Table(NamedTuple):
    """A module of a schema.

    `enums` have the names of values, by number. `tagged` have the variants by tag; the
    payloads are numbered as they follow each other. `records` have, by name, those fields
    that are pointers and may be null, with what they point to; a field without a name is
    "0". `contexts` are names of types. `prefix` is what names begin with in C. `bits` are the
    members that Rust has in place of bit-fields, by record: those that only align it have no
    layout.
    """

    module: str
    prefix: str
    enums: dict[str, dict[int, str]]
    tagged: dict[str, dict[int, Variant]]
    records: dict[str, dict[str, str]]
    contexts: tuple[str, ...]
    bits: dict[str, dict[str, list[Layout]]]


class Found(NamedTuple):
    """A type of a table: its name in the schema."""

    table: Table
    name: str


_WORDS = re.compile(r"^(?:(?:const|volatile|struct|union|enum) +)+")
_PATHS = re.compile(r"(?:[A-Za-z_][A-Za-z0-9_]*::)+")
_POINTER = re.compile(r"^(?:[A-Za-z_][A-Za-z0-9_]*::)*VmPtr<(.*)>$")


def found(tables: list[Table], spelled: str) -> Found | None:
    """What a type is, by its name in a program; None for one of no table.

    Rust's names have paths, in which the last module is the schema's. C has only the name,
    so that of two tables which have it the one that was loaded last is meant.
    """
    bare = _WORDS.sub("", spelled).partition("<")[0]
    path, _, last = bare.rpartition("::")
    module = path.rpartition("::")[2]
    for table in reversed(tables):
        name = last
        if path:
            if module != table.module:
                continue
        elif name.startswith(table.prefix):
            name = name[len(table.prefix) :]
        else:
            continue
        if (
            name in table.enums
            or name in table.tagged
            or name in table.records
            or name in table.contexts
        ):
            return Found(table, name)
    return None


def pointee_of(spelled: str) -> str | None:
    """The type that a `VmPtr` points to, without paths; None for another type."""
    pointer = _POINTER.match(spelled)
    return short(pointer.group(1)) if pointer else None


def short(spelled: str) -> str:
    """A type of Rust without the paths of its names."""
    return _PATHS.sub("", spelled)


def is_wrapper(spelled: str) -> bool:
    """Whether it is one of Rust's types around a value that are not worth showing, as an
    atomic, or `Le`, whose bytes are little-endian."""
    bare = spelled.partition("<")[0]
    path, _, name = bare.rpartition("::")
    if path.partition("::")[0] in ("core", "std"):
        return name.startswith(("Atomic", "NonZero")) or name in _WRAPPERS
    return name == "Le" and "<" in spelled


def is_little(spelled: str) -> bool:
    """Whether it is `Le`."""
    return spelled.partition("<")[0].rpartition("::")[2] == "Le"


def pointer_text(pointee: str, address: int) -> str:
    """A `VmPtr` as it is shown."""
    return f"VmPtr<{pointee}>({address:#x})" if address else f"VmPtr<{pointee}>(null)"


def enum_text(known: Found, number: int) -> str:
    """A value of a plain enum: its name, or the number that has none."""
    name = known.table.enums[known.name].get(number)
    return f"{known.name}({number})" if name is None else name


def bits_in(
    known: Found | None, member: str, size: int, offset: int, length: int
) -> list[Bits] | None:
    """The bit-fields in a member of a record of that size, in bytes; none where it only
    aligns the record, and None of another member, or where nobody knows."""
    if known is None:
        return None
    layouts = known.table.bits.get(known.name, {}).get(member)
    if layouts is None:
        return None
    if not layouts:
        return []
    return dict(layouts).get((size, offset, length))


def bit_number(field: Bits, data: bytes, big: bool) -> int:
    """The number in the bits of some bytes that a bit-field has."""
    _, first, width, signed, _ = field
    shift = 8 * len(data) - first - width if big else first
    number = int.from_bytes(data, "big" if big else "little") >> shift
    number &= (1 << width) - 1
    return number - (1 << width) if signed and number >> (width - 1) else number


def bit_text(known: Found, field: Bits, data: bytes, big: bool) -> str:
    """The value of a bit-field in some bytes."""
    number, what = bit_number(field, data, big), field[4]
    if what == "bool":
        return "true" if number else "false"
    if what in known.table.enums:
        return enum_text(Found(known.table, what), number)
    return str(number)


_WRAPPERS = frozenset(("UnsafeCell", "ManuallyDrop", "MaybeDangling", "SyncUnsafeCell"))
