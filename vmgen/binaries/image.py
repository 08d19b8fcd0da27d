"""A piece of machine code with its debug sections, whatever file it came in."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


SPLIT = (
    "its debug information is split off into .dwo files, which aren't read: compile "
    "without -gsplit-dwarf, with `split-debuginfo=off` for Rust"
)


class BinaryError(Exception):
    """A file that can't be read as a binary, or holds what no compiler writes; the text
    says what is wrong, in one line and without the file's name."""


@contextmanager
def sound(what: str) -> Iterator[None]:
    """Have what libraries raise over a broken file be a `BinaryError`; `what` says what
    it isn't. They trust what a file says of itself, and fail anywhere when it lies."""
    from elftools.common.exceptions import DWARFError, ELFError
    from elftools.construct.core import ConstructError

    try:
        yield
    except (
        DWARFError, ELFError, ConstructError, ValueError, LookupError, AttributeError,
        TypeError, AssertionError, OverflowError, RecursionError, NotImplementedError,
        SystemError,
    ) as error:  # fmt: skip
        lines = str(error).splitlines()
        why = lines[0] if lines else type(error).__name__
        raise BinaryError(f"{what}: {why}") from None


class NoDebugInformation(BinaryError):
    """A file that is sound, and says nothing of its types."""


class Machine(msgspec.Struct, frozen=True):
    """What code runs on, as far as its container says.

    `arch` is as rustc's triples begin (``x86_64``), empty where it isn't known; `system`
    is what they have for the operating system, empty where the container says nothing.
    `pointer` is in bytes.
    """

    arch: str
    pointer: int
    endian: Literal["little", "big"]
    system: str = ""


class Image(msgspec.Struct, frozen=True):
    """One linked file, or one object of an archive.

    `sections` are the debug sections by their names in ELF (``.debug_info``), with
    relocations applied and decompressed. `elsewhere` names the files that have the debug
    information where this one only says so.
    """

    name: str
    machine: Machine
    sections: Mapping[str, bytes]
    elsewhere: tuple[str, ...] = ()

    @property
    def has_types(self) -> bool:
        return bool(self.sections.get(".debug_info"))
