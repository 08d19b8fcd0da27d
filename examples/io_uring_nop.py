"""Have Linux do nothing, by io_uring: one entry goes in, and its result comes back.

    python io_uring_nop.py

The kernel says where in the memory that it shares things are, in `io_uring_params`. The
records in that memory are those of the generated Python.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "generated" / "python"))

import io_uring as ring
from vmgen_runtime import address_of, allocate, size_of

SETUP, ENTER = 425, 426
"""The numbers of the system calls, the same on every machine but Alpha."""
ENTRIES = 4
COOKIE = 0x5EED


def call(number: int, *arguments: object) -> int:
    """A system call. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    done: int = libc.syscall(number, *arguments)
    if done < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return done


class Mapped:
    """Memory that the kernel shares, from an offset of the ring's file on."""

    def __init__(self, file: int, size: int, offset: int) -> None:
        self.bytes = mmap.mmap(file, size, offset=offset)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.bytes))

    def word(self, offset: int) -> ctypes.c_uint32:
        return ctypes.c_uint32.from_address(self.address + offset)


def do_nothing() -> tuple[int, int]:
    """What an entry without an operation comes back with: its mark, and its result."""
    params = allocate(ring.io_uring_params)
    file = call(SETUP, ENTRIES, ctypes.c_void_p(int(address_of(params))))
    try:
        return submit(file, params)
    finally:
        os.close(file)


def submit(file: int, params: ring.io_uring_params) -> tuple[int, int]:
    sq, cq = params.sq_off, params.cq_off
    entry, result = size_of(ring.io_uring_sqe), size_of(ring.io_uring_cqe)
    asked = Mapped(file, sq.array + 4 * params.sq_entries, ring.IORING_OFF_SQ_RING)
    done = Mapped(file, cq.cqes + result * params.cq_entries, ring.IORING_OFF_CQ_RING)
    entries = Mapped(file, entry * params.sq_entries, ring.IORING_OFF_SQES)

    tail = asked.word(sq.tail)
    index = tail.value & asked.word(sq.ring_mask).value
    sqe = ring.io_uring_sqe.at(entries.address + entry * index)
    sqe.opcode = ring.io_uring_op.Nop
    sqe.user_data = COOKIE
    asked.word(sq.array + 4 * index).value = index
    tail.value += 1  # Of one thread, and a system call follows: no barrier is needed.
    call(ENTER, file, 1, 1, ring.IORING_ENTER_GETEVENTS, None, 0)

    head = done.word(cq.head)
    index = head.value & done.word(cq.ring_mask).value
    cqe = ring.io_uring_cqe.at(
        done.address + cq.cqes + result * index, {"num_big_cqe": 0}
    )
    head.value += 1
    return cqe.user_data, cqe.res


if __name__ == "__main__":
    try:
        mark, answer = do_nothing()
    except OSError as error:
        raise SystemExit(
            f"the kernel has no io_uring for us: {error.strerror}"
        ) from None
    print(f"{mark:#x} is done, and came to {answer}")
