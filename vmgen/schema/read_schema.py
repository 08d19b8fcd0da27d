"""A schema as `vmgen.schema.loader` keeps it, between reading it and making modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.schema.former_paths import InVersion
from vmgen.schema.resolve import Built

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.reading.source import Span
    from vmgen.schema.files import Document
    from vmgen.schema.found_conditions import Found
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

    def in_version(self, index: int) -> Iterator[InVersion]:
        """This schema in a version of its own, and those that it uses in theirs, as far as
        they have any."""
        assert self.found is not None
        yield InVersion(self.found, index)
        for _, other in self.uses:
            its = other.index_in(self, index)
            if its is not None and other.found is not None:
                yield from other.in_version(its)

    def signature(self, index: int | None) -> tuple[object, ...]:
        """What one version has of all that differs; equal ones have equal modules."""
        if index is None or self.found is None:
            return ()
        used = (
            (other.real, other.signature(other.index_in(self, index)))
            for _, other in self.uses
        )
        return (*self.found.signature(index), *used)
