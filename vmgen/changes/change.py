"""A change as a value: what, where, on which targets by how much, and who breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from vmgen.reading.source import Span
    from vmgen.rules.changes import Change as Kind
    from vmgen.schema.model import Allow


class Number(msgspec.Struct, frozen=True):
    """A number of one record that is another one: which part's, or None of the record
    itself; what it is (``offset``, ``bit_offset``, ``size``, ``align``, ``stride``); the old
    and the new one, in bytes, or bits in the first one.

    `moves` says in words by how much, of an offset and of a size that depends on counts.
    Where they do, `counts` are the smallest with which the two differ, and `old` and `new`
    are what they are with these; they are the same unless `unless`, if one count decides
    that.
    """

    record: str
    part: str | None
    what: str
    old: int
    new: int
    moves: str = ""
    counts: str = ""
    unless: str = ""


class Effect(msgspec.Struct, frozen=True):
    """What a change does to numbers on some targets."""

    targets: tuple[str, ...]
    numbers: tuple[Number, ...]


class Found(msgspec.Struct, frozen=True):
    """A change. `record` and `part` are where it is, in the new schema if it is there;
    `details` are its sentences beside the numbers. `allow` is what allows it."""

    kind: Kind
    message: str
    record: str | None
    part: str | None
    span: Span | None
    effects: tuple[Effect, ...] = ()
    details: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    allow: Allow | None = None
