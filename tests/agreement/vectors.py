"""Counts for contexts: zero, small, of any order of magnitude, and too large."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from vmgen.targets.data_model import U32_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.layout.contexts import ContextLayout
    from vmgen.schema import model as m

Counts = dict[str, int]


def vectors(
    context: m.Context, layout: ContextLayout, seed: object, number: int
) -> Iterator[Counts]:
    """`number` vectors that a seed decides: every kind of `_one` in turn.

    The first one is all zeros, and the second has one of everything.
    """
    random = Random(f"{context.name} {seed}")
    flags = {c.name for c in context.counts if c.flag}
    names = [c.name for c in context.counts]
    strides = {r.count: r.stride for r in layout.regions if isinstance(r.count, str)}
    yield dict.fromkeys(names, 0)
    yield dict.fromkeys(names, 1)
    for kind in range(number - 2):
        counts = _one(kind % 7, names, flags, strides, layout, random)
        yield {n: min(c, 1) if n in flags else c for n, c in counts.items()}


def _one(
    kind: int,
    names: list[str],
    flags: set[str],
    strides: dict[str | int, int],
    layout: ContextLayout,
    random: Random,
) -> Counts:
    counts = {n: random.randrange(6) for n in names}
    free = [n for n in names if n in strides]
    match kind:
        case 0:  # a small module: every residue of every count comes up
            pass
        case 1:  # mostly empty
            counts = {n: random.choice([0, 0, 0, 0, 1, 2]) for n in names}
        case 2:  # any order of magnitude
            counts = {n: int(2 ** random.uniform(0, 26)) for n in names}
        case 3 if free:  # one count so huge that it may overflow by itself
            counts[random.choice(free)] = random.randrange(U32_MAX + 1)
        case 4:  # all of them, and the largest that there are
            counts = {
                n: random.choice([random.randrange(1 << 32), U32_MAX]) for n in names
            }
        case 5 if free:  # a power of two, one more or one less
            counts[random.choice(free)] = (
                1 << random.randrange(1, 32)
            ) + random.choice([-1, 0, 1])
        case 6 if free:  # a total next to 2**32, on either side
            filled = random.choice(free)
            counts = {n: random.randrange(100) for n in names} | {filled: 0}
            counts = {n: min(c, 1) if n in flags else c for n, c in counts.items()}
            room = U32_MAX - layout.size.evaluate(counts) + random.randrange(-64, 65)
            counts[filled] = min(max(room, 0) // strides[filled], U32_MAX)
    return counts
