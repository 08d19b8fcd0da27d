"""What is shown side by side: the layouts of one version on one target."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from vmgen.schema.former_names import kept

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Record
    from vmgen.schema.former_names import Names
    from vmgen.schema.model import ModelTarget

    _T = TypeVar("_T", bound=Hashable)


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

    @property
    def age(self) -> int:
        """The index of its version among those of the schema, the oldest being 0."""
        module = self.layouts.module
        newest = module.listed[-1:]
        return module.versions.index(newest[0]) if newest else 0

    def record(self, name: str) -> Record | None:
        """The declared type of that name, if there is one in this version."""
        return self.layouts.of(name) if name in self.layouts.module.types else None


def same_things(each: Sequence[Names], ages: Sequence[int]) -> list[dict[str, int]]:
    """What the names of each column stand for: the same number for the same thing, also
    where a version of another age has another name for it."""
    numbers: dict[int, dict[str, int]] = {}
    before: Names = {}
    known: dict[str, int] = {}
    count = 0
    for age in sorted(set(ages)):
        # A target may lack names that others have in the same version.
        names = {
            name: was
            for column, a in zip(each, ages, strict=True)
            if a == age
            for name, was in column.items()
        }
        if not names:
            continue
        old_names = {new: old for old, new in kept(before, names).items()}
        found = {}
        for name in names:
            if name in old_names:
                found[name] = known[old_names[name]]
            else:
                found[name] = count
                count += 1
        numbers[age], before, known = found, names, found
    return [
        numbers.get(age, {}) if n else {} for n, age in zip(each, ages, strict=True)
    ]


def merged(lists: Sequence[Iterable[_T]]) -> list[_T]:
    """Names of several lists, each once: those of the last one in its order, and what only
    others have behind what is before it there."""
    found: list[_T] = list(dict.fromkeys(lists[-1])) if lists else []
    for names in reversed(lists[:-1]):
        place = 0
        for name in names:
            if name in found:
                place = found.index(name) + 1
            else:
                found.insert(place, name)
                place += 1
    return found
