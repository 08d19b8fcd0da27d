"""Layouts of contexts: records whose size depends on the module being run.

The fixed fields are laid out as a ``repr(C)`` struct's (`vmgen.layout.place`).
Each region starts where the one before it ends, rounded up if it is to be, and is
as long as its stride times its count. `vmgen.layout.alignment` proves which
roundings are needed and which regions are aligned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.layout.alignment import Misalignment, Step, prove
from vmgen.layout.expr import Const, Expr, Term, add, checked, round_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vmgen.layout.place import Extent, RecordLayout
    from vmgen.schema import model as m


class RegionLayout(msgspec.Struct, frozen=True):
    """One region in one layout class; every number is in bytes.

    `round_to` is what the running offset is rounded up to before the region, 1 when
    that is not asked for or was proved never to change anything. The region begins
    at `offset` and holds `count` (a count's name or a number) elements of `stride`
    bytes, if `when` is None or the flag of that name is set. `misaligned` is the
    smallest counts that put it off its element's alignment `align`, or None.
    """

    name: str
    offset: Expr
    round_to: int
    stride: int
    align: int
    count: str | int
    when: str | None
    misaligned: Misalignment | None

    @property
    def fixed_size(self) -> int:
        """Bytes of a number of elements that no count decides; 0 of another region."""
        return self.stride * self.count if isinstance(self.count, int) else 0

    def begin(self, counts: Mapping[str, int]) -> int:
        return self.offset.evaluate(counts)

    def length(self, counts: Mapping[str, int]) -> int:
        """How many elements there are with these counts; 0 when absent."""
        if self.when is not None and not counts.get(self.when, 0):
            return 0
        return self.count if isinstance(self.count, int) else counts.get(self.count, 0)


class ContextLayout(msgspec.Struct, frozen=True):
    """A context in one layout class: its fixed part, its regions, its total size."""

    align: int
    fixed: RecordLayout
    regions: tuple[RegionLayout, ...]
    size: Expr

    def total(self, counts: Mapping[str, int]) -> int:
        """The size in bytes. Counts that are not named are 0.

        Raises `vmgen.layout.expr.OffsetOverflow` when it is more than a u32 holds;
        every offset is at most the total, so no other check is needed.
        """
        return checked(self.size.evaluate(counts))


def lay_out_context(
    context: m.Context, fixed: RecordLayout, elements: Sequence[Extent]
) -> ContextLayout:
    """The layout of `context` in one layout class, whose fixed part is `fixed`;
    `elements` are the extents of its regions' elements, in order."""
    steps = []
    for region, (stride, align) in zip(context.regions, elements, strict=True):
        steps.append(
            Step(
                round_to=align if region.align is None else region.align,
                stride=stride,
                align=align,
                count=1 if region.count is None else region.count,
                when=region.when,
            )
        )
    proofs = prove(fixed.size, steps)
    offset: Expr = Const(fixed.size)
    regions = []
    for region, step, proof in zip(context.regions, steps, proofs, strict=True):
        round_to = step.round_to if proof.rounds else 1
        offset = round_up(offset, round_to)
        regions.append(
            RegionLayout(
                region.name,
                offset,
                round_to,
                step.stride,
                step.align,
                step.count,
                step.when,
                proof.misaligned,
            )
        )
        offset = add(offset, Term(step.stride, step.count, step.when))
    return ContextLayout(fixed.align, fixed, tuple(regions), offset)


def proved_aligns(context: ContextLayout) -> tuple[int, ...]:
    """The alignment that each region of a context has for all counts, in bytes: its
    element's, or the most that the proof finds where counts put it elsewhere.

    Raises `vmgen.layout.alignment.TooManyStates`.
    """
    regions = context.regions
    steps = [Step(r.round_to, r.stride, r.align, r.count, r.when) for r in regions]
    aligns = []
    for index, region in enumerate(regions):
        align = region.align
        if region.misaligned is not None:
            align = _proved_align(context.fixed.size, steps, index)
        aligns.append(align)
    return tuple(aligns)


def _proved_align(start: int, steps: list[Step], index: int) -> int:
    """The most that a region which its element's alignment isn't sure of is aligned to."""
    align = steps[index].align
    while align > 1:
        align //= 2
        asked = msgspec.structs.replace(steps[index], align=align)
        proofs = prove(start, [*steps[:index], asked, *steps[index + 1 :]])
        if proofs[index].misaligned is None:
            break
    return align
