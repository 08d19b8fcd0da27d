"""The names that a language keeps for itself, and how it spells one that was allowed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.reading.source import Span

Role = Literal[
    "module",
    "family",
    "type",
    "constant",
    "variant",
    "field",
    "context",
    "parameter",
]
"""What a name is in a schema; `context` is a field, a region or a count of a context,
`family` the module of a schema with several versions, which have modules of their own."""


def names(text: str) -> frozenset[str]:
    """The names in a text, which white space sets apart."""
    return frozenset(text.split())


class Taken(msgspec.Struct, frozen=True):
    """Names that can't be used in a role, and what they are, in words of a message.

    `prefixes` stand for every name that begins so. Where a name that was allowed all the
    same can be used as it is, `escaped` is false. `option` is the key of the language's
    table in the configuration that leaves these names to schemas, if there is one.
    """

    names: frozenset[str]
    what: str
    escaped: bool = True
    prefixes: tuple[str, ...] = ()
    option: str = ""

    def __contains__(self, name: object) -> bool:
        return name in self.names or (
            isinstance(name, str) and name.startswith(self.prefixes)
        )


class Derived(msgspec.Struct, frozen=True):
    """A name that a language has because of a declared one: its text, the declared name
    and the place of that, and what it is, in words of a message.

    `is_type` says that it is a type, which brings further names along as declared ones
    do. `part` is the name of the one part of what is declared because of which there is
    the name, at `span` then; empty where it is because of the whole.
    """

    text: str
    name: str
    span: Span
    what: str
    is_type: bool = False
    part: str = ""

    @property
    def whose(self) -> str:
        """What the name is there for, as messages say it."""
        return f"{self.name}.{self.part}" if self.part else self.name


class Words(msgspec.Struct, frozen=True, dict=True):
    """What one language reserves.

    `title` is what messages call the language. `keywords` have an entry for each
    language that reads its files, as C++ does a C header; `taken` are by role.
    """

    title: str
    keywords: Mapping[str, frozenset[str]] = {}
    taken: Mapping[Role, tuple[Taken, ...]] = {}

    @cached_property
    def all_keywords(self) -> frozenset[str]:
        return frozenset().union(*self.keywords.values())

    def spelled(self, name: str, role: Role = "field") -> str:
        """The name as the bindings spell it: with `_` where it is reserved.

        No declared name ends in `_`, so that it can't be another one's.
        """
        if name in self.all_keywords:
            return f"{name}_"
        escaped = any(name in t for t in self.taken.get(role, ()) if t.escaped)
        return f"{name}_" if escaped else name
