"""What a module sees of the modules that it uses: their types and constants, by name.

It sees what those declare themselves. What they use in turn is part of layouts and has
no name here, but no other thing may have that name either: a C file that includes one
header includes the others.
"""

from __future__ import annotations

import os.path
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly
    from collections.abc import Sequence

    from vmgen.reading.source import SourceFile, Span
    from vmgen.schema import model as m


class Loaded(msgspec.Struct, frozen=True):
    """A module that was read, and the names of what it declares with a fault in it,
    which was left out of the module."""

    module: m.Module
    faulty: frozenset[str]
    renamed: ReadOnly[str, str] = MappingProxyType({})
    """The names that its types and constants have in another version than this one, and
    in this one."""


class Elsewhere(msgspec.Struct, frozen=True):
    """Where another module declares a name."""

    module: str
    span: Span


class Visible:
    """The names of the modules that one uses.

    `faulty` are names that were declared with a fault: who looks one up need not be
    told. `types_elsewhere` and `constants_elsewhere` are all names that are taken, also
    by modules that are only used by others.
    """

    def __init__(self, uses: Sequence[Loaded]) -> None:
        self.types: dict[str, m.Declaration] = {}
        self.constants: dict[str, m.Constant] = {}
        self.faulty: set[str] = set()
        self.types_elsewhere: dict[str, Elsewhere] = {}
        self.constants_elsewhere: dict[str, Elsewhere] = {}
        self._declaring: dict[str, m.Module] = {}
        for loaded in uses:
            module = loaded.module
            self.faulty.update(loaded.faulty)
            own = module.own_types.items()
            self.types.update((n, d) for n, d in own if d.in_place is None)
            self.constants.update(module.own_constants)
            for one in (*module.modules_used, module):
                self._take(one)

    def _take(self, module: m.Module) -> None:
        for name, declared in module.own_types.items():
            self.types_elsewhere[name] = Elsewhere(module.name, declared.span)
            self._declaring[name] = module
        for name, constant in module.own_constants.items():
            self.constants_elsewhere[name] = Elsewhere(module.name, constant.span)
            self._declaring[name] = module

    def hint(self, name: str, file: SourceFile) -> tuple[str, ...]:
        """The `help` for a name that no module declares which `file` names, but one does
        that those use."""
        module = self._declaring.get(name)
        if module is None or name in self.types or name in self.constants:
            return ()
        path = os.path.relpath(module.path, file.path.parent).replace(os.sep, "/")
        return (f"the module `{module.name}` declares it: add `{path}` to `uses`",)
