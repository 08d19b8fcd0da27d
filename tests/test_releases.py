"""Releases, and which of them a condition is for."""

from __future__ import annotations

import pytest

from vmgen import releases
from vmgen.releases import Interval, joined, numbers, runs, terms

RELEASES = [
    f"{major}.{minor}.{patch}"
    for major in (44, 45, 47, 48, 49, 50)
    for minor in (0, 1)
    for patch in (0, 5, 6, 8)
]


def meeting(condition: str) -> set[str]:
    """The releases that meet a condition."""
    found = terms(condition)
    assert found is not None
    spans = joined(term.span(3) for term in found)
    return {
        release
        for release in RELEASES
        if any(s.holds(n, n) for s in spans if (n := numbers(release)) is not None)
    }


def of(*series: str) -> set[str]:
    """The releases whose text begins with one of these."""
    return {r for r in RELEASES if any(f"{r}.".startswith(f"{s}.") for s in series)}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("48.0.6", of("48.0.6")),
        ("48.0", of("48.0")),
        ("48", of("48")),
        ("45..48", of("45", "47", "48")),
        ("45..48.0.5", of("45", "47", "48.0.0", "48.0.5")),
        ("48.0.5 .. 48.0.6", of("48.0.5", "48.0.6")),
        ("48.0.6..", of("48.0.6", "48.0.8", "48.1")),
        ("48.0..", of("48", "49", "50")),
        ("49..", of("49", "50")),
        ("..45", of("44", "45")),
        ("..45.0.0", of("44", "45.0.0")),
        ("48.0.6.. or 49.1.. or 50..", of("48.0.6", "48.0.8", "48.1", "49.1", "50")),
        ("45 or  47", of("45", "47")),
        ("46", set()),
    ],
)  # fmt: skip
def test_a_condition_is_for_these_releases(condition: str, expected: set[str]) -> None:
    if condition == "48.0.6.. or 49.1.. or 50..":
        # `49.1` is a series, and open to all that are later.
        expected |= of("49.1")
    assert meeting(condition) == expected


@pytest.mark.parametrize(
    "text",
    ["", "..", "v1", "1.", ".1", "01", "1.2.3.4.5", "1-2", "1 2", "1 or", "or 1", "1...2",
     "1..2..3", "1 and 2", "9999999999"],
)  # fmt: skip
def test_other_texts_are_no_condition(text: str) -> None:
    assert terms(text) is None


def test_intervals_that_touch_or_overlap_are_one() -> None:
    spans = [Interval((3,), (4,)), Interval((1,), (2,)), Interval((2,), (3,))]
    assert joined(spans) == (Interval((1,), (4,)),)
    assert joined([Interval((1,), None), Interval((2,), (3,))]) == (
        Interval((1,), None),
    )
    assert joined([Interval((1,), (2,)), Interval((3,), None)]) == (
        Interval((1,), (2,)),
        Interval((3,), None),
    )


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [([], []), ([4], [(4, 4)]), ([0, 1, 2, 5, 7, 8], [(0, 2), (5, 5), (7, 8)])],
)
def test_numbers_in_a_row_are_a_run(
    chosen: list[int], expected: list[tuple[int, int]]
) -> None:
    assert list(runs(chosen)) == expected


@pytest.mark.parametrize(
    ("text", "is_number"),
    [("3.10", True), ("3", True), ("3.", True), ("3.1.0", False), ("3..4", False)],
)
def test_yaml_takes_some_releases_for_numbers(text: str, is_number: bool) -> None:
    assert releases.is_like_a_number(text) is is_number
