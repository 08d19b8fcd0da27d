"""Cache lines: where in a record they begin, and how many it fills."""

from __future__ import annotations

import msgspec

SIZE = 64
"""Bytes of a cache line: what x86-64 and most others have."""


class CacheLine(msgspec.Struct, frozen=True):
    """The cache line that a byte is in, of a record that starts at the begin of one:
    its number, its first byte, and how many bytes of it are before that byte."""

    number: int
    begin: int
    past: int


def cache_line(offset: int) -> CacheLine:
    """The cache line of the byte at that offset."""
    number, past = divmod(offset, SIZE)
    return CacheLine(number, number * SIZE, past)


def cache_lines(size: int) -> int:
    """How many cache lines a record of that size fills, at least in part, if it
    starts at the begin of one."""
    return (size + SIZE - 1) // SIZE
