"""The memory of another process."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from contextlib import suppress

from .elf import Header
from .errors import Unmapped
from .hints import Any, Sequence
from .memory import Area, Memory


class _Vector(ctypes.Structure):
    """Where bytes are, and how many."""

    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


class Process(Memory):
    """A process that may be looked into, by its number; Linux alone.

    It isn't stopped: what it changes meanwhile can be seen half changed. Raises OSError:
    ProcessLookupError where there is none, PermissionError where it isn't ours to see.
    """

    def __init__(self, pid: int) -> None:
        if not sys.platform.startswith("linux"):
            raise OSError(
                errno.ENOSYS, f"processes are read on Linux, not on {sys.platform}"
            )
        # What doesn't fit an int is cut off, and would be another process.
        if not 0 < pid < 1 << 31:
            raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
        self.pid = pid
        self._read: Any = ctypes.CDLL(None, use_errno=True).process_vm_readv
        self._read.restype = ctypes.c_ssize_t
        word = ctypes.c_ulong
        vector = ctypes.POINTER(_Vector)
        self._read.argtypes = [ctypes.c_int, vector, word, vector, word, word]
        with suppress(Unmapped):
            # Nothing is there; what says so has found the process, and may see it.
            self._fetch(0, 1)
        try:
            with open(f"/proc/{pid}/exe", "rb") as program:
                header = Header.of(program.read(64))
        except FileNotFoundError:
            raise ProcessLookupError(
                errno.ESRCH, "it has ended, or is a part of the system"
            ) from None
        if header:
            self.order, self.pointer = header.order, header.pointer
            self.machine = header.machine

    def areas(self) -> Sequence[Area]:
        """What is mapped and readable. Raises OSError when the process has ended."""
        areas = []
        with open(f"/proc/{self.pid}/maps", "rb") as maps:
            for line in maps:
                addresses, allowed, offset, _, _, *name = line.split(None, 5)
                if allowed[:1] != b"r":
                    continue
                start, _, end = addresses.partition(b"-")
                file = os.fsdecode(name[0].rstrip(b"\n")) if name else ""
                # A process may have another root; a file may be gone.
                path = f"/proc/{self.pid}/root{file}" if file.startswith("/") else file
                areas.append(
                    Area(int(start, 16), int(end, 16), file, int(offset, 16), path)
                )
        return areas

    def _fetch(self, address: int, size: int) -> bytes:
        if address + size > 1 << 8 * ctypes.sizeof(ctypes.c_void_p):
            raise Unmapped(address, "addresses of this Python don't reach it")
        data = ctypes.create_string_buffer(size)
        here = _Vector(ctypes.addressof(data), size)
        there = _Vector(address, size)
        number = self._read(self.pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
        if number >= 0:
            return data.raw[:number]
        error = ctypes.get_errno()
        if error == errno.EFAULT:
            raise Unmapped(address, "nothing is mapped there, or it can't be read")
        raise OSError(error, os.strerror(error))
