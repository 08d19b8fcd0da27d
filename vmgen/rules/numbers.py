"""Sizes, alignments and offsets against what the author says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, compared_targets, on_targets
from vmgen.schema import model as m
from vmgen.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.parts import Part
    from vmgen.layout.place import Hole
    from vmgen.rules.analysis import Analysis


@rule(
    "VM208",
    "wrong-expectation",
    "An `expect_size`, `expect_align` or `expect_offset` that is not so.",
    stage="layout",
)
def wrong_expectation(analysis: Analysis) -> Iterator[Finding]:
    """An expectation is what the author believes, or what other code already relies on.
    It never moves anything. Where the layout differs, one of the two is wrong, and only
    the author can tell which.
    """
    layouts = analysis.laid_out
    for name, declared in analysis.own.items():
        if declared.expect_size is not None:
            sizes = [r.size for r in layouts.row(name)]
            yield from _mismatches(
                analysis,
                declared.expect_size,
                sizes,
                f"{_what_is_measured(declared)} takes",
                "byte",
            )
        if declared.expect_align is not None:
            aligns = [r.align for r in layouts.row(name)]
            yield from _mismatches(
                analysis,
                declared.expect_align,
                aligns,
                f"`{name}` is aligned to",
                "byte",
            )
    for record, index, field in analysis.stated:
        if field.expect_offset is not None:
            part = layouts.parts(record.name)[index]
            what = f"`{field.name}` is at"
            yield from _mismatches(
                analysis, field.expect_offset, part.offsets, what, absent=part.absent
            )


def _what_is_measured(declared: m.Declaration) -> str:
    # A context as a whole has as many sizes as there are counts.
    fixed = isinstance(declared, m.Context)
    return f"the fixed part of `{declared.name}`" if fixed else f"`{declared.name}`"


def _mismatches(
    analysis: Analysis,
    expected: m.Expectation,
    actual: Sequence[int],
    what: str,
    unit: str = "",
    absent: frozenset[int] = frozenset(),
) -> Iterator[Finding]:
    """One finding if any of the numbers, one per layout class, is not as expected; none of
    those in which it is absent."""
    wrong: dict[tuple[int, int], list[str]] = {}
    for layout_class in analysis.laid_out.classes:
        if layout_class.index in absent:
            continue
        got = actual[layout_class.index]
        for wanted, targets in _expected(expected.by_key, layout_class):
            if wanted != got:
                wrong.setdefault((got, wanted), []).extend(targets)
    if wrong:
        first, *others = (
            f"{what} {plural(got, unit) if unit else got} "
            f"{on_targets(targets, analysis.module)}, not {wanted}"
            for (got, wanted), targets in wrong.items()
        )
        yield Finding(
            first,
            expected.span,
            notes=tuple(others),
            helps=("change the layout, or the expectation if that is wrong",),
        )


def _expected(
    by_key: Mapping[int | str | None, int], layout_class: LayoutClass
) -> Iterator[tuple[int, Sequence[str]]]:
    """What is expected on the targets of a class: a triple wins over a width, a width
    over what is for all."""
    width = layout_class.model.pointer_width
    general = by_key.get(width, by_key.get(None))
    if not any(isinstance(key, str) for key in by_key):
        if general is not None:
            yield general, layout_class.targets
        return
    for target in layout_class.targets:
        wanted = by_key.get(target, general)
        if wanted is not None:
            yield wanted, (target,)


@rule(
    "VM212",
    "max-offset-exceeded",
    "A field past the offset that `max_offset` permits.",
    stage="layout",
    allowable=True,
)
def max_offset_exceeded(analysis: Analysis) -> Iterator[Finding]:
    """Instructions have few bits for an offset: a byte on x86 for the short form, twelve
    bits for some loads elsewhere. `max_offset` says how far the fields that compiled
    code reads may lie; past that, code gets longer or can't be encoded.
    """
    layouts = analysis.laid_out
    for name, declared in analysis.own.items():
        if not isinstance(declared, (m.Struct, m.Context)):
            continue
        limit = declared.max_offset
        if limit is None:
            continue
        for part in layouts.parts(name):
            far = [c for c in layouts.classes if part.offsets[c.index] > limit]
            if not far:
                continue
            most = max(part.offsets)
            where = on_targets([t for c in far for t in c.targets], analysis.module)
            yield Finding(
                f"`{part.name}` is at {most} {where}, {most - limit} past "
                f"`max_offset`, {limit}",
                part.span,
                (part.allow, declared.allow),
                helps=(
                    f"move it up, past fields that compiled code doesn't read, {CHANGES}, "
                    "or raise `max_offset`",
                ),
            )


@rule(
    "VM215",
    "implicit-padding",
    "Padding that no field names, in a schema that asks for `padding: explicit`.",
    stage="layout",
    allowable=True,
)
def implicit_padding(analysis: Analysis) -> Iterator[Finding]:
    """Padding has no defined content in Rust: a record with padding can't be copied out
    as bytes, compared or hashed as bytes without care, and what was in memory before
    shows through. `padding: explicit` asks for a field in place of each stretch.
    """
    if analysis.module.padding != "explicit":
        return
    for name, declared in analysis.own.items():
        if isinstance(declared, (m.Struct, m.Union, m.Context, m.TaggedEnum)):
            for part in analysis.laid_out.parts(name):
                if any(part.padding):
                    yield from _stretches(analysis, declared, part)


def _stretches(
    analysis: Analysis, declared: m.Declaration, part: Part
) -> Iterator[Finding]:
    """A finding for a part that padding follows on some target."""
    targets = compared_targets(analysis.module)
    stretches: dict[Hole, list[str]] = {}
    for target in targets:
        hole = part.padding[analysis.laid_out.class_of(target).index]
        if hole is not None:
            stretches.setdefault(hole, []).append(target)
    if not stretches:
        return
    everywhere = sum(map(len, stretches.values())) == len(targets)
    lengths = {length for _, length in stretches}
    what = f"the {part.name}" if part.in_enum else f"`{part.name}`"
    first, *others = (
        f"{plural(length, 'byte')} of padding at {start} "
        f"{on_targets(names, analysis.module, targets)}"
        for (start, length), names in stretches.items()
    )
    yield Finding(
        f"{what} is followed by {first}",
        part.span,
        (part.allow, declared.allow),
        notes=tuple(others),
        helps=(_instead_of_padding(declared, everywhere, lengths),),
    )


def _instead_of_padding(
    declared: m.Declaration, everywhere: bool, lengths: set[int]
) -> str:
    if isinstance(declared, m.TaggedEnum):
        return f"choose a tag that is as wide as the payload's alignment, {CHANGES}"
    if everywhere and len(lengths) == 1:
        (length,) = lengths
        if isinstance(declared, m.Union):
            return f"make the longest member {plural(length, 'byte')} longer"
        pad = "u8" if length == 1 else f'"[u8; {length}]"'
        return f"name it: a field such as `_pad: {pad}`"
    return (
        "no one field fits every target: order the fields by size, and use a `usize` "
        f"where a narrower field leaves room, {CHANGES}"
    )
