"""What is compared at a time: one record, in the whole that it is part of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.changes.edit import BEHIND_ALL, Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.changes.meaning import Meanings
    from vmgen.changes.places import Places
    from vmgen.changes.saved import Record
    from vmgen.changes.side import Sides
    from vmgen.rules.changes import Change


class Pair(msgspec.Struct, frozen=True):
    """A record on both sides: its name on each, and on each lane what it is there."""

    name: str
    old_name: str
    old: tuple[Record, ...]
    new: tuple[Record, ...]


class Comparison:
    """Holds records against each other, each behind those that it holds by value, since
    what those do to it is theirs to tell."""

    def __init__(self, sides: Sides, meanings: Meanings, places: Places) -> None:
        self.lanes = sides.lanes
        self.sides = sides
        self.meanings = meanings
        self.places = places
        self.edits: list[Edit] = []
        self.resized: dict[str, list[Edit]] = {}
        """The edits that gave a record another size or alignment, by its new name."""
        self.members: dict[str, list[str]] = {}
        self.renamed_counts: dict[str, dict[str, str]] = {}
        """The new names of old counts, of each context by its new name."""


class Subject:
    """A record that is compared, and the edits that are found in it."""

    def __init__(self, whole: Comparison, pair: Pair) -> None:
        self.whole = whole
        self.pair = pair
        self.name = pair.name
        self.old, self.new = pair.old[0], pair.new[0]
        self.edits: list[Edit] = []

    def edit(
        self,
        kind: Change,
        message: str,
        part: str | None,
        *,
        position: float = BEHIND_ALL,
        moves: bool = False,
        helps: Sequence[str] = (),
        details: Sequence[str] = (),
    ) -> Edit:
        span = self.whole.places.span(self.name, part)
        made = Edit(
            kind,
            message,
            self.name,
            part,
            span,
            position,
            moves,
            details=list(details),
            helps=list(helps),
        )
        self.edits.append(made)
        return made


def reserve(it: Subject, name: str) -> tuple[str, ...]:
    if name in it.new.reserved:
        return ()
    return (
        f"`reserved: [{name}]` in `{it.name}` keeps the name from coming back with "
        "another meaning",
    )


def unless_said(said: bool, why: str) -> tuple[str, ...]:
    """What to mind where the schema doesn't say that it is a new name."""
    if said:
        return ()
    return (
        f"told as a new name because {why}: if it means something else, compiled code "
        "breaks as well",
    )
