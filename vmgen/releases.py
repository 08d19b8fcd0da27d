"""Releases, ranges of them, and conditions on them, as schemas and calls write them.

A release is a few numbers with dots between: ``48.0.6``. Fewer numbers than releases have
are a series of them: ``48`` is every ``48.x.y``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Numbers = tuple[int, ...]
"""The numbers of a release, or of a series."""

MOST_NUMBERS = 4
_NUMBER = r"(?:0|[1-9][0-9]{0,8})"
NUMBERS = rf"{_NUMBER}(?:\.{_NUMBER}){{0,{MOST_NUMBERS - 1}}}"
"""The pattern of a release or a series."""

_NUMBERS = re.compile(NUMBERS)
_LIKE_NUMBER = re.compile(r"[0-9]+(\.[0-9]*)?")


class Interval(msgspec.Struct, frozen=True):
    """Releases from `begin` on, and before `end` if there is one. Both have as many numbers
    as releases have."""

    begin: Numbers
    end: Numbers | None

    def holds(self, first: Numbers, last: Numbers) -> bool:
        """Whether all releases from `first` to `last` are among these."""
        return self.begin <= first and (self.end is None or last < self.end)

    def meets(self, first: Numbers, last: Numbers) -> bool:
        """Whether some of the releases from `first` to `last` are."""
        return self.begin <= last and (self.end is None or first < self.end)


class Term(msgspec.Struct, frozen=True):
    """One of the texts that `or` joins: `45..48`, `..47`, `50..` or, as both, `44.0.2`."""

    low: Numbers | None
    high: Numbers | None

    @property
    def longest(self) -> int:
        """How many numbers the longer of its ends has."""
        return max(len(self.low or ()), len(self.high or ()))

    def span(self, length: int) -> Interval:
        """What it stands for where releases have `length` numbers.

        Without an upper end, a release reaches to the end of its series, which are those
        with the same first number; a series reaches to all that are later.
        """
        begin = padded(self.low or (0,), length)
        if self.high is not None:
            return Interval(begin, padded(following(self.high), length))
        if self.low is not None and len(self.low) == length > 1:
            return Interval(begin, padded((self.low[0] + 1,), length))
        return Interval(begin, None)


class Version(Protocol):
    """One of the versions that a schema describes: its first and its last release."""

    @property
    def first(self) -> str: ...

    @property
    def last(self) -> str: ...


def numbers(text: str) -> Numbers | None:
    """The numbers of a release or a series; None of any other text."""
    if not _NUMBERS.fullmatch(text):
        return None
    return tuple(int(part) for part in text.split("."))


def text_of(release: Numbers) -> str:
    """A release with its dots."""
    return ".".join(map(str, release))


def is_like_a_number(text: str) -> bool:
    """Whether YAML takes a text for a number, unless it has quotes."""
    return _LIKE_NUMBER.fullmatch(text) is not None


def padded(release: Numbers, length: int) -> Numbers:
    """The first release of a series."""
    return release + (0,) * (length - len(release))


def following(release: Numbers) -> Numbers:
    """The release or series right behind one."""
    return (*release[:-1], release[-1] + 1)


def terms(text: str) -> tuple[Term, ...] | None:
    """The terms of a condition such as ``48.0.6.. or 50..``; None if it is none."""
    found = []
    for part in re.split(r"\s+or\s+", text.strip()):
        low, dots, high = (word.strip() for word in part.partition(".."))
        begin, end = numbers(low), numbers(high)
        if (low and begin is None) or (high and end is None) or not (low or high):
            return None
        found.append(Term(begin, end if dots else begin))
    return tuple(found)


def joined(spans: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same releases by spans in order that have room between them."""
    found: list[Interval] = []
    for span in sorted(spans, key=lambda s: s.begin):
        last = found[-1] if found else None
        if last is None or (last.end is not None and last.end < span.begin):
            found.append(span)
        elif last.end is not None:
            end = None if span.end is None else max(last.end, span.end)
            found[-1] = Interval(last.begin, end)
    return tuple(found)


def common(
    some: Sequence[Interval], others: Sequence[Interval]
) -> tuple[Interval, ...]:
    """The releases that both have."""
    return joined(
        Interval(max(a.begin, b.begin), end)
        for a in some
        for b in others
        if (end := _earlier(a.end, b.end)) is None or max(a.begin, b.begin) < end
    )


def _earlier(one: Numbers | None, other: Numbers | None) -> Numbers | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def words(versions: Sequence[Version], indices: Iterable[int]) -> str:
    """Some of the versions, in order, those that follow each other as one range:
    ``42.0.0..44.0.3 and 46.0.0``."""
    texts = []
    for first, last in runs(indices):
        ends = versions[first].first, versions[last].last
        texts.append(ends[0] if ends[0] == ends[1] else f"{ends[0]}..{ends[1]}")
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if texts[1:] else "".join(texts)


def runs(chosen: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers in ascending order as stretches without gaps, each its first and last."""
    first = last = None
    for number in chosen:
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last
