"""Names that others have: lists made by scripts/update_names.py, in `lists/` of the
language that they matter to.

The lists are of Unix (glibc, Linux and gcc), of Windows (what `<windows.h>` brings in,
and C's library), and of Python's library.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable


Words = Literal[
    "unix_members", "unix_types", "unix_headers",
    "windows_members", "windows_types", "windows_headers", "modules",
]  # fmt: skip
"""Lists of a name a line: macros in small letters, types, headers without their `.h`,
and Python's modules."""

Packed = Literal["unix_constants", "unix_macros", "windows_constants", "windows_macros"]
"""Lists of macros in capitals, those that could be a number and the others. With tens of
thousands of names they are not taken apart to look one up. A line is a stem and what
follows it: `SOCK DGRAM RAW` are SOCK_DGRAM and SOCK_RAW. A stem that is a name itself is
followed by `-`."""

ITSELF = "-"


@cache
def words(of: Words) -> frozenset[str]:
    """The names of a list."""
    return frozenset(_bytes(of).decode().split())


def is_in(of: Packed, name: str) -> bool:
    """Whether a list has a name."""
    stem, _, rest = name.partition("_")
    return (rest or ITSELF) in _followers(of, stem)


def as_lines(names: Iterable[str]) -> str:
    """The text of a list of a name a line."""
    return "".join(f"{name}\n" for name in sorted(names))


def packed(names: Iterable[str]) -> str:
    """The text of a list of stems."""
    stems: dict[str, list[str]] = {}
    for name in sorted(names):
        stem, _, rest = name.partition("_")
        stems.setdefault(stem, []).append(rest or ITSELF)
    return "".join(f"{stem} {' '.join(stems[stem])}\n" for stem in sorted(stems))


@cache
def _followers(of: Packed, stem: str) -> frozenset[str]:
    # A space sorts before all that names are made of: the order is that of the stems.
    lines, mark = _lines(of), f"{stem} ".encode()
    index = bisect_left(lines, mark)
    if index == len(lines) or not lines[index].startswith(mark):
        return frozenset()
    return frozenset(lines[index].decode().split(" ")[1:])


@cache
def _lines(of: Packed) -> list[bytes]:
    return _bytes(of).splitlines()


def path_of(of: str) -> Path:
    """The file of a list."""
    folder = "python" if of == "modules" else "c"
    return Path(__file__).parent / folder / "lists" / f"{of}.txt"


@cache
def _bytes(of: Words | Packed) -> bytes:
    return path_of(of).read_bytes()
