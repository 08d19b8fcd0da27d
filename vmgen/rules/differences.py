"""Layouts that differ between targets which seem alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.registry import Finding, rule
from vmgen.rules.wording import compared_targets
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.layout.records import RecordLayout
    from vmgen.rules.subject import Subject


def _pairs(subject: Subject) -> list[list[tuple[int, str]]]:
    """Targets to compare: groups of equal pointer width and byte order, each as layout
    classes with the best known of their targets, best known first."""
    models = {t.name: t.model for t in subject.module.targets}
    groups: dict[tuple[int, str], dict[int, str]] = {}
    for name in compared_targets(subject.module):
        model = models[name]
        group = groups.setdefault((model.pointer, model.endian), {})
        group.setdefault(subject.laid_out.class_of(name).index, name)
    return [list(group.items()) for group in groups.values() if len(group) > 1]


@rule(
    "VM302",
    "layout-differs-by-target",
    "A layout that differs between targets of one pointer width.",
    stage="layout",
    severity="warning",
    waivable=True,
)
def layout_differs_by_target(subject: Subject) -> Iterator[Finding]:
    """Who knows the layout on one 32-bit target thinks to know it on all. But i686 Linux
    aligns a `u64` to four bytes and armv7 to eight. The bindings are right on both; a
    number that was written down by hand or measured on one machine is not.

    Only targets with the same pointer width and byte order are compared. A schema that
    lists no targets is compared on common ones.
    """
    groups = _pairs(subject)
    if not groups:
        return
    for name, declared in subject.types.items():
        if not isinstance(declared, (m.Struct, m.Union, m.TaggedEnum, m.Context)):
            continue
        row = subject.laid_out.row(name)
        for group in groups:
            first, one = group[0]
            other = next(
                (
                    (index, two)
                    for index, two in group[1:]
                    if row[index] is not row[first]
                    and _differs(declared, row[first], row[index])
                ),
                None,
            )
            finding = None
            if other is not None:
                index, two = other
                finding = _difference(declared, (one, row[first]), (two, row[index]))
            elif isinstance(declared, m.Context):
                finding = _difference_of_regions(subject, declared, group)
            if finding is not None:
                yield finding
                break


def _differs(declared: m.Declaration, one: RecordLayout, two: RecordLayout) -> bool:
    if isinstance(declared, m.Context):
        return one.offsets != two.offsets
    return one.offsets != two.offsets or one.size != two.size


def _difference(
    declared: m.Struct | m.Union | m.TaggedEnum | m.Context,
    one: tuple[str, RecordLayout],
    two: tuple[str, RecordLayout],
) -> Finding:
    (first, left), (second, right) = one, two
    moved = next(
        (
            i
            for i, (a, b) in enumerate(zip(left.offsets, right.offsets, strict=True))
            if a != b
        ),
        None,
    )
    parts: list[tuple[str, m.Field | None, str]]
    if isinstance(declared, m.TaggedEnum):
        parts = [("the tag", None, "the tag"), ("the payload", None, "the payload")]
    else:
        parts = [(f"`{f.name}`", f, f"`{f.text.type}`") for f in declared.fields]
    span = declared.span
    allows: tuple[Mapping[str, m.Allow], ...] = (declared.allow,)
    if moved is None:
        message = (
            f"`{declared.name}` takes {left.size} bytes on {first} and {right.size} on "
            f"{second}"
        )
    else:
        what, field, _ = parts[moved]
        if field is not None:
            span, allows = field.span, (field.allow, declared.allow)
        else:
            what = f"{what} of `{declared.name}`"
        message = (
            f"{what} is at {left.offsets[moved]} on {first} and at "
            f"{right.offsets[moved]} on {second}"
        )
    return Finding(
        message,
        span,
        allows,
        notes=_cause(left, right, [type for _, _, type in parts]),
        helps=(
            "begin with the widest fields and fill the end up to a multiple of their "
            "size, or allow it with the reason why it does no harm",
        ),
    )


def _cause(
    left: RecordLayout, right: RecordLayout, types: list[str]
) -> tuple[str, ...]:
    """What about the parts is different, if any of them is."""
    for type, one, two in zip(types, left.extents, right.extents, strict=False):
        if one[1] != two[1]:
            return (f"{type} is aligned to {one[1]} and to {two[1]} bytes there",)
        if one[0] != two[0]:
            return (f"{type} takes {one[0]} and {two[0]} bytes there",)
    return ()


def _difference_of_regions(
    subject: Subject, context: m.Context, group: list[tuple[int, str]]
) -> Finding | None:
    row = subject.contexts.get(context.name)
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
                helps=(f"{same}, or allow it with the reason why it does no harm",),
            )
    return None
