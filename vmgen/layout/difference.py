"""How two places in contexts differ, for all counts.

A place is a sum of lengths, rounded up here and there. What a count adds to it is its
stride times the count, and padding that depends on the count's residue alone, modulo a
period that divides the largest rounding. So two places differ by an amount that grows
with a count, where its strides add up differently, or else by one of finitely many
amounts. Those are found by walking both places at once over the residues of the counts
(`vmgen.layout.alignment` does the same with one), exactly, with the smallest counts that
lead to each.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from math import gcd
from typing import TYPE_CHECKING

import msgspec

from vmgen.layout.alignment import MAX_STATES, TooManyStates
from vmgen.layout.place import align_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_TRIED = 20_000
"""How many counts are tried in the search for the smallest ones with which places differ
by what grows with a count."""

Counts = tuple[tuple[str, int], ...]
"""Counts that are not 0; all others are."""


class Length(msgspec.Struct, frozen=True):
    """A region on the way to a place: what its begin is rounded up to, its stride in
    bytes, its count (a name or a number), and its flag if it has one."""

    round_to: int
    stride: int
    count: str | int
    when: str | None = None

    def bytes(self, counts: Mapping[str, int]) -> int:
        if self.when is not None and not counts.get(self.when, 0):
            return 0
        if isinstance(self.count, int):
            return self.stride * self.count
        return self.stride * counts.get(self.count, 0)


class Place(msgspec.Struct, frozen=True):
    """A place behind `start` bytes and some regions, rounded up to `round_to`."""

    start: int
    lengths: tuple[Length, ...] = ()
    round_to: int = 1

    def at(self, counts: Mapping[str, int]) -> int:
        """The place with these counts, in bytes; those that are missing are 0."""
        offset = self.start
        for length in self.lengths:
            offset = align_up(offset, length.round_to) + length.bytes(counts)
        return align_up(offset, self.round_to)

    @property
    def flags(self) -> set[str]:
        return {length.when for length in self.lengths if length.when is not None}

    @property
    def counts(self) -> set[str]:
        return {r.count for r in self.lengths if isinstance(r.count, str)}


class Condition(msgspec.Struct, frozen=True):
    """That the residue of a count modulo `period` is one of `residues`; of a flag, which
    is 0 or 1, the period is 2."""

    name: str
    period: int
    residues: tuple[int, ...]
    flag: bool


class Difference(msgspec.Struct, frozen=True):
    """How a place differs from another one.

    `grows_with` are the counts with which the difference grows without end; without any,
    `amounts` are all there are, in bytes, 0 among them where the places are the same for
    some counts. `example` are the smallest counts with which they differ. `condition`
    says when they do, if that is always or one count decides it.
    """

    amounts: tuple[int, ...]
    grows_with: tuple[str, ...]
    example: Counts
    condition: Condition | None = None


def difference(old: Place, new: Place) -> Difference | None:
    """How `new` differs from `old`; None where they are the same for all counts.

    Raises `vmgen.layout.alignment.TooManyStates`.
    """
    if old == new:
        return None
    growth = _growth(old, new)
    if growth:
        names = tuple(
            sorted({name for names in growth for name in names} - old.flags - new.flags)
        )
        return Difference((), names, _smallest(old, new, growth))
    walk = _Walk(old, new)
    found = walk.amounts()
    wrong = [witness for amount, witness in found.items() if amount]
    if not wrong:
        return None
    amounts = tuple(sorted(found))
    condition = walk.condition() if len(amounts) == 2 and 0 in found else None
    return Difference(amounts, (), min(wrong)[1], condition)


_Product = tuple[str, ...]


def _products(place: Place) -> dict[_Product, int]:
    """Bytes for each product of a count and a flag, or of a count alone."""
    found: dict[_Product, int] = {}
    for length in place.lengths:
        if isinstance(length.count, str):
            names = (length.count, *((length.when,) if length.when else ()))
            found[names] = found.get(names, 0) + length.stride
    return found


def _growth(old: Place, new: Place) -> set[_Product]:
    """The products that add different numbers of bytes."""
    before, after = _products(old), _products(new)
    return {
        p for p in before.keys() | after.keys() if before.get(p, 0) != after.get(p, 0)
    }


def _smallest(old: Place, new: Place, growth: set[_Product]) -> Counts:
    """The smallest counts with which two places differ, one of which grows faster."""
    flags = old.flags | new.flags
    names = sorted(flags | old.counts | new.counts)
    for tried, counts in enumerate(_by_sum(names, flags)):
        if old.at(counts) != new.at(counts):
            return tuple(sorted(counts.items()))
        if tried == MAX_TRIED:
            break
    # Whatever rounding makes of it, one of two multiples of it tells the two apart.
    modulus = _modulus(old, new)
    product = min(growth, key=lambda names: (len(names), names))
    for times in (1, 2):
        counts = {n: 1 if n in flags else times * modulus for n in product}
        if old.at(counts) != new.at(counts):
            break
    return tuple(sorted(counts.items()))


def _by_sum(names: Sequence[str], flags: set[str]) -> Iterator[dict[str, int]]:
    """Counts by their sum, from 0 on."""
    total = 0
    while True:
        for chosen in combinations_with_replacement(names, total):
            counts: dict[str, int] = {}
            for name in chosen:
                counts[name] = counts.get(name, 0) + 1
            if all(counts.get(flag, 0) < 2 for flag in flags):
                yield counts
        total += 1


def _modulus(old: Place, new: Place) -> int:
    """What offsets matter modulo: the largest rounding."""
    places = (old, new)
    return max(
        r for p in places for r in (p.round_to, *(x.round_to for x in p.lengths))
    )


_Values = tuple[tuple[str, int], ...]
_State = tuple[int, int, int, _Values]
"""Both offsets modulo the largest rounding, how far the new one is ahead, and the values
of the names that still matter."""

_States = dict[_State, tuple[int, Counts]]
"""With each state the least counts that lead to it: their sum, and those not 0."""


class _Walk:
    """Both ways at once: a step of the old one, a step of the new one, and so on, so that
    what regions on both have in common can be forgotten soon."""

    def __init__(self, old: Place, new: Place) -> None:
        self.places = (old, new)
        self.modulus = _modulus(old, new)
        self.flags = old.flags | new.flags
        self.steps = [
            (side, place.lengths[index])
            for index in range(max(len(old.lengths), len(new.lengths)))
            for side, place in enumerate(self.places)
            if index < len(place.lengths)
        ]
        self.last = {n: i for i, (_, s) in enumerate(self.steps) for n in _names(s)}
        strides: dict[str, int] = {}
        for _, step in self.steps:
            for name in _names(step):
                strides[name] = gcd(strides.get(name, 0), step.stride)
        self.periods = {
            n: 2 if n in self.flags else self.modulus // gcd(self.modulus, s)
            for n, s in strides.items()
        }
        self.looked_at = 0

    def amounts(self) -> dict[int, tuple[int, Counts]]:
        """By how much the new place is ahead, with the least counts for each amount."""
        found: dict[int, tuple[int, Counts]] = {}
        for (_, _, ahead, _), witness in self._ends(None).items():
            if ahead not in found or witness < found[ahead]:
                found[ahead] = witness
        return found

    def condition(self) -> Condition | None:
        """The one count that decides whether the places differ, if one does."""
        for name in self.last:
            differs: dict[int, set[bool]] = {}
            for (_, _, ahead, values), _ in self._ends(name).items():
                differs.setdefault(dict(values)[name], set()).add(bool(ahead))
            if all(len(answers) == 1 for answers in differs.values()):
                residues = {value for value, (answer,) in differs.items() if answer}
                if residues:
                    return self._shortened(name, residues)
        return None

    def _shortened(self, name: str, residues: set[int]) -> Condition:
        """The condition with the least period that says the same."""
        period = self.periods[name]
        while period % 2 == 0:
            half = period // 2
            if any((r in residues) != ((r + half) in residues) for r in range(half)):
                break
            period = half
            residues = {r for r in residues if r < half}
        return Condition(name, period, tuple(sorted(residues)), name in self.flags)

    def _ends(self, kept: str | None) -> _States:
        """The states at both places; `kept` is a name whose value stays known."""
        old, new = self.places
        start = old.start % self.modulus, new.start % self.modulus
        states: _States = {(*start, new.start - old.start, ()): (0, ())}
        known: set[str] = set()
        for index, (side, step) in enumerate(self.steps):
            for name in _names(step):
                if name not in known:
                    known.add(name)
                    states = self._branched(states, name)
            states = self._rounded(states, side, step.round_to)
            done = {n for n in known if self.last[n] <= index and n != kept}
            states = self._advanced(states, side, step, done)
            known -= done
        for side, place in enumerate(self.places):
            states = self._rounded(states, side, place.round_to)
        return states

    def _branched(self, states: _States, name: str) -> _States:
        self._look_at(len(states) * self.periods[name])
        after: _States = {}
        for (one, other, ahead, values), (cost, least) in states.items():
            for value in range(self.periods[name]):
                grown = (*least, (name, value)) if value else least
                state = one, other, ahead, (*values, (name, value))
                after[state] = cost + value, grown
        return after

    def _rounded(self, states: _States, side: int, to: int) -> _States:
        if to == 1:
            return states
        self._look_at(len(states))
        after: _States = {}
        for (one, other, ahead, values), witness in states.items():
            offset = other if side else one
            padding = align_up(offset, to) - offset
            _keep(after, self._moved(one, other, ahead, side, padding, values), witness)
        return after

    def _advanced(
        self, states: _States, side: int, step: Length, done: set[str]
    ) -> _States:
        self._look_at(len(states))
        after: _States = {}
        for (one, other, ahead, values), witness in states.items():
            left = tuple(v for v in values if v[0] not in done)
            added = step.bytes(dict(values))
            _keep(after, self._moved(one, other, ahead, side, added, left), witness)
        return after

    def _moved(
        self, one: int, other: int, ahead: int, side: int, by: int, values: _Values
    ) -> _State:
        if side:
            return one, (other + by) % self.modulus, ahead + by, values
        return (one + by) % self.modulus, other, ahead - by, values

    def _look_at(self, states: int) -> None:
        self.looked_at += states
        if self.looked_at > MAX_STATES:
            raise TooManyStates


def _names(step: Length) -> list[str]:
    return [n for n in (step.when, step.count) if isinstance(n, str)]


def _keep(states: _States, state: _State, witness: tuple[int, Counts]) -> None:
    known = states.get(state)
    if known is None or witness < known:
        states[state] = witness
