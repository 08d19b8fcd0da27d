"""A change in the making: what was edited, and what follows from it, as that is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.changes.change import Effect, Found, Number
from vmgen.changes.wording import DataKind, numbers_in_words, on_targets
from vmgen.rules.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vmgen.changes.side import Lane
    from vmgen.reading.source import Span
    from vmgen.rules.changes import Change

BEFORE_ALL = -1.0
BEHIND_ALL = float("inf")


class Edit(msgspec.Struct, eq=False):
    """One thing that is different in the new schema.

    `message` says what, without numbers; `also` are other parts that it is about. `position` is where among the record's new
    members, `moves` whether it can move what is behind it. `numbers` has, by the index of
    a lane, what it does there: to its own record, and to those that hold that by value.
    """

    kind: Change
    message: str
    record: str | None
    part: str | None
    span: Span | None
    position: float = BEHIND_ALL
    moves: bool = False
    also: list[str] = []
    details: list[str] = []
    helps: list[str] = []
    numbers: dict[int, list[Number]] = {}

    def attach(self, lane: int, number: Number) -> None:
        self.numbers.setdefault(lane, []).append(number)

    def finished(
        self,
        lanes: Sequence[Lane],
        compared: Mapping[str, DataKind],
        members: Sequence[str],
    ) -> Found:
        """The change, with what it does in words. `members` are the record's new ones."""
        effects = self._effects(lanes, list(compared))
        message = self.message + self._moved(effects, compared, members)
        details = [*self.details, *self._notes(effects, compared)]
        return Found(
            self.kind,
            message,
            self.record,
            self.part,
            self.span,
            effects,
            tuple(details),
            tuple(self.helps),
        )

    def _effects(
        self, lanes: Sequence[Lane], order: Sequence[str]
    ) -> tuple[Effect, ...]:
        """The numbers, targets with the same ones together, in their order."""
        grouped: dict[tuple[Number, ...], list[str]] = {}
        for index, lane in enumerate(lanes):
            numbers = tuple(dict.fromkeys(self.numbers.get(index, ())))
            if numbers:
                grouped.setdefault(numbers, []).extend(lane.targets)
        effects = [
            Effect(tuple(sorted(targets, key=order.index)), numbers)
            for numbers, targets in grouped.items()
        ]
        return tuple(sorted(effects, key=lambda e: order.index(e.targets[0])))

    def _moved(
        self,
        effects: Sequence[Effect],
        compared: Mapping[str, DataKind],
        members: Sequence[str],
    ) -> str:
        """What moves in its own record, by how much and where."""
        phrases: dict[str, list[str]] = {}
        for effect in effects:
            own = [n for n in effect.numbers if n.record == self.record]
            phrase = _phrase(own, members)
            if phrase:
                phrases.setdefault(phrase, []).extend(effect.targets)
        said = [
            f"{phrase} {on_targets(targets, compared)}".rstrip()
            for phrase, targets in phrases.items()
        ]
        return f"; {', '.join(said)}" if said else ""

    def _notes(
        self, effects: Sequence[Effect], compared: Mapping[str, DataKind]
    ) -> Iterable[str]:
        """The numbers of its own record, then those of each that holds it."""
        for effect in effects:
            records = dict.fromkeys(n.record for n in effect.numbers)
            where = on_targets(effect.targets, compared)
            for record in sorted(records, key=lambda name: name != self.record):
                numbers = [n for n in effect.numbers if n.record == record]
                whose = "" if record == self.record else f"`{record}`, "
                yield f"{whose}{where}: {numbers_in_words(numbers)}"


def _phrase(numbers: Sequence[Number], members: Sequence[str]) -> str:
    """`a and everything behind it move by 8`, or what becomes of the size alone."""
    # What a bit-field moves by in bits comes behind what its first byte does.
    places = ("offset", "bit_offset")
    moved = {n.part: n.moves for n in numbers if n.what in places and n.part}
    runs: list[tuple[str, list[str]]] = []
    for name in members:
        if name in moved:
            if runs and runs[-1][0] == moved[name]:
                runs[-1][1].append(name)
            else:
                runs.append((moved[name], [name]))
    said = []
    for by, names in runs:
        behind = members[members.index(names[0]) :]
        if len(names) == 1:
            said.append(f"`{names[0]}` moves {by}")
        elif list(behind) == names:
            said.append(f"`{names[0]}` and everything behind it move {by}")
        else:
            said.append(f"`{names[0]}` and {len(names) - 1} more move {by}")
    if not said:
        for number in numbers:
            if number.part is None and number.what in ("size", "align"):
                what = "alignment" if number.what == "align" else number.what
                if number.moves:
                    said.append(f"its size moves {number.moves}")
                else:
                    said.append(f"its {what} goes from {number.old} to {number.new}")
    return listed(said) if said else ""
