"""Memory other than this process's own: what fetches bytes by their address.

Nothing of it is trusted: a length that was read there decides on no allocation, and what
can't be read is `Unmapped`.
"""

from __future__ import annotations

import os
import stat
from bisect import bisect_right

from .errors import UnknownTarget, Unmapped
from .hints import TYPE_CHECKING, Any, Final, Iterator, Mapping, Self, Sequence, V, cast

if TYPE_CHECKING:
    from .kinds import Kind
    from .offsets import ContextOffsets
    from .space import Space
    from .tree import Node

PIECE: Final[int] = 1 << 20
"""Bytes that are fetched at once, at most."""

ADDRESSES: Final[int] = 1 << 64
"""How many addresses there are."""


class Area:
    """Addresses in a row, from `start` to before `end`, that a memory says it has.

    `file` is what was mapped there, empty where that isn't known, from its byte `offset`
    on. `path` is by which it can be opened here.
    """

    __slots__ = ("end", "file", "offset", "path", "start")

    def __init__(
        self, start: int, end: int, file: str = "", offset: int = 0, path: str = ""
    ) -> None:
        self.start = start
        self.end = end
        self.file = file
        self.offset = offset
        self.path = path or file

    def __repr__(self) -> str:
        return f"<{self.start:#x} to {self.end:#x} {self.file}>".replace(" >", ">")


class Memory:
    """What bytes are fetched from. `follow` of a pointer takes its `read`.

    `order` is "little" or "big" and `pointer` the bytes of an address; None where the
    memory doesn't say. `machine` is the number that ELF has for its processor.
    """

    order: str | None = None
    pointer: int | None = None
    machine: int | None = None

    def areas(self) -> Sequence[Area]:
        """What there is, by address."""
        raise NotImplementedError

    def _fetch(self, address: int, size: int) -> bytes:
        """Up to `size` bytes from an address on, as many as there are; none if there
        are none. Raises Unmapped to say why."""
        raise NotImplementedError

    def read(self, address: int, size: int) -> bytes:
        """All of `size` bytes. Raises Unmapped, with the first address that has none."""
        at = int(address)
        if size < 0 or at < 0:
            raise ValueError(f"there are no {size} bytes at {at:#x}")
        if at + size > ADDRESSES:
            raise Unmapped(at, "that is outside of all addresses")
        pieces = []
        while size:
            piece = self._fetch(at, min(size, PIECE))
            if not piece:
                raise Unmapped(at, "nothing is mapped there")
            pieces.append(piece)
            at += len(piece)
            size -= len(piece)
        return b"".join(pieces)

    def search(self, pattern: bytes, align: int = 1) -> Iterator[int]:
        """Every address with these bytes that is a multiple of `align`.

        A match that lies across two areas isn't found.
        """
        if not pattern or align < 1:
            raise ValueError("there is nothing to look for")
        overlap = len(pattern) - 1
        for area in self.areas():
            at, kept = area.start, b""
            while at < area.end:
                try:
                    piece = self._fetch(at, min(area.end - at, PIECE))
                except Unmapped:
                    break
                if not piece:
                    break
                data = kept + piece
                begin = at - len(kept)
                found = data.find(pattern)
                while found >= 0:
                    if (begin + found) % align == 0:
                        yield begin + found
                    found = data.find(pattern, found + 1)
                at += len(piece)
                kept = data[len(data) - overlap :] if overlap else b""

    def at(
        self,
        cls: type[V],
        address: int,
        target: str | None = None,
        counts: Mapping[str, int] | ContextOffsets | None = None,
    ) -> V:
        """The record or context at an address, of a target: without one, that of the
        memory's machine if the schema has one such.

        What comes back passes for an instance of the class, and reads each field when it
        is asked for. Its pointers have `deref` and `array`, which read from this memory.
        Raises UnknownTarget; reading raises Unmapped.
        """
        kind, space = self._seen(cls, target)
        if counts is None:
            return cast("V", kind.place_there(int(address), space))
        context: Any = kind
        if not hasattr(getattr(kind, "layout", None), "regions"):
            raise TypeError(f"{kind.rust} takes no counts")
        return cast("V", context.there(int(address), space, counts))

    def tree(
        self,
        cls: type,
        address: int,
        target: str | None = None,
        counts: Mapping[str, int] | None = None,
        *,
        depth: int = 3,
        elements: int = 16,
    ) -> Node:
        """What is at an address, and what pointers lead to from there, `depth` of them
        one after the other: its `str` has a line for each part.

        Of arrays and regions the first `elements` are shown. `counts` are those of the
        first context that is met. Raises UnknownTarget.
        """
        from .paths import Places
        from .walk import Walk

        kind, space = self._seen(cls, target)
        places = Places(space, None, counts)
        return Walk(places, depth=depth, elements=elements).tree(kind, int(address))

    def find(self, cls: type, target: str | None = None) -> Iterator[int]:
        """The addresses of all that may be a record or context of a class, by the fixed
        values of its fields. Raises NoPath for one without, and UnknownTarget."""
        from .paths import Places
        from .search import search

        kind, space = self._seen(cls, target)
        return search(Places(space), kind, self.search)

    def _seen(self, cls: type, target: str | None) -> tuple[Kind, Space]:
        from .pointers import kind_of
        from .space import Space

        kind = kind_of(cls)
        kind = kind.pointed or kind
        if kind.source is None:
            raise UnknownTarget(f"{kind.rust} is of no schema: no target has it")
        return kind, Space.of(self, kind.source.targets, target)

    def close(self) -> None:
        """Let go of the file or process."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Stored:
    """Bytes in a buffer or in a file, fetched as they are asked for."""

    def __init__(self, source: Any) -> None:
        self._file = -1
        self._data = b""
        if isinstance(source, (str, os.PathLike)):
            # A pipe would block, and a device has no end.
            if not stat.S_ISREG(os.stat(source).st_mode):
                raise ValueError("it isn't a regular file")
            self._file = os.open(source, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            self.size = os.fstat(self._file).st_size
        else:
            self._data = bytes(memoryview(source).cast("B"))
            self.size = len(self._data)

    def fetch(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes; fewer where the file ends."""
        size = min(size, self.size - offset)
        if size <= 0:
            # An offset may be too large to be one of a file's.
            return b""
        if self._file < 0:
            return self._data[offset : offset + size]
        if hasattr(os, "pread"):
            return os.pread(self._file, size, offset)
        os.lseek(self._file, offset, os.SEEK_SET)
        return os.read(self._file, size)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __del__(self) -> None:
        self.close()


