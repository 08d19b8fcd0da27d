"""The values of a number as constants: ranges, as LLVM's metadata takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vmgen.analysis.values import Ranges

_ON_ALL_WIDTHS = range(1 << 15)
"""Values that are the same number on targets of any width of pointers."""


def ranges(base: str, known: Ranges, bytes: int | None) -> Iterator[str]:
    """Lines that define how many ranges the values of a number of so many bytes are in, and
    what initialises an array of them. Of one as wide as a pointer there are none where they
    aren't the same numbers on all targets."""
    if bytes is None:
        if any(n not in _ON_ALL_WIDTHS for pair in known for n in pair):
            return
        bytes = 8
    pairs = apart(known, 8 * bytes)
    if not pairs:
        return
    yield f"#define {base}_RANGE_COUNT {len(pairs)}u"
    listed = (f"    {{UINT64_C(0x{a:X}), UINT64_C(0x{b:X})}}" for a, b in pairs)
    yield f"#define {base}_RANGES \\\n" + ", \\\n".join(listed)


def apart(known: Iterable[tuple[int, int]], bits: int) -> list[tuple[int, int]]:
    """Ranges without a sign, of which none touches another: one may lead from the highest
    number to 0. Those come first that begin with what is negative as a signed number.
    Nothing where all numbers are in them."""
    values = 1 << bits
    unsigned = []
    for low, high in ((a % values, b % values) for a, b in known):
        unsigned += [(low, high)] if low <= high else [(0, high), (low, values - 1)]
    found: list[tuple[int, int]] = []
    for low, high in sorted(unsigned):
        if found and low <= found[-1][1] + 1:
            low, high = found[-1][0], max(high, found.pop()[1])
        found.append((low, high))
    if found == [(0, values - 1)]:
        return []
    if len(found) > 1 and found[0][0] == 0 and found[-1][1] == values - 1:
        found[-1] = (found[-1][0], found[0][1])
        del found[0]
    return sorted(found, key=lambda pair: (pair[0] < values >> 1, pair[0]))
