"""A complete proof, for all counts, of where a context's regions can start.

Let M be the largest alignment from some region on, a power of two. Whether it and
those after it are aligned depends on its offset modulo M alone, and so does what a
rounding does. A count n adds ``stride * n``, which modulo M depends on n modulo a
period that divides M. So the offsets reachable before each region are a finite set of
residues, and that set is computed exactly: no sampling, no bound on the counts.

Between two roundings that change something an offset is a sum: what a count adds there
is one stride, the sum of those of its regions, in whatever order they come. A count
that has no part in what follows leads from an offset around a cycle of offsets, which
is walked without looking at every pair of them; the states are at most M where no
count is needed twice. A count that regions on both sides of such a rounding share ties
their lengths together, so its residue stays part of the state until its last use.
Behind a rounding up to M every offset is 0, whatever the counts are: nothing ties the
regions behind it to those before.

Each state remembers the smallest counts that lead to it (least sum, then least in
the order of use), so a counter-example is the smallest there is. Counts are given their
values in the order of use, since of two lists only what comes behind both leaves the
lesser the lesser.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING

import msgspec

from vmgen.layout.place import align_up

if TYPE_CHECKING:
    from collections.abc import Set

MAX_STATES = 1 << 18
"""How many states are looked at in one proof, all regions together, before it is given
up: less than a second's worth. Enough for a region aligned to 64 KiB, or for three
counts of period 16 that forty regions on both sides of roundings share."""


class TooManyStates(Exception):
    """So many regions share so many counts that the proof was given up."""


class Step(msgspec.Struct, frozen=True):
    """A region as the proof sees it; bytes, and a count's name or a number."""

    round_to: int
    stride: int
    align: int
    count: str | int
    when: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The flag and the count that its length depends on, in the order of use."""
        return tuple(n for n in (self.when, self.count) if isinstance(n, str))


class Misalignment(msgspec.Struct, frozen=True):
    """The smallest counts that misalign a region: `remainder` is the offset's
    distance past a multiple of the alignment, in bytes."""

    counts: tuple[tuple[str, int], ...]
    remainder: int


class Proof(msgspec.Struct, frozen=True):
    """What holds for a region over all counts: whether rounding ever changes its
    offset, and how it can be misaligned after that, if it can."""

    rounds: bool
    misaligned: Misalignment | None


_Values = tuple[tuple[str, int], ...]
_State = tuple[int, _Values]
"""An offset, and the values of the names that still matter."""

_Witness = tuple[int, _Values]
"""The sum of the least counts that lead to a state, and those that are not 0."""

_States = dict[_State, _Witness]

_Terms = dict[tuple[str, ...], int]
"""Bytes for each product of names: of a count and of a flag, of one, or of none."""


def prove(start: int, steps: list[Step]) -> list[Proof]:
    """One `Proof` per step, for a context whose regions begin after byte `start`.

    Raises `TooManyStates`.
    """
    return list(_prove(start, tuple(steps)))


@lru_cache(maxsize=1024)
def _prove(start: int, steps: tuple[Step, ...]) -> tuple[Proof, ...]:
    # The same context is asked about for each layout class and for each language.
    return tuple(_Search(steps).proofs(start)) if steps else ()


class _Search:
    """One proof; counts the states that it looks at."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps
        self.moduli = _moduli(steps)
        names = dict.fromkeys(name for step in steps for name in step.names)
        self.rank = {name: rank for rank, name in enumerate(names)}
        self.flags = {step.when for step in steps}
        self.later = self._later_uses()
        self.looked_at = 0

    def _later_uses(self) -> list[dict[str, int]]:
        """For each step the names that regions use from there on, as far as that ties
        an offset to another, each with what divides all its strides there."""
        found: list[dict[str, int]] = []
        # How long the last region is moves none.
        uses: dict[str, int] = {}
        for index in range(len(self.steps) - 1, -1, -1):
            step = self.steps[index]
            if index < len(self.steps) - 1:
                if self._forgets(index + 1):
                    uses = {}
                ours = {n: gcd(uses.get(n, 0), step.stride) for n in step.names}
                uses = uses | ours
            found.append(uses)
        return found[::-1]

    def _forgets(self, index: int) -> bool:
        """Whether each offset of a step is 0 for all that is asked from there on."""
        return self.steps[index].round_to >= self.moduli[index]

    def proofs(self, start: int) -> list[Proof]:
        states: _States = {(start % self.moduli[0], ()): (0, ())}
        terms: _Terms = {}
        proofs = []
        for index, step in enumerate(self.steps):
            modulus = self.moduli[index]
            near = max(step.round_to, step.align)
            if near == 1:
                rounds, misaligned = False, None
            else:
                here = self._advanced(states, terms, {}, near)
                rounds = any(offset % step.round_to for offset, _ in here)
                if rounds:
                    here = self._rounded(here, step.round_to, near)
                misaligned = _smallest_misalignment(here, step.align)
            proofs.append(Proof(rounds, misaligned))
            later = self.later[index]
            if self._forgets(index):
                states, terms = {(0, ()): (0, ())}, {}
            elif rounds:
                states = self._advanced(states, terms, later, modulus)
                states = self._rounded(states, step.round_to, modulus)
                terms = {}
                offsets = {offset for offset, _ in states}
                if len(offsets) == 1:
                    states = {(offsets.pop(), ()): (0, ())}
            elif self._are_done_with(terms, later):
                states = self._advanced(states, terms, later, modulus)
                terms = {}
            count = step.count if isinstance(step.count, int) else 1
            terms[step.names] = terms.get(step.names, 0) + step.stride * count
        return proofs

    def _are_done_with(self, terms: _Terms, later: dict[str, int]) -> bool:
        """Whether the names of these terms, and all before them, are used no more."""
        names = {name for product in terms for name in product}
        last = max((self.rank[name] for name in names), default=-1)
        return all(self.rank[name] > last for name in later)

    def _advanced(
        self, states: _States, terms: _Terms, later: dict[str, int], modulus: int
    ) -> _States:
        """The states behind regions that add `terms`, offsets modulo `modulus`.

        The values of the names in `later` stay part of the states, those of others are
        forgotten as soon as that can be.
        """
        left = dict(terms)
        fixed = left.pop((), 0)
        names = {name for product in left for name in product}
        states = self._merged(states, {(): fixed}, names | later.keys(), modulus)
        live = {name for name, _ in next(iter(states))[1]}
        last = max((self.rank[name] for name in names), default=-1)
        # One that comes later and is less in the order of use has to be decided first.
        names |= {name for name in later if self.rank[name] < last}
        for name in sorted(names, key=self.rank.__getitem__):
            if name not in live:
                mine = {p: bytes for p, bytes in left.items() if name in p}
                alone = name not in self.flags and name not in later
                if alone and all(live.issuperset({*p} - {name}) for p in mine):
                    states = self._spread(states, mine, name, modulus)
                    left = {p: bytes for p, bytes in left.items() if p not in mine}
                    continue
                strides = (*mine.values(), later.get(name, 0))
                period = modulus // gcd(modulus, *strides)
                if name in self.flags:
                    period = 2
                states = self._branched(states, name, period)
                live.add(name)
            ready = {p: bytes for p, bytes in left.items() if live.issuperset(p)}
            left = {p: bytes for p, bytes in left.items() if p not in ready}
            needed = later.keys() | {n for product in left for n in product}
            if ready or not live <= needed:
                states = self._merged(states, ready, needed, modulus)
                live &= needed
        return states

    def _merged(
        self, states: _States, terms: _Terms, needed: Set[str], modulus: int
    ) -> _States:
        """Add terms of which all names have values; of those keep the `needed`."""
        self._look_at(len(states))
        after: _States = {}
        for (offset, values), witness in states.items():
            moved = (offset + _added(terms, values)) % modulus
            _keep(after, (moved, tuple(v for v in values if v[0] in needed)), witness)
        return after

    def _rounded(self, states: _States, to: int, modulus: int) -> _States:
        self._look_at(len(states))
        after: _States = {}
        for (offset, values), witness in states.items():
            _keep(after, (align_up(offset, to) % modulus, values), witness)
        return after

    def _branched(self, states: _States, name: str, period: int) -> _States:
        """Let a name that has no value have each value of its period."""
        self._look_at(len(states) * period)
        after: _States = {}
        for (offset, values), (cost, least) in states.items():
            for value in range(period):
                grown = (*least, (name, value)) if value else least
                after[offset, (*values, (name, value))] = cost + value, grown
        return after

    def _spread(
        self, states: _States, terms: _Terms, name: str, modulus: int
    ) -> _States:
        """Advance by a count that is forgotten after it, behind all others in `terms`.

        Offsets that are multiples of the stride apart form a cycle. The cheapest way to
        each is its own state or one element more than the cheapest way to the offset
        before it, so that two rounds of the cycle find all. Of two ways that cost the
        same the lesser stays the lesser with one element more, which makes that right.
        """
        after: _States = {}
        cycles: dict[tuple[int, int, _Values], dict[int, _Witness]] = {}
        for (offset, values), witness in states.items():
            stride = _added(terms, (*values, (name, 1))) % modulus
            common = gcd(modulus, stride)
            cycle = cycles.setdefault((offset % common, stride, values), {})
            cycle[offset] = witness
        for (offset, stride, values), sources in cycles.items():
            length = modulus // gcd(modulus, stride)
            self._look_at(length)
            best: _Witness | None = None
            more = 0
            for turn in range(2 * length):
                source = sources.get(offset)
                reached = best
                if best is not None and more:
                    reached = best[0] + more, (*best[1], (name, more))
                if source is not None and (reached is None or source < reached):
                    best = reached = source
                    more = 0
                if turn >= length and reached is not None:
                    after[offset, values] = reached
                offset = (offset + stride) % modulus
                more += 1
        return after

    def _look_at(self, states: int) -> None:
        self.looked_at += states
        if self.looked_at > MAX_STATES:
            raise TooManyStates


def _moduli(steps: tuple[Step, ...]) -> list[int]:
    """What offsets before each step matter modulo: the largest alignment from there
    on."""
    moduli: list[int] = []
    largest = 1
    for step in reversed(steps):
        largest = max(largest, step.round_to, step.align)
        moduli.append(largest)
    return moduli[::-1]


def _added(terms: _Terms, values: _Values) -> int:
    """The bytes that terms come to."""
    known = dict(values)
    total = 0
    for names, bytes in terms.items():
        for name in names:
            bytes *= known[name]
        total += bytes
    return total


def _keep(states: _States, state: _State, witness: _Witness) -> None:
    known = states.get(state)
    if known is None or witness < known:
        states[state] = witness


def _smallest_misalignment(states: _States, align: int) -> Misalignment | None:
    wrong = [
        (witness, offset % align)
        for (offset, _), witness in states.items()
        if offset % align
    ]
    if not wrong:
        return None
    (_, counts), remainder = min(wrong)
    return Misalignment(counts, remainder)
