"""A schema as `vmgen.schema.loader` keeps it, between reading it and making modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.schema.resolve import Built

if TYPE_CHECKING:
    from vmgen.reading.source import Span
    from vmgen.schema.conditions import Found
    from vmgen.schema.files import Document
    from vmgen.schema.versions import Versions
    from vmgen.schema.visible import Loaded


class ReadSchema(msgspec.Struct, eq=False):
    """A schema that was read, and those that it uses.

    `versions` are None of one that describes one version alone; `loaded` are the modules
    made of it, by the index of their version.
    """

    real: str
    documents: list[Document]
    uses: list[tuple[Span, ReadSchema]]
    versions: Versions | None
    found: Found | None
    loaded: dict[int | None, Loaded] = msgspec.field(default_factory=dict)
    built: Built = msgspec.field(default_factory=dict)

    def index_in(self, user: ReadSchema, index: int) -> int | None:
        """Which version of this one belongs to a version of one that uses it; None if
        there is none for all of its releases, or no difference between any."""
        assert user.versions
        if self.versions is None:
            return None
        version = user.versions.models[index]
        first = self.versions.index_of(version.first)
        return first if first == self.versions.index_of(version.last) else None

    def signature(self, index: int | None) -> tuple[object, ...]:
        """What one version has of all that differs; equal ones have equal modules."""
        if index is None or self.found is None:
            return ()
        used = (
            (other.real, other.signature(other.index_in(self, index)))
            for _, other in self.uses
        )
        return (*self.found.signature(index), *used)
