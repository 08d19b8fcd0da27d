"""What the conditions of a schema come to, for all of its versions at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from vmgen.reading.source import Mapping, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.reading.source import Entry, Node
    from vmgen.schema.condition_sets import Former

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


_PARTS = ("fields", "regions", "functions", "variants", "struct", "union")
"""What may have parts with names, in a declaration or in a field that is one itself."""


def parts_of(node: Node | None) -> Iterator[Entry]:
    """What a declaration is made of, or a field whose type is declared in place."""
    if isinstance(node, Mapping):
        for key in _PARTS:
            yield from members(node.get(key))


class Found(msgspec.Struct):
    """What conditions come to, by the identity of the node that has them.

    Sets of versions are as in `Versions`. `there` are mappings that are not in all
    versions, `cases` lists of cases, `former` mappings that have `was`, and `varying`
    every node that isn't the same in all versions. `local` are, of declarations, the names
    that only their own members use.

    `paths` are texts that are paths of fields, each with the type that it begins in, empty
    where it names that itself; `declared` the types, by their newest names, and `parts` what
    parts of them are called that were called otherwise.
    """

    there: dict[int, int]
    cases: dict[int, list[tuple[int, Node]]]
    former: dict[int, list[Former]]
    varying: set[int]
    local: dict[int, dict[str, list[Former]]]
    names: dict[str, list[Former]]
    paths: dict[int, str]
    declared: dict[str, Mapping]
    parts: set[str]

    def signature(self, index: int) -> tuple[int, ...]:
        """What one version has of all that differs: equal ones have equal modules."""
        masks = [
            *self.there.values(),
            *(mask for cases in self.cases.values() for mask, _ in cases),
            *(f.versions for each in self.former.values() for f in each),
        ]
        return tuple(mask >> index & 1 for mask in masks)
