"""Whether what is at an address can be a record, and which build a file is of.

A record of another version has other words at the same offsets, and following one that is
no pointer ends the process. So nothing here follows a pointer: the words of one record are
looked at.
"""

from __future__ import annotations

import ctypes
import os
import sys

from .bit_fields import BitField
from .contexts import Context
from .errors import WrongVersion
from .hints import TYPE_CHECKING, Any, V, cast
from .inspect import _layout_of, fields
from .layouts import address
from .pointers import Pointer
from .records import Body
from .words import NonZero

if TYPE_CHECKING:
    from .kinds import Kind
    from .layouts import Layout

FIRST_PAGE = 4096
"""No system has anything at an address below, so that null pointers can be found out."""


def checked(cls: type[V], address: int) -> V:
    """The live record or context at an address, after a look at it.

    Its memory is read without a risk where the system can (Linux). Its fixed values have
    to be there, and tags of enums with payloads be those of a variant; its pointers
    aligned, into memory that can be read, and null only where they may be. Raises WrongVersion, which names the first field that can't be so.
    """
    size = max((f.offset + f.size for f in fields(cls)), default=0)
    if address < FIRST_PAGE or not is_readable(address, size):
        raise WrongVersion(f"no {cls.__name__} is at {address:#x}: nothing can be read")
    wrong = _implausible(_layout_of(cls), address, cls.__name__)
    if wrong:
        raise WrongVersion(f"no {cls.__name__} is at {address:#x}: {wrong}")
    return cast("V", cast("Any", cls).at(address))


def refuse_implausible(record: Any) -> None:
    """Raise WrongVersion if a live record or context can't be one, as `checked` does."""
    where = record._fixed if isinstance(record, Context) else record
    checked(type(record), address(where))


def _implausible(layout: Layout, start: int, where: str) -> str:
    """What can't be so in a record, in words; empty if everything can."""
    if layout.category == "union":
        # Which of its members it holds is said elsewhere.
        return ""
    host = layout.source.targets.model(None)
    for name, kind in zip(layout.names, layout.kinds, strict=True):
        at = start + layout.offset(name, host)
        if layout.category == "tagged" and name == "tag":
            wrong = _no_variant(layout, kind, at)
        else:
            wrong = _wrong(kind, at, host)
        if not wrong and isinstance(kind, Body):
            wrong = _implausible(kind.layout, at, f"{where}.{name}")
            if wrong:
                return wrong
        if wrong:
            return f"`{where}.{name}` {wrong}"
    return ""


def _no_variant(layout: Layout, kind: Kind, at: int) -> str:
    """What is wrong with the tag of an enum with payloads. One without payloads is an
    integer with names, which may hold any number."""
    found = int(kind.live(at, None))
    known = {int(tag) for tag in cast("Any", layout.cls).Tag}
    return "" if found in known else f"is {found}, which no variant is"


def _wrong(kind: Kind, at: int, host: Any) -> str:
    if kind.default is not None:
        size = kind.size(host)
        data = ctypes.string_at(at, size)
        if isinstance(kind, BitField):
            found = int(kind.see(data, None))
        else:
            found = int.from_bytes(data, sys.byteorder)
        if found != kind.default:
            return f"is {found:#x}, and always {kind.default:#x}"
        return ""
    if isinstance(kind, NonZero) and not kind.optional:
        return "" if kind.inner.live(at, None) else "is 0, and never is"
    if not isinstance(kind, Pointer):
        return ""
    pointer = ctypes.c_size_t.from_address(at).value
    if not pointer:
        return "" if kind.optional else "is null, and never is"
    pointee = kind.pointee
    align = 1 if pointee.ctype is None else pointee.align(host)
    if pointer % align:
        return f"is {pointer:#x}, which is no multiple of {align}"
    if pointer < FIRST_PAGE or not is_readable(pointer, 1):
        return f"is {pointer:#x}, where nothing can be read"
    return ""


def is_readable(address: int, size: int) -> bool:
    """Whether some bytes of this process can be read; True where the system can't tell."""
    try:
        memory = os.open("/proc/self/mem", os.O_RDONLY)
    except OSError:
        return True
    try:
        return len(os.pread(memory, size, address)) == size
    except (OSError, OverflowError):
        return False
    finally:
        os.close(memory)


def build_id(path: str) -> str | None:
    """The build id of an ELF file, by which a table can tell its version; None without.

    Raises OSError.
    """
    with open(path, "rb") as file:
        head = file.read(64)
        if head[:4] != b"\x7fELF" or len(head) < 64:
            return None
        wide = head[4] == 2
        order = "little" if head[5] == 1 else "big"

        def number(data: bytes, start: int, size: int) -> int:
            return int.from_bytes(data[start : start + size], cast("Any", order))

        table, entry, count = (32, 54, 56) if wide else (28, 42, 44)
        begin = number(head, table, 8 if wide else 4)
        size = number(head, entry, 2)
        for index in range(number(head, count, 2)):
            file.seek(begin + index * size)
            segment = file.read(size)
            if number(segment, 0, 4) != 4:  # PT_NOTE
                continue
            offset, length = (8, 32) if wide else (4, 16)
            file.seek(number(segment, offset, 8 if wide else 4))
            notes = file.read(number(segment, length, 8 if wide else 4))
            place = 0
            while place + 12 <= len(notes):
                name, held = number(notes, place, 4), number(notes, place + 4, 4)
                begins = place + 12 + (name + 3) // 4 * 4
                if (
                    number(notes, place + 8, 4) == 3
                    and notes[place + 12 :][:4] == b"GNU\0"
                ):
                    return notes[begins : begins + held].hex()
                place = begins + (held + 3) // 4 * 4
    return None
