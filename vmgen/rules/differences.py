"""Layouts that differ between targets which seem alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, compared_targets
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.layout.layouts import Row
    from vmgen.layout.place import Extent, RecordLayout
    from vmgen.rules.analysis import Analysis

_Compared = m.Struct | m.Union | m.TaggedEnum | m.Context

_TAGGED = ("the tag", "the payload")
_HELPS = (
    "begin with the widest fields and fill the end up to a multiple of their "
    f"size, {CHANGES}, or allow it with the reason why it does no harm",
)


def _pairs(analysis: Analysis) -> list[list[tuple[int, str]]]:
    """Targets to compare: groups of equal pointer width and byte order, each as layout
    classes with the best known of their targets, best known first."""
    models = {t.name: t.model for t in analysis.module.targets}
    groups: dict[tuple[int, str], dict[int, str]] = {}
    for name in compared_targets(analysis.module):
        model = models[name]
        group = groups.setdefault((model.pointer, model.endian), {})
        group.setdefault(analysis.laid_out.class_of(name).index, name)
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
    for name, declared in analysis.own.items():
        if not isinstance(declared, (m.Struct, m.Union, m.TaggedEnum, m.Context)):
            continue
        row = analysis.laid_out.row(name)
        for group in groups:
            finding = _difference_in(group, declared, row)
            if finding is None and isinstance(declared, m.Context):
                finding = _difference_of_regions(analysis, declared, group)
            if finding is not None:
                yield finding
                break


def _difference_in(
    group: list[tuple[int, str]], declared: _Compared, row: Row
) -> Finding | None:
    """The first layout of a group that differs from that of its best known target."""
    (first, one), *others = group
    left = row[first]
    for index, two in others:
        right = row[index]
        if right is left:
            continue
        if left.offsets != right.offsets or (
            left.size != right.size and not isinstance(declared, m.Context)
        ):
            return _difference(declared, (one, left), (two, right))
    return None


def _difference(
    declared: _Compared, one: tuple[str, RecordLayout], two: tuple[str, RecordLayout]
) -> Finding:
    (first, left), (second, right) = one, two
    moved = _first_difference(left.offsets, right.offsets)
    span = declared.span
    allows: tuple[Mapping[str, m.Allow], ...] = (declared.allow,)
    if moved is None:
        message = (
            f"`{declared.name}` takes {left.size} bytes on {first} and {right.size} on "
            f"{second}"
        )
    else:
        if isinstance(declared, m.TaggedEnum):
            what = f"{_TAGGED[moved]} of `{declared.name}`"
        else:
            field = declared.fields[moved]
            what = f"`{field.name}`"
            span, allows = field.span, (field.allow, declared.allow)
        message = (
            f"{what} is at {left.offsets[moved]} on {first} and at "
            f"{right.offsets[moved]} on {second}"
        )
    return Finding(
        message,
        span,
        allows,
        notes=_cause(declared, left.extents, right.extents),
        helps=_HELPS,
    )


def _cause(
    declared: _Compared, left: tuple[Extent, ...], right: tuple[Extent, ...]
) -> tuple[str, ...]:
    """What about the parts is different, if any of them is."""
    index = _first_difference(left, right)
    if index is None:
        return ()
    if isinstance(declared, m.TaggedEnum):
        type = _TAGGED[index]
    else:
        type = f"`{declared.fields[index].text.type}`"
    (size, align), (other_size, other_align) = left[index], right[index]
    if align != other_align:
        return (f"{type} is aligned to {align} and to {other_align} bytes there",)
    return (f"{type} takes {size} and {other_size} bytes there",)


def _first_difference(left: Sequence[object], right: Sequence[object]) -> int | None:
    for index, (one, two) in enumerate(zip(left, right, strict=True)):
        if one != two:
            return index
    return None


def _difference_of_regions(
    analysis: Analysis, context: m.Context, group: list[tuple[int, str]]
) -> Finding | None:
    row = analysis.contexts.get(context.name)
    if row is None:
        return None
    (first, one), *others = group
    for index, two in others:
        for region, left, right in zip(
            context.regions, row[first].regions, row[index].regions, strict=True
        ):
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
