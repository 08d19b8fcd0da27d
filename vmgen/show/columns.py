"""What is shown side by side: the layouts of one version on one target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Record
    from vmgen.schema.model import ModelTarget


class Column(msgspec.Struct, frozen=True):
    """The layouts of a module, of one of its versions if it has several, and a target."""

    layouts: Layouts
    target: ModelTarget

    @property
    def index(self) -> int:
        """The index of the target's layout class."""
        return self.layouts.class_of(self.target.name).index

    @property
    def module(self) -> str:
        """The module, of several versions the name that they have in common."""
        return self.layouts.module.family

    @property
    def version(self) -> str | None:
        """The release that is shown, of a schema that describes several versions."""
        return self.layouts.module.version

    def record(self, name: str) -> Record | None:
        """The declared type of that name, if there is one in this version."""
        return self.layouts.of(name) if name in self.layouts.module.types else None


def merged(lists: Sequence[Iterable[str]]) -> list[str]:
    """Names of several lists, each once: those of the last one in its order, and what only
    others have behind what is before it there."""
    found: list[str] = list(dict.fromkeys(lists[-1])) if lists else []
    for names in reversed(lists[:-1]):
        place = 0
        for name in names:
            if name in found:
                place = found.index(name) + 1
            else:
                found.insert(place, name)
                place += 1
    return found
