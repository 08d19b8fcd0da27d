"""What a schema is made of, out of the debug information of binaries."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

from vmgen.binaries.dwarf import open_dwarf
from vmgen.binaries.image import BinaryError, sound
from vmgen.binaries.names import Patterns
from vmgen.binaries.targets import target_of, together
from vmgen.binaries.units import find_types
from vmgen.imports.entries import TypeReader
from vmgen.imports.found import Found, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.binaries.image import Image, Machine

MAX_TYPES = 10_000
"""How many types one schema is made of: a pattern that all of a program's fit is a slip."""


def read_images(
    images: Iterable[Image],
    patterns: Sequence[str],
    target: str | None,
    *,
    some: bool = False,
) -> Source:
    """The types of images whose names fit a pattern, with all that they hold by value.

    A pattern with ``::`` is about whole paths of Rust's, another one about last names.
    `target` is what they were made for, where they don't tell. Raises `BinaryError`, for a
    pattern that nothing fits, too, unless only `some` of them need to.
    """
    search = _Search(patterns)
    machine: Machine | None = None
    elsewhere: list[str] = []
    for image in images:
        elsewhere += image.elsewhere
        if not image.has_types:
            continue
        machine = together(machine, image.machine)
        with sound(f"the debug information of {image.name} is broken"):
            search.look(image)
    if machine is None and elsewhere:
        there = ", ".join(dict.fromkeys(elsewhere))
        raise BinaryError(f"its debug information is in {there}: name that instead")
    if machine is None:
        raise BinaryError("it has no debug information")
    if not some or not search.wanted:
        search.refuse_missing()
    return Source(
        target_of(machine, target),
        search.types,
        search.wanted,
        search.ambiguous,
        flat=search.flat,
        places=search.places,
        is_rust=search.is_rust,
        aliases=search.aliases,
        in_c=search.in_c,
    )


class _Search:
    """Looks for the wanted types in one image after the other."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = dict.fromkeys(patterns, False)
        self._last = {pattern.rpartition("::")[2] for pattern in patterns}
        self._paths: dict[str, str] = {}
        self.types: dict[str, Found] = {}
        self.is_rust = False
        self.aliases: dict[str, str] = {}
        self.in_c: dict[str, str] = {}

    def look(self, image: Image) -> None:
        dwarf = open_dwarf(image)
        reader = TypeReader(dwarf, self.types)
        names = Patterns(self._last, image.sections)
        for entry in find_types(dwarf, names, image.sections[".debug_info"]):
            path = "::".join(entry.path)
            if entry.nested and path not in self._patterns:
                # A variant of a Rust enum is a type inside of the enum's.
                continue
            fitting = [p for p in self._patterns if _fits(path, p)]
            if not fitting:
                continue
            key = reader.declared(entry.offset, entry.path[-1])
            if key is None:
                continue
            for pattern in fitting:
                self._patterns[pattern] = True
            self.is_rust |= reader.is_rust_at(entry.offset)
            self._paths.setdefault(key, path)
            if len(self.types) > MAX_TYPES:
                raise BinaryError(
                    f"more than {MAX_TYPES} types are asked for: name fewer by --type"
                )
        self.aliases |= reader.aliases
        self.in_c |= reader.in_c

    def refuse_missing(self) -> None:
        missing = [f"`{p}`" for p, found in self._patterns.items() if not found]
        if missing:
            raise BinaryError(f"no type in it is called {' or '.join(missing)}")

    @property
    def wanted(self) -> tuple[str, ...]:
        return tuple(self._paths)

    @property
    def places(self) -> dict[str, str]:
        return dict(self._paths)

    @property
    def flat(self) -> bool:
        return not any("::" in path for path in self._paths.values())

    @property
    def ambiguous(self) -> dict[str, str]:
        """The paths of those types whose names others have, too."""
        names: dict[str, set[str]] = {}
        for path in self._paths.values():
            names.setdefault(path.rpartition("::")[2], set()).add(path)
        return {
            key: path
            for key, path in self._paths.items()
            if len(names[path.rpartition("::")[2]]) > 1
        }


def _fits(path: str, pattern: str) -> bool:
    if "::" in pattern:
        return fnmatch.fnmatchcase(path, pattern)
    return fnmatch.fnmatchcase(path.rpartition("::")[2], pattern)
