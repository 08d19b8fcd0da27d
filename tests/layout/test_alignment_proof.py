"""The proof of alignment, held against counting through every case."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import proving
from vmgen.layout import alignment
from vmgen.layout.alignment import Misalignment, Proof, Step, TooManyStates, prove

COUNTS = ("a", "b", "c")
FLAGS = ("p", "q")
MODULUS = 16 if proving() else 8

POWERS = st.sampled_from([1, 2, 4, 8, 16][: MODULUS.bit_length()])


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """A region that shares its count and flag with others more often than not."""
    align = draw(POWERS)
    return Step(
        round_to=draw(st.sampled_from([1, align, align, max(align, draw(POWERS))])),
        stride=draw(st.integers(1, 40)),
        align=align,
        count=draw(st.sampled_from([*COUNTS, "a", 1, 2, 5])),
        when=draw(st.sampled_from([None, None, *FLAGS])),
    )


def offsets(
    start: int, regions: list[Step], counts: dict[str, int]
) -> list[tuple[int, int]]:
    """Where each region is before and after it is rounded up."""
    found = []
    offset = start
    for step in regions:
        before = offset
        offset = -(-offset // step.round_to) * step.round_to
        found.append((before, offset))
        length = step.count if isinstance(step.count, int) else counts[step.count]
        if step.when is None or counts[step.when]:
            offset += step.stride * length
    return found


def cost(counts: dict[str, int], names: list[str]) -> tuple[int, list[tuple[str, int]]]:
    used = [(name, counts[name]) for name in names if counts[name]]
    return sum(n for _, n in used), used


def enumerated(start: int, regions: list[Step]) -> list[Proof]:
    """What `prove` should say. All that matters repeats with period `MODULUS`, the
    largest alignment that the test draws."""
    names = list(
        dict.fromkeys(
            name
            for step in regions
            for name in (step.when, step.count)
            if isinstance(name, str)
        )
    )
    flags = {step.when for step in regions}
    ranges = [range(2) if name in flags else range(MODULUS) for name in names]
    rounds = [False] * len(regions)
    best: list[tuple[tuple[int, list[tuple[str, int]]], int] | None]
    best = [None] * len(regions)
    for values in product(*ranges):
        counts = dict(zip(names, values, strict=True))
        for index, (before, after) in enumerate(offsets(start, regions, counts)):
            rounds[index] |= before != after
            remainder = after % regions[index].align
            if remainder:
                candidate = (cost(counts, names), remainder)
                known = best[index]
                best[index] = candidate if known is None else min(known, candidate)
    return [
        Proof(changes, Misalignment(tuple(found[0][1]), found[1]) if found else None)
        for changes, found in zip(rounds, best, strict=True)
    ]


@settings(max_examples=5000 if proving() else 500, deadline=None)
@given(st.integers(0, 80), st.lists(steps(), min_size=1, max_size=5))
def test_the_proof_says_what_counting_finds(start: int, regions: list[Step]) -> None:
    assert prove(start, regions) == enumerated(start, regions)


ROWS: list[tuple[str, int, list[Step], list[Proof]]] = [
    (
        "a multiple of the alignment needs no rounding",
        48,
        [Step(8, 24, 8, "n"), Step(8, 16, 8, "m")],
        [Proof(False, None), Proof(False, None)],
    ),
    (
        "small elements before large ones do",
        0,
        [Step(4, 4, 4, "n"), Step(8, 8, 8, "m")],
        [Proof(False, None), Proof(True, None)],
    ),
    (
        "and without the rounding one of them misaligns",
        0,
        [Step(4, 4, 4, "n"), Step(1, 8, 8, "m")],
        [Proof(False, None), Proof(False, Misalignment((("n", 1),), 4))],
    ),
    (
        "two regions of one count make up for each other",
        0,
        [Step(4, 4, 4, "n"), Step(4, 4, 4, "n"), Step(1, 8, 8, "m")],
        [Proof(False, None), Proof(False, None), Proof(False, None)],
    ),
    (
        "of two counts they don't",
        0,
        [Step(4, 4, 4, "n"), Step(4, 4, 4, "k"), Step(1, 8, 8, "m")],
        [Proof(False, None)] * 2 + [Proof(False, Misalignment((("k", 1),), 4))],
    ),
    (
        "a flag alone can misalign",
        0,
        [Step(4, 4, 4, 1, "late"), Step(1, 8, 8, "m")],
        [Proof(False, None), Proof(False, Misalignment((("late", 1),), 4))],
    ),
    (
        "a start that is off needs no counts",
        52,
        [Step(1, 8, 8, "m")],
        [Proof(False, Misalignment((), 4))],
    ),
    (
        "behind a rounding up to the largest alignment nothing is tied any more",
        0,
        [
            Step(1, 4, 4, "n"),
            Step(8, 8, 8, "m"),
            Step(4, 4, 4, "n"),
            Step(1, 8, 8, "k"),
        ],
        [
            Proof(False, None),
            Proof(True, None),
            Proof(False, None),
            Proof(False, Misalignment((("n", 1),), 4)),
        ],
    ),
    (
        "a smaller rounding leaves them tied",
        0,
        [
            Step(1, 2, 2, "n"),
            Step(4, 8, 4, "m"),
            Step(2, 2, 2, "n"),
            Step(1, 8, 8, "k"),
        ],
        [
            Proof(False, None),
            Proof(True, None),
            Proof(False, None),
            Proof(False, Misalignment((("n", 1),), 6)),
        ],
    ),
    (
        "a flag and its count both have to be set",
        0,
        [Step(4, 4, 4, "n", "late"), Step(1, 8, 8, "m")],
        [Proof(False, None), Proof(False, Misalignment((("late", 1), ("n", 1)), 4))],
    ),
]


@pytest.mark.parametrize(
    ("start", "regions", "expected"),
    [row[1:] for row in ROWS],
    ids=[row[0] for row in ROWS],
)
def test_proof(start: int, regions: list[Step], expected: list[Proof]) -> None:
    assert prove(start, regions) == expected
    assert enumerated(start, regions) == expected


def test_without_regions_there_is_nothing_to_prove() -> None:
    assert prove(4, []) == []


def test_regions_on_both_sides_of_roundings_are_given_up_rather_than_guessed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(alignment, "MAX_STATES", 1 << 10)
    names = [f"n{i}" for i in range(12)]
    once = [Step(2, 3, 1, name) for name in names]
    with pytest.raises(TooManyStates):
        prove(0, [*once, *once, Step(16, 16, 16, "last")])


def test_shared_counts_are_a_sum_where_nothing_is_rounded() -> None:
    names = [f"n{i}" for i in range(12)]
    once = [Step(1, 3, 1, name) for name in names]
    proofs = prove(0, [*once, *once, Step(16, 16, 16, "last")])
    assert proofs == [Proof(False, None)] * 24 + [Proof(True, None)]
    unrounded = prove(0, [*once, *once, Step(1, 16, 16, "last")])
    assert unrounded[-1] == Proof(False, Misalignment((("n0", 1),), 6))


def test_many_counts_that_are_used_once_are_proved_at_once() -> None:
    regions = [Step(1, 3, 1, f"n{i}") for i in range(500)]
    proofs = prove(0, [*regions, Step(1, 16, 16, "last")])
    assert proofs[-1] == Proof(False, Misalignment((("n0", 1),), 3))


ELEMENTS = ((3, 1), (20, 4), (56, 8), (144, 16))
"""Stride and alignment of `[u8; 3]`, `[u32; 5]`, `[u64; 7]` and `[u128; 9]`."""


def shared(regions: int, *, rounded: bool) -> tuple[Step, ...]:
    """Regions of four elements over six counts, in turn."""
    found = []
    for k in range(regions):
        stride, align = ELEMENTS[k * 7 % 4]
        found.append(Step(align if rounded else 1, stride, align, f"n{k % 6}"))
    return tuple(found)


@pytest.mark.parametrize(
    ("rounded", "expected"),
    [(True, {20: 286, 40: 629, 80: 1271}), (False, {20: 681, 40: 1408, 80: 2816})],
    ids=["rounded", "unrounded"],
)
def test_states_grow_with_the_regions_alone(
    rounded: bool, expected: dict[int, int]
) -> None:
    looked_at = {}
    for regions in expected:
        search = alignment._Search(shared(regions, rounded=rounded))
        search.proofs(8)
        looked_at[regions] = search.looked_at
    assert looked_at == expected


def test_the_states_of_all_regions_together_are_bounded() -> None:
    mixed = tuple(
        Step(ELEMENTS[k % 3][1], *ELEMENTS[k % 3], f"n{k % 6}") for k in range(40)
    )
    search = alignment._Search((*mixed, Step(16, 16, 16, "n0")))
    with pytest.raises(TooManyStates):
        search.proofs(8)
