"""How two places differ for all counts, held against trying counts one by one."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmgen.layout import difference as d
from vmgen.layout.alignment import TooManyStates
from vmgen.layout.difference import Condition, Difference, Length, Place, difference

COUNTS, FLAGS = ("a", "b", "c"), ("f", "g")
LENGTHS = st.builds(
    Length,
    st.sampled_from([1, 1, 2, 4, 8]),
    st.sampled_from([1, 2, 4, 6, 8, 12, 24]),
    st.sampled_from([*COUNTS, 1, 3]),
    st.sampled_from([None, None, *FLAGS]),
)
PLACES = st.builds(
    Place,
    st.integers(0, 12),
    st.lists(LENGTHS, max_size=4).map(tuple),
    st.sampled_from([1, 4, 8]),
)
VECTORS = [
    dict(zip((*COUNTS, *FLAGS), (*counts, *flags), strict=True))
    for counts in product(range(9), repeat=3)
    for flags in product(range(2), repeat=2)
]
"""All counts up to 8, the largest rounding above: every residue, and one more turn."""


def tried(old: Place, new: Place) -> dict[int, dict[str, int]]:
    """Every amount by which places differ with the counts of `VECTORS`, each with the
    first that give it by their sum."""
    found: dict[int, dict[str, int]] = {}
    for counts in sorted(VECTORS, key=lambda v: sum(v.values())):
        found.setdefault(new.at(counts) - old.at(counts), counts)
    return found


def holds(condition: Condition, counts: dict[str, int]) -> bool:
    return counts[condition.name] % condition.period in condition.residues


@settings(deadline=None, max_examples=150)
@given(PLACES, PLACES)
def test_it_is_what_trying_finds(old: Place, new: Place) -> None:
    found, by_trying = difference(old, new), tried(old, new)
    if found is None:
        assert set(by_trying) == {0}
        return
    example = dict(found.example)
    assert old.at(example) != new.at(example)
    least = min(sum(c.values()) for amount, c in by_trying.items() if amount)
    assert sum(example.values()) == least
    if not found.grows_with:
        assert found.amounts == tuple(sorted(by_trying))
    if found.condition is not None:
        for counts in VECTORS:
            differs = new.at(counts) != old.at(counts)
            assert differs == holds(found.condition, counts)


@settings(deadline=None, max_examples=150)
@given(PLACES, st.integers(0, 3), st.sampled_from([1, 2, 4, 8]))
def test_another_rounding_of_one_region(old: Place, index: int, to: int) -> None:
    lengths = list(old.lengths)
    if index < len(lengths):
        was = lengths[index]
        lengths[index] = Length(to, was.stride, was.count, was.when)
    new = Place(old.start, tuple(lengths), old.round_to)
    found, by_trying = difference(old, new), tried(old, new)
    amounts = (0,) if found is None else found.amounts
    assert amounts == tuple(sorted(by_trying))


TAGS = Length(4, 4, "tags")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(Place(8), Place(8), None, id="the same"),
        pytest.param(
            Place(8), Place(16), Difference((8,), (), ()), id="always by as much"
        ),
        pytest.param(Place(4, round_to=8), Place(8), None, id="rounded to the same"),
        pytest.param(
            Place(8, (TAGS,)),
            Place(8, (TAGS,), 8),
            Difference((0, 4), (), (("tags", 1),), Condition("tags", 2, (1,), False)),
            id="when a count is odd",
        ),
        pytest.param(
            Place(8, (TAGS,), 16),
            Place(8, (TAGS,), 8),
            Difference((-8, 0), (), (), Condition("tags", 4, (0, 3), False)),
            id="by two residues of four",
        ),
        pytest.param(
            Place(8, (Length(8, 4, 1, "f"),)),
            Place(8, (Length(8, 8, 1, "f"),)),
            Difference((0, 4), (), (("f", 1),), Condition("f", 2, (1,), True)),
            id="when a flag is set",
        ),
        pytest.param(
            Place(8, (TAGS, Length(1, 4, "more"))),
            Place(8, (TAGS, Length(1, 4, "more")), 8),
            Difference((0, 4), (), (("more", 1),), None),
            id="no one count decides",
        ),
        pytest.param(
            Place(8, (TAGS,)),
            Place(8, (Length(8, 8, "tags"),)),
            Difference((), ("tags",), (("tags", 1),)),
            id="by more with every element",
        ),
        pytest.param(
            Place(8, (TAGS, Length(1, 8, "more"))),
            Place(8, (Length(1, 8, "more"), TAGS)),
            None,
            id="the same behind regions in another order",
        ),
        pytest.param(
            Place(0, (Length(1, 4, "n"),)),
            Place(0, (Length(1, 4, "n", "f"),)),
            Difference((), ("n",), (("n", 1),)),
            id="a condition",
        ),
    ],
)
def test_places(old: Place, new: Place, expected: Difference | None) -> None:
    assert difference(old, new) == expected


def test_what_is_too_much_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(d, "MAX_STATES", 8)
    names = [Length(1, 4, f"n{i}") for i in range(5)]
    with pytest.raises(TooManyStates):
        difference(Place(0, tuple(names)), Place(0, tuple(names), 8))


def test_regions_in_step_take_few_states() -> None:
    lengths = tuple(Length(8, 24, f"n{i}") for i in range(40))
    walk = d._Walk(Place(52, lengths), Place(60, lengths))
    assert set(walk.amounts()) == {8}
    assert walk.looked_at < 3000
