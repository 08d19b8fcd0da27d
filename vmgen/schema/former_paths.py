"""Paths of fields, as `limits.num_slots`, by the names that the fields have in a version.

A schema says each by the newest names. What a field was called is said where it is declared,
in this schema or in one that it uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.reading.source import Entry, Mapping, Scalar
from vmgen.schema.found_conditions import IDENTIFIER, parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.reading.source import Node
    from vmgen.schema.found_conditions import Found


_IN_PLACE = ("struct", "union")


class InVersion(msgspec.Struct, frozen=True):
    """A schema in one of its versions: what conditions in it come to, and the index."""

    found: Found
    index: int

    def has(self, versions: int) -> bool:
        return bool(versions >> self.index & 1)


def path_then(text: str, owner: str, first: str, schemas: Sequence[InVersion]) -> str:
    """A path by the names of a version. With an `owner` it is one of that type's fields;
    without it begins with the name of a type, which is `first` in the version. `schemas`
    are the one that says it, and those that it uses.
    """
    names = text.split(".")
    made = [] if owner else [first]
    where = _declared(owner or names.pop(0), schemas)
    for name in names:
        part = _part(where, name)
        made.append(_name_then(where, part, name))
        where = _inside(where, part, schemas)
    return ".".join(made)


_Where = tuple[InVersion, Mapping] | None
"""A declaration, or a field that is one, in the schema that has it."""


def _declared(name: str, schemas: Sequence[InVersion]) -> _Where:
    for schema in schemas:
        node = schema.found.declared.get(name)
        if node is not None:
            return schema, node
    return None


def _part(where: _Where, name: str) -> Entry | None:
    """The part of that name that is there in the version."""
    if where is None:
        return None
    schema, node = where
    there = schema.found.there
    parts = (part for part in parts_of(node) if part.value == name)
    return next((p for p in parts if schema.has(there.get(id(p.node), -1))), None)


def _name_then(where: _Where, part: Entry | None, name: str) -> str:
    if where is None or part is None:
        return name
    schema = where[0]
    former = schema.found.former.get(id(part.node), ())
    return next((f.name for f in former if schema.has(f.versions)), name)


def _inside(where: _Where, part: Entry | None, schemas: Sequence[InVersion]) -> _Where:
    """What a part is, or points to, that has parts itself."""
    if where is None or part is None:
        return None
    schema, node = where[0], part.node
    if isinstance(node, Mapping) and not node.entries.keys().isdisjoint(_IN_PLACE):
        return schema, node
    text = _chosen(schema, node.get("type") if isinstance(node, Mapping) else node)
    if not isinstance(text, Scalar):
        return None
    found = (_declared(name, schemas) for name in IDENTIFIER.findall(text.value))
    return next((each for each in found if each is not None), None)


def _chosen(schema: InVersion, node: Node | None) -> Node | None:
    """A value, or of cases that which holds in the version."""
    cases = schema.found.cases.get(id(node))
    if cases is None:
        return node
    return next((item for versions, item in cases if schema.has(versions)), None)
