"""A schema's documents as one version has them.

They are then those of a schema that is written for that version alone: nothing behind
this asks for versions. What is the same in all versions is the same node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen.reading.source import Entry, Mapping, Node, Scalar, Sequence
from vmgen.schema.condition_shapes import CONDITIONS
from vmgen.schema.former_paths import path_then
from vmgen.schema.found_conditions import IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as ReadOnly
    from collections.abc import Sequence as ReadOnlyList

    from vmgen.schema.files import Document
    from vmgen.schema.former_paths import InVersion
    from vmgen.schema.found_conditions import Found


def select(
    documents: list[Document],
    here: InVersion,
    renamed: ReadOnly[str, str],
    used: Iterable[InVersion],
) -> list[Document]:
    """The documents in the version `here`. `renamed` are names that used modules have in
    it, by those that the newest has, and `used` are those modules."""
    found, index = here.found, here.index
    names = dict(renamed)
    for name, former in found.names.items():
        for each in former:
            if each.versions >> index & 1:
                names[name] = each.name
    taker = _Taker(found, index, names, (here, *used))
    return [replace(d, root=taker.document(d.root)) for d in documents]


def names_in(found: Found, index: int) -> dict[str, str]:
    """The former names that types and constants have in a version, by today's."""
    return {
        name: each.name
        for name, former in found.names.items()
        for each in former
        if each.versions >> index & 1
    }


class _Taker:
    """Takes nodes as one version has them."""

    def __init__(
        self,
        found: Found,
        index: int,
        names: dict[str, str],
        schemas: ReadOnlyList[InVersion],
    ) -> None:
        self.found = found
        self.index = index
        self.names = names
        self.schemas = schemas

    def has(self, versions: int) -> bool:
        return bool(versions >> self.index & 1)

    def document(self, root: Mapping) -> Mapping:
        """The root, whose types can be taken out of it without a loss for others."""
        made = self.node(root)
        assert isinstance(made, Mapping)
        entries = dict(made.entries)
        types = entries.get("types")
        if types is not None and isinstance(types.node, Mapping):
            copied = replace(types.node, entries=dict(types.node.entries))
            entries["types"] = replace(types, node=copied)
        return replace(made, entries=entries)

    def node(self, node: Node) -> Node:
        if id(node) not in self.found.varying:
            return node
        if isinstance(node, Mapping):
            return self._mapping(node)
        if isinstance(node, Sequence):
            items = [self._item(item) for item in node.items]
            return replace(node, items=[item for item in items if item is not None])
        assert isinstance(node, Scalar)
        owner = self.found.paths.get(id(node))
        if owner is None:
            return replace(node, value=self._renamed(node.value))
        first = node.value.partition(".")[0]
        then = self.names.get(first, first)
        return replace(node, value=path_then(node.value, owner, then, self.schemas))

    def _mapping(self, node: Mapping) -> Mapping:
        local = self.found.local.get(id(node))
        if local is None:
            return replace(node, entries=self._entries(node))
        before = self.names
        self.names = dict(before)
        for name, former in local.items():
            self.names.update((name, f.name) for f in former if self.has(f.versions))
        made = replace(node, entries=self._entries(node))
        self.names = before
        return made

    def _entries(self, node: Mapping) -> dict[str, Entry]:
        conditional = id(node) in self.found.there
        made = {}
        for name, entry in node.entries.items():
            if conditional and name in CONDITIONS:
                continue
            if name == "was" and id(node) in self.found.former:
                entry = self._was(node, entry)
            taken = self._entry(entry)
            if taken is not None:
                made[taken.value] = taken
        return made

    def _entry(self, entry: Entry) -> Entry | None:
        """An entry in this version; None if it isn't there."""
        node = entry.node
        if not self.has(self.found.there.get(id(node), -1)):
            return None
        cases = self.found.cases.get(id(node))
        if cases is not None:
            chosen = next(
                (item for versions, item in cases if self.has(versions)), None
            )
            if chosen is None:
                return None
            return replace(entry, node=self.node(chosen))
        for former in self.found.former.get(id(node), ()):
            if self.has(former.versions):
                return replace(entry, value=former.name, node=self.node(node))
        if id(node) not in self.found.varying:
            return entry
        return replace(entry, node=self.node(node))

    def _item(self, item: Node) -> Node | None:
        """An item of a list of members in this version; None if it isn't there."""
        if not isinstance(item, Mapping):
            return self.node(item)
        entries = self._entries(item)
        return replace(item, entries=entries) if entries else None

    def _was(self, node: Mapping, entry: Entry) -> Entry:
        """The names from before the one that something has, the latest first."""
        former = self.found.former[id(node)]
        here = next((i for i, f in enumerate(former) if self.has(f.versions)), None)
        names = [f.name for f in former[:here]][::-1]
        place = entry.node
        items: list[Node] = [
            Scalar(place.file, place.start, place.length, name, False) for name in names
        ]
        return replace(
            entry, node=Sequence(place.file, place.start, place.length, items)
        )

    def _renamed(self, text: str) -> str:
        return IDENTIFIER.sub(lambda found: self.names.get(found[0], found[0]), text)
