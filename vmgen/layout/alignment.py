"""A complete proof, for all counts, of where a context's regions can start.

Let M be the largest alignment from some region on, a power of two. Whether it and
those after it are aligned depends on its offset modulo M alone, and so does what a
rounding does. A count n adds ``stride * n``, which modulo M depends on n modulo a
period that divides M. So the offsets reachable before each region are a finite set of
residues, and that set is computed exactly: no sampling, no bound on the counts.

A count that several regions share ties their lengths together, so its residue stays
part of the state from its first use to its last. A count that is used once leads from
an offset around a cycle of offsets, which is walked without looking at every pair of
them; the states are at most M where nothing is shared.

Each state remembers the smallest counts that lead to it (least sum, then least in
the order of use), so a counter-example is the smallest there is.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd

import msgspec

MAX_STATES = 1 << 18
"""Enough for regions that are aligned to 256 KiB, or for four counts of period 16 that
are all shared at once; a region with so many takes less than a second."""


class TooManyStates(Exception):
    """So many regions share so many counts that the proof was given up."""


class Step(msgspec.Struct, frozen=True):
    """A region as the proof sees it; bytes, and a count's name or a number."""

    round_to: int
    stride: int
    align: int
    count: str | int
    when: str | None = None


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


_Witness = tuple[tuple[str, int], ...]
_State = tuple[int, tuple[tuple[str, int], ...]]


def prove(start: int, steps: list[Step]) -> list[Proof]:
    """One `Proof` per step, for a context whose regions begin after byte `start`.

    Raises `TooManyStates`.
    """
    return list(_prove(start, tuple(steps)))


@lru_cache(maxsize=1024)
def _prove(start: int, steps: tuple[Step, ...]) -> tuple[Proof, ...]:
    # The same context is asked about for each layout class and for each language.
    moduli = _moduli(steps)
    uses: dict[str, list[int]] = {}
    period: dict[str, int] = {}
    # How long the last region is moves none.
    for index, step in enumerate(steps[:-1]):
        if isinstance(step.count, str):
            uses.setdefault(step.count, []).append(index)
            modulus = moduli[index + 1]
            needed = modulus // gcd(modulus, step.stride)
            period[step.count] = max(period.get(step.count, 1), needed)
        if step.when is not None:
            uses.setdefault(step.when, []).append(index)
            period[step.when] = 2
    states: dict[_State, _Witness] = {(start % moduli[0], ()): ()}
    proofs = []
    for index, step in enumerate(steps):
        rounds = any(offset % step.round_to for offset, _ in states)
        if rounds:
            states = _rounded(states, step.round_to, moduli[index])
        proofs.append(Proof(rounds, _smallest_misalignment(states, step.align)))
        if index == len(steps) - 1:
            break
        modulus = moduli[index + 1]
        if modulus < moduli[index]:
            states = _reduced(states, modulus)
        if step.when is not None:
            states = _branched(states, step.when, 2)
        if isinstance(step.count, str) and uses[step.count] == [index]:
            states = _spread(states, step, step.count, modulus)
        else:
            if isinstance(step.count, str):
                states = _branched(states, step.count, period[step.count])
            states = _advanced(states, step, modulus)
        names = [n for n in (step.when, step.count) if isinstance(n, str)]
        states = _forgotten(states, {n for n in names if uses[n][-1] == index})
    return tuple(proofs)


def _moduli(steps: tuple[Step, ...]) -> list[int]:
    """What offsets before each step matter modulo: the largest alignment from there
    on. One more than there are steps."""
    moduli = [1]
    for step in reversed(steps):
        moduli.append(max(moduli[-1], step.round_to, step.align))
    return moduli[::-1]


def _cost(witness: _Witness) -> tuple[int, _Witness]:
    return sum(n for _, n in witness), witness


def _keep(states: dict[_State, _Witness], state: _State, witness: _Witness) -> None:
    known = states.get(state)
    if known is None or _cost(witness) < _cost(known):
        states[state] = witness


def _rounded(
    states: dict[_State, _Witness], to: int, modulus: int
) -> dict[_State, _Witness]:
    after: dict[_State, _Witness] = {}
    for (offset, live), witness in states.items():
        _keep(after, (((offset + to - 1) & -to) % modulus, live), witness)
    return after


def _reduced(states: dict[_State, _Witness], modulus: int) -> dict[_State, _Witness]:
    after: dict[_State, _Witness] = {}
    for (offset, live), witness in states.items():
        _keep(after, (offset % modulus, live), witness)
    return after


def _branched(
    states: dict[_State, _Witness], name: str, period: int
) -> dict[_State, _Witness]:
    """Let `name`, if it has no value yet, have each value of its period."""
    _, live = next(iter(states))
    if any(known == name for known, _ in live):
        return states
    if len(states) * period > MAX_STATES:
        raise TooManyStates
    after: dict[_State, _Witness] = {}
    for (offset, live), witness in states.items():
        for value in range(period):
            grown = (*witness, (name, value)) if value else witness
            _keep(after, (offset, (*live, (name, value))), grown)
    return after


def _spread(
    states: dict[_State, _Witness], step: Step, name: str, modulus: int
) -> dict[_State, _Witness]:
    """Advance by a count that this step alone uses, and that is forgotten after it.

    Offsets that are multiples of the stride apart form a cycle. The cheapest way to
    each is its own state or one element more than the cheapest way to the offset
    before it, so that two rounds of the cycle find all. Of two ways that cost the
    same the lesser stays the lesser with one element more, which makes that right.
    """
    common = gcd(modulus, step.stride)
    length = modulus // common
    after: dict[_State, _Witness] = {}
    cycles: dict[_State, dict[int, _Witness]] = {}
    for (offset, live), witness in states.items():
        if step.when is not None and (step.when, 0) in live:
            after[offset, live] = witness
        else:
            cycles.setdefault((offset % common, live), {})[offset] = witness
    if len(after) + len(cycles) * length > MAX_STATES:
        raise TooManyStates
    for (offset, live), sources in cycles.items():
        best: _Witness | None = None
        more = 0
        for turn in range(2 * length):
            source = sources.get(offset)
            reached = (*best, (name, more)) if best is not None and more else best
            if source is not None and (
                reached is None or _cost(source) < _cost(reached)
            ):
                best = reached = source
                more = 0
            if turn >= length and reached is not None:
                after[offset, live] = reached
            offset = (offset + step.stride) % modulus
            more += 1
    return after


def _advanced(
    states: dict[_State, _Witness], step: Step, modulus: int
) -> dict[_State, _Witness]:
    after: dict[_State, _Witness] = {}
    for (offset, live), witness in states.items():
        values = dict(live)
        count = step.count if isinstance(step.count, int) else values[step.count]
        if step.when is not None and not values[step.when]:
            count = 0
        _keep(after, ((offset + step.stride * count) % modulus, live), witness)
    return after


def _forgotten(
    states: dict[_State, _Witness], names: set[str]
) -> dict[_State, _Witness]:
    if not names:
        return states
    after: dict[_State, _Witness] = {}
    for (offset, live), witness in states.items():
        kept = tuple((n, v) for n, v in live if n not in names)
        _keep(after, (offset, kept), witness)
    return after


def _smallest_misalignment(
    states: dict[_State, _Witness], align: int
) -> Misalignment | None:
    wrong = [
        (_cost(witness), offset % align)
        for (offset, _), witness in states.items()
        if offset % align
    ]
    if not wrong:
        return None
    (_, witness), remainder = min(wrong)
    return Misalignment(witness, remainder)
