"""What may be different between a record of a schema and a type of a binary, as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from vmgen.reading.source import Span

Kind = Literal["size", "members", "name", "offset", "type", "values", "null"]

MAX_LISTED = 8
"""How many of several parts that moved are listed."""


class Difference(msgspec.Struct, frozen=True):
    """What a schema and a binary say differently, at a place of the schema.

    `follows` says that a difference of a record that this one holds by value is enough
    to explain it.
    """

    kind: Kind
    message: str
    span: Span
    notes: tuple[str, ...] = ()
    follows: str = ""


class Compared(msgspec.Struct, frozen=True):
    """What came of one record: how many numbers were held against each other, and what
    differs. `told` is false where the binary's type says nothing of what is inside, and `lacking`
    are the fields of a context of which it says nothing."""

    numbers: int
    differences: tuple[Difference, ...]
    told: bool = True
    lacking: tuple[str, ...] = ()
