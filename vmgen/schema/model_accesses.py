"""What is said of a part for compilers: its alias region, and what it points to.

`vmgen.schema.model` is where others import them from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from vmgen.reading.source import Span
    from vmgen.schema.besides import Word

Ordering = Literal["relaxed", "acquire_release", "seq_cst"]
"""How atomic loads and stores are ordered: `acquire_release` is acquire for a load and
release for a store."""

NO_ACCESS: frozenset[str] = frozenset()


class Alias(msgspec.Struct, frozen=True):
    """The alias region of a part, as the schema says: its name, or the part whose region
    it is, None for its own; and where it says that elements are regions of their own, None
    if it doesn't. `span` is that of the whole."""

    region: Word | None
    indexed: Span | None
    span: Span


class PointsTo(msgspec.Struct, frozen=True):
    """What a pointer leads to. `bytes` is the number of them that are there for certain,
    as the schema has it, or ``all``; `span` is the key's."""

    span: Span
    alias: Alias | None = None
    access: frozenset[str] = NO_ACCESS
    access_span: Span | None = None
    atomic: Word | None = None
    bytes: Word | None = None

    @property
    def byte_count(self) -> int | str | None:
        """How many bytes are there for certain: a number, ``all``, or None."""
        if self.bytes is None:
            return None
        if self.bytes.text == "all":
            return "all"
        return int(self.bytes.text.replace("_", ""), 0)