class Bytes(Memory):
    """Bytes of a buffer or a file, the first of which is at `base`.

    Raises OSError, and ValueError for a file that isn't a regular one.
    """

    def __init__(self, source: Any, base: int = 0) -> None:
        if not 0 <= base < ADDRESSES:
            raise ValueError(f"{base:#x} is no address")
        self._stored = Stored(source)
        self._base = base

    def areas(self) -> Sequence[Area]:
        return [Area(self._base, min(self._base + self._stored.size, ADDRESSES))]

    def _fetch(self, address: int, size: int) -> bytes:
        if address < self._base:
            raise Unmapped(address, f"the bytes begin at {self._base:#x}")
        data = self._stored.fetch(address - self._base, size)
        if not data:
            end = self._base + self._stored.size
            raise Unmapped(address, f"the bytes end at {end:#x}")
        return data

    def close(self) -> None:
        self._stored.close()


class Areas:
    """Areas by address, to look up which one an address is in."""

    def __init__(self, areas: Sequence[Area]) -> None:
        self.listed = sorted(areas, key=lambda area: area.start)
        self._starts = [area.start for area in self.listed]

    def of(self, address: int) -> Area | None:
        """The area that an address is in."""
        position = bisect_right(self._starts, address) - 1
        if position < 0 or address >= self.listed[position].end:
            return None
        return self.listed[position]
