"""The conditions that a schema has Rust compile things under, as attributes.

A type that isn't there may still be pointed to by what is: something of its name stands in
for it then, which can be used for nothing but that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.rust.docs import SKIP
from vmgen.schema import model as m
from vmgen.schema.mentions import conditional, mentioned_in, mentions_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.schema.rust_attributes import Condition
    from vmgen.schema.types import Type

LONGEST = 50
"""Columns of a condition that rustfmt leaves on its line wherever it stands."""


class Conditions:
    """Those of a module's types. `standing_in` are the names that something mentions also
    where the type isn't there; `any` is whether anything is under a condition."""

    def __init__(self, module: m.Module) -> None:
        types = module.types.items()
        self._of: dict[str, Condition] = {
            name: found for name, d in types if (found := d.in_rust.condition)
        }
        self.standing_in: set[str] = set()
        own = module.own_types.values()
        self.any = any(item.cfg for d in own for _, item in conditional(d))
        for declared in own if self._of else ():
            for item, mentioned in mentions_of(declared):
                holding = declared.in_rust.conditions | item.conditions
                for name in mentioned_in(mentioned) & self._of.keys():
                    if not self._of[name].each <= holding:
                        self.standing_in.add(name)

    def of(self, name: str) -> Condition | None:
        """What a declared type is under, if it is."""
        return self._of.get(name)

    def missing(self, types: Iterable[Type]) -> list[str]:
        """The conditions without which something in these types has no name."""
        if not self._of:
            return []
        names = mentioned_in(types) & self._of.keys() - self.standing_in
        return sorted({self._of[name].text for name in names})


def cfg_lines(conditions: Iterable[str]) -> str:
    """Conditions as finished lines, one for each."""
    lines = "".join(f"#[cfg({condition})]\n" for condition in conditions)
    return f"{SKIP}{lines}" if any(len(c) > LONGEST for c in conditions) else lines
