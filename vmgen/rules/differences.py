"""Layouts that differ between targets which seem alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, compared_targets
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.parts import Part
    from vmgen.rules.analysis import Analysis


def open_end(declared: m.Declaration) -> bool:
    """Whether what is behind a record's fields is not told by them."""
    return isinstance(declared, m.Context) or m.is_prefix(declared)


_Compared = m.Struct | m.Union | m.TaggedEnum | m.Context

_ADVICE = (
    "begin with the widest fields and fill the end up to a multiple of their "
    f"size, {CHANGES}, or allow it with the reason why it does no harm"
)
_ADVICE_ON_OTHERS = (
    "say at the top why that is so, for all that they declare: "
    "`allow: {layout-differs-by-target: …}`"
)
_ADVICE_ON_BITS = (
    "write bit-fields that follow each other with one type, and fill it up, "
    f"{CHANGES}, or allow it with the reason why it does no harm"
)


def _pairs(analysis: Analysis) -> list[list[tuple[int, str]]]:
    """Targets to compare: groups of equal pointer width and byte order, on which the
    same conditions of fields hold, each as layout classes with the best known of their targets, best known first.
    """
    models = {t.name: t.model for t in analysis.module.targets}
    groups: dict[tuple[object, ...], dict[int, str]] = {}
    for name in compared_targets(analysis.module):
        model, of = models[name], analysis.laid_out.class_of(name)
        group = groups.setdefault((model.pointer, model.endian, of.truths), {})
        group.setdefault(of.index, name)
    return [list(group.items()) for group in groups.values() if len(group) > 1]


@rule(
    "VM302",
    "layout-differs-by-target",
    "A layout that differs between targets of one pointer width.",
    stage="layout",
    severity="warning",
    allowable=True,
)
def layout_differs_by_target(analysis: Analysis) -> Iterator[Finding]:
    """Anyone who knows the layout on one 32-bit target tends to assume that it holds on
    all of them. But i686 Linux aligns a `u64` to four bytes and armv7 to eight. The bindings are right on both; a
    number that was written down by hand or measured on one machine is not.

    Only targets with the same pointer width and byte order are compared. A schema that
    lists no targets is compared on common ones.
    """
    groups = _pairs(analysis)
    if not groups:
        return
    for declared in analysis.own.values():
        if not isinstance(declared, (m.Struct, m.Union, m.TaggedEnum, m.Context)):
            continue
        for group in groups:
            finding = _difference_in(analysis, group, declared)
            if finding is None and isinstance(declared, m.Context):
                finding = _difference_of_regions(analysis, declared, group)
            if finding is not None:
                yield finding
                break


def _difference_in(
    analysis: Analysis, group: list[tuple[int, str]], declared: _Compared
) -> Finding | None:
    """The first layout of a group that differs from that of its best known target."""
    row = analysis.laid_out.row(declared.name)
    (first, one), *others = group
    for index, two in others:
        left, right = row[first], row[index]
        if left is right:
            continue
        parts = analysis.laid_out.parts(declared.name)
        moved = next(
            (p for p in parts if p.shown_offset(first) != p.shown_offset(index)), None
        )
        if moved is not None:
            what = f"`{moved.name}`"
            if moved.in_enum:
                what = f"the {moved.name} of `{declared.name}`"
            message = (
                f"{what} is at {moved.shown_offset(first)} on {one} and at "
                f"{moved.shown_offset(index)} on {two}"
            )
        elif left.size != right.size and not open_end(declared):
            message = (
                f"`{declared.name}` takes {left.size} bytes on {one} and {right.size} "
                f"on {two}"
            )
        else:
            continue
        places = [declared] if moved is None else [moved, declared]
        return Finding(
            message,
            places[0].span,
            tuple(place.allow for place in places),
            notes=_cause(parts, first, index),
            helps=(_advice(analysis, moved),),
        )
    return None


def _cause(parts: Sequence[Part], first: int, second: int) -> tuple[str, ...]:
    """What about the parts is different in two layout classes, if any of them is."""
    for part in parts:
        (size, align), (other_size, other_align) = (
            part.extents[first],
            part.extents[second],
        )
        if (size, align) == (other_size, other_align):
            continue
        what = f"the {part.name}" if part.in_enum else f"`{part.type}`"
        if align != other_align:
            return (f"{what} is aligned to {align} and to {other_align} bytes there",)
        return (f"{what} takes {size} and {other_size} bytes there",)
    return ()


def _difference_of_regions(
    analysis: Analysis, context: m.Context, group: list[tuple[int, str]]
) -> Finding | None:
    if context.name not in analysis.contexts:
        return None
    regions = analysis.laid_out.of(context.name).regions
    (first, one), *others = group
    for index, two in others:
        for region in regions:
            left, right = region.layouts[first], region.layouts[index]
            if left.offset != right.offset:
                what = "begins"
                values = f"at {left.offset}", f"at {right.offset}"
                same = f"write `align: {max(left.align, right.align)}`"
            elif left.stride != right.stride:
                what = "has elements"
                values = f"of {left.stride} bytes", f"of {right.stride} bytes"
                same = "give the elements the same layout on both"
            else:
                continue
            return Finding(
                f"`{region.name}` {what} {values[0]} on {one} and {values[1]} on {two}",
                region.span,
                (region.allow, context.allow),
                helps=(
                    f"{same}, {CHANGES}, or allow it with the reason why it does no harm",
                ),
            )
    return None


def _advice(analysis: Analysis, moved: Part | None) -> str:
    if analysis.module.profile:
        return _ADVICE_ON_OTHERS
    return _ADVICE_ON_BITS if moved is not None and moved.bits else _ADVICE
