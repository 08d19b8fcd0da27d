"""Texts of C: bytes up to a NUL, or up to a limit where there is none."""

from __future__ import annotations

import ctypes

from .arrays import Array
from .errors import Unmapped
from .hints import TYPE_CHECKING, Any, Callable, Final
from .pointers import VmPtr, here

if TYPE_CHECKING:
    from .space import Readable

LIMIT: Final[int] = 4096
"""Bytes of one text that are read, if nothing else is asked for."""

_PIECE: Final[int] = 256
"""Bytes that are read at once. No piece crosses a multiple of that: so none reaches into
a page of which no byte was asked for."""

Fetch = Callable[[int, int], bytes]


def c_string(
    text: VmPtr[Any] | Array[Any], limit: int = LIMIT, fetch: Fetch | None = None
) -> bytes:
    """The bytes of a text before its NUL, of which at most `limit` are looked at.

    `text` is a pointer to bytes or an array of them. Nothing says how long what a pointer
    leads to is, but the NUL: in this process that is trusted up to the limit. A pointer in
    another memory reads from that, and raises Unmapped where it ends before the NUL; one
    that was read from an image needs `fetch(address, size)`, as `VmPtr.follow` does.
    Raises TypeError for what is no text.
    """
    if isinstance(text, VmPtr):
        return _followed(text, limit, fetch)
    if not isinstance(text, Array):
        raise TypeError(f"{text!r} is no text")
    found = bytearray()
    for byte in text[:limit]:
        if not byte:
            break
        found.append(byte & 0xFF)
    return bytes(found)


def _followed(text: VmPtr[Any], limit: int, fetch: Fetch | None) -> bytes:
    kind, space = text._kind, text._space
    if kind.spelling not in ("c_char", "c_schar", "c_uchar", "u8", "i8"):
        raise TypeError(f"{text!r} leads to no text")
    if space:
        fetch = what_is_there(space.memory)
    elif fetch is None:
        here(text)
        fetch = ctypes.string_at
    return read_text(int(text), limit, fetch)


def what_is_there(memory: Readable) -> Fetch:
    """Reads of a memory that give less where it ends, and raise Unmapped where it begins
    nowhere."""

    def fetch(address: int, size: int) -> bytes:
        try:
            return memory.read(address, size)
        except Unmapped as error:
            if not address < error.address < address + size:
                raise
            return memory.read(address, error.address - address)

    return fetch


def read_text(address: int, limit: int, fetch: Fetch) -> bytes:
    """The bytes at an address before a NUL, or `limit` of them if there is none."""
    found = b""
    while limit > 0:
        piece = fetch(address, min(limit, _PIECE - address % _PIECE))
        end = piece.find(0)
        if end >= 0:
            return found + piece[:end]
        found += piece
        address += len(piece)
        limit -= len(piece)
    return found
