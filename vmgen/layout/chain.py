"""A context's offsets as a chain: each from the region before it.

`RegionLayout.offset` is an offset in full, which grows with every region. For a
person who checks a layout by hand, and for a diff, the step from one region to the
next says the same in one short line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.layout.expr import AlignUp, Const, Expr, Sum, Term

if TYPE_CHECKING:
    from vmgen.layout.contexts import ContextLayout, RegionLayout


class Link(msgspec.Struct, frozen=True):
    """Where a region begins, or of the name ``size`` where the last one ends; `rounds`
    tells whether the formula says `align_up`."""

    name: str
    formula: str
    rounds: bool


def chain(layout: ContextLayout) -> list[Link]:
    """The formula of each region's begin, in order; last that of ``size``.

    A formula names the region before for that one's begin. One that doesn't depend
    on counts is its number. Where a count and a region share a name, which would
    make a formula ambiguous, formulas are in full.
    """
    regions = {r.name for r in layout.regions} | {"size"}
    counts = {n for r in layout.regions for n in (r.count, r.when)}
    ambiguous = bool(regions & counts)
    found = []
    before: RegionLayout | None = None
    for region in layout.regions:
        step = None if ambiguous else before
        found.append(_link(region.name, step, region.offset, region.round_to))
        before = region
    found.append(_link("size", None if ambiguous else before, layout.size, 1))
    return found


def misaligned(region: RegionLayout) -> str | None:
    """How a region can be off its alignment, with the smallest counts, if it can."""
    wrong = region.misaligned
    if wrong is None:
        return None
    counts = dict(wrong.counts)
    given = " and ".join(f"{name} = {n}" for name, n in wrong.counts)
    place = f"at {region.begin(counts)}, {wrong.remainder} mod {region.align}"
    return f"misaligned with {given or 'any counts'}: {region.name} is {place}"


def _link(name: str, before: RegionLayout | None, offset: Expr, round_to: int) -> Link:
    if before is None or isinstance(offset, Const):
        return Link(name, str(offset), _rounds(offset))
    end = f"{before.name} + {Term(before.stride, before.count, before.when)}"
    if round_to == 1:
        return Link(name, end, rounds=False)
    return Link(name, f"align_up({end}, {round_to})", rounds=True)


def _rounds(expr: Expr) -> bool:
    if isinstance(expr, Sum):
        return any(map(_rounds, expr.parts))
    return isinstance(expr, AlignUp)
