"""Names that Python accepts, and that stay clear of what generated classes have.

A name that is taken gets an underscore; no name of a schema ends in one. The words
that Python itself keeps are in `vmgen.languages.python.words`.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from vmgen.languages.python import words as own
from vmgen.schema.types import ATOMIC_OF, C_NUMBERS, NON_ZERO_OF

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEYWORDS = own.KEYWORDS
_PRIVATE = (
    "_vm", "_raw", "_image", "_face", "_variant", "_fixed", "_offsets", "_memory",
)  # fmt: skip

RECORD = own.CTYPES | own.RECORD
"""Attributes of every struct, union and table of functions."""

ENUM = own.ENUM
"""Attributes of every enum, whose variants are members of it."""

VARIANT = own.ENUM | own.CTYPES | {"Tag", "Payload"}
"""Attributes of enums and of the classes inside of one with payloads, of which its variants
are members."""

_OF_CONTEXTS = frozenset((
    "_counts", "_fixed", "_memory", "_model", "_offsets", "_offsets_for", "_regions",
    "_size",
))  # fmt: skip
CONTEXT = own.CONTEXT | {"regions", "self", "write"} | _OF_CONTEXTS
"""Attributes of contexts and of their offsets, and parameters of the latter."""

WORDS = frozenset({*ATOMIC_OF, *C_NUMBERS, *NON_ZERO_OF})
"""What the table calls words in memory; a class of that name would be taken for one."""

NOTHING: frozenset[str] = frozenset()


def attribute(name: str, taken: frozenset[str]) -> str:
    """`name`, or with an underscore where Python or the class needs it itself."""
    if name in taken or name in _KEYWORDS:
        return f"{name}_"
    return f"{name}_" if name[0] == "_" and name.startswith(_PRIVATE) else name


def attributes(names: Iterable[str], taken: frozenset[str]) -> list[str]:
    """`attribute` of each."""
    return [attribute(name, taken) for name in names]


class Imports:
    """What a module imports, renamed where the schema declares the same name."""

    def __init__(self, declared: frozenset[str]) -> None:
        self._declared = declared
        self._used: dict[str, dict[str, str]] = {}

    def name(self, original: str, module: str = "") -> str:
        """The name by which the module knows something it imports.

        `module` is empty for the runtime.
        """
        used = self._used.setdefault(module, {})
        known = used.get(original)
        if known is None:
            known = original
            while known in self._declared:
                known = f"Vm{known}"
            used[original] = known
        return known

    def statements(self, runtime: str) -> list[list[str]]:
        """The import statements in groups: the standard library's, the runtime's."""
        library = [
            statement
            for module, used in sorted(self._used.items())
            if module
            for statement in statements(module, used)
        ]
        own = statements(runtime, self._used[""])
        return [library, own] if library else [own]


def statements(module: str, used: dict[str, str]) -> list[str]:
    """Imports from one module, as isort has them: one for all that keep their names,
    one for each that doesn't."""
    plain = [name for name in sorted(used, key=_import_order) if used[name] == name]
    found = {}
    if plain:
        line = f"from {module} import {', '.join(plain)}"
        if len(line) > 88:
            line = "\n".join(
                [f"from {module} import (", *(f"    {name}," for name in plain), ")"]
            )
        found[plain[0]] = line
    for name in used:
        if used[name] != name:
            found[name] = f"from {module} import {name} as {used[name]}"
    return [found[name] for name in sorted(found, key=_import_order)]


def _import_order(name: str) -> tuple[bool, list[tuple[bool, int, str]]]:
    """Classes before the rest, and numbers in names as numbers: isort's order."""
    parts = [(d, "".join(p)) for d, p in groupby(name.lower(), str.isdigit)]
    return name[0].islower(), [(not d, int(p) if d else 0, p) for d, p in parts]
