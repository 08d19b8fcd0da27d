"""Alias regions that lead nowhere, or whose parts contradict one another."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from vmgen.analysis.region_keys import PAYLOAD, has_parts, parts_of, pointee_of
from vmgen.analysis.values import value_of
from vmgen.reading.diagnostics import did_you_mean
from vmgen.rules.accesses import whole
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.analysis.alias_regions import View
    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis
    from vmgen.schema.types import Type


@rule(
    "VM260",
    "unknown-alias-region",
    "An alias region of a part that there isn't.",
)
def unknown_alias_region(analysis: Analysis) -> Iterator[Finding]:
    """`alias` names a region, by a name in small letters, or the part whose bytes the
    field's can be, as `VMStoreContext.fuel`. A part that is a record has no region: what is
    in it has.
    """
    for _, _, alias in analysis.aliases:
        if alias.region is None or not analysis.alias_regions.leads_nowhere(alias):
            continue
        record, _, name = alias.region.text.partition(".")
        declared = analysis.types.get(record)
        known = (
            {part.name: type for part, type in parts_of(declared)} if declared else {}
        )
        if declared is None:
            message, helps = f"no type is named `{record}`", did_you_mean(
                record, analysis.types
            )
        elif name in known:
            message, helps = _is_no_view(alias.region.text, known[name], analysis)
        elif name:
            message = f"`{record}` has no part `{name}`"
            helps = did_you_mean(name, known)
        else:
            message = f"`{record}` has several regions, one for each part"
            helps = (f"write `{record}.` and the part's name",)
        yield Finding(message, alias.region.span, helps=helps)


def _is_no_view(
    text: str, type: Type, analysis: Analysis
) -> tuple[str, tuple[str, ...]]:
    """What to say of a part that has no region since it is a record."""
    value = value_of(type, analysis.types)
    record = value.record if value else str(type)
    inner = next((part.name for part, _ in parts_of(analysis.types[record])), "part")
    return (
        f"`{text}` is a `{record}`, whose parts have regions of their own",
        (f"name one of those, as `{record}.{inner}`",),
    )


@rule(
    "VM262",
    "readonly-in-one-view",
    "Bytes that are `readonly` by one way and not by another.",
    allowable=True,
)
def readonly_in_one_view(analysis: Analysis) -> Iterator[Finding]:
    """Parts in one alias region can be the same bytes: the members of a union, or what
    `alias` joins. If compiled code may write them by one way, a load by the other that is
    `readonly` may give what was there before, since a compiler does it once and keeps it.
    """
    for views in analysis.views:
        for view in views:
            span = _access_span(view)
            if "readonly" not in view.access or not _is_own(view, analysis):
                continue
            written = next((v for v in views if _is_written(v, view)), None)
            if written is not None and span is not None:
                yield Finding(
                    f"{view.text} is `readonly`, and {written.text}, which can be the "
                    "same bytes, isn't",
                    span,
                    (view.part.allow, view.record.allow),
                    helps=("say the same of both",),
                )


def _is_written(other: View, view: View) -> bool:
    """Whether another view may be the same bytes, and isn't `readonly`."""
    if "readonly" in other.access:
        return False
    if any(v.alias is not None and v.alias.region is not None for v in (view, other)):
        return True
    # Of a struct two parts are never the same, in whatever union that is.
    return view.record.name == other.record.name and isinstance(view.record, m.Union)


def _access_span(view: View) -> Span | None:
    if view.pointee:
        return view.part.points_to.access_span if view.part.points_to else None
    return view.part.access_span


def _is_own(view: View, analysis: Analysis) -> bool:
    return view.record.name in analysis.own


@rule(
    "VM264",
    "unlike-views",
    "An alias region that is joined of unlike parts.",
    allowable=True,
)
def unlike_views(analysis: Analysis) -> Iterator[Finding]:
    """`alias` is for parts that can be the same bytes. Numbers of different widths hardly
    are: one of them is in the wrong region, and joining it makes code slower at best. Of
    bytes nothing is said, since these may be anything.

    Elements that are regions of their own in one view have to be so in all: a compiler
    takes it that an element doesn't change by a store to the whole region.
    """
    for views in analysis.views:
        for view in views:
            if view.alias is not None and _is_own(view, analysis):
                yield from _unlike(view, views, analysis)


def _unlike(view: View, views: Sequence[View], analysis: Analysis) -> Iterator[Finding]:
    """In what a view that the schema puts into a region differs from others there: those
    before it, and those that are there by themselves."""
    assert view.alias is not None
    allows = view.part.allow, view.record.allow
    before = views[: views.index(view)]
    others = [v for v in views if v in before or (v is not view and v.alias is None)]
    is_over = analysis.alias_regions.lies_over(view.region)
    width = "" if is_over else _width(view, analysis)
    for other in others:
        unlike = _width(other, analysis)
        if width and unlike and width != unlike:
            yield Finding(
                f"{view.text} is {width}, and {other.text}, in the same alias region, is "
                f"{unlike}",
                view.alias.span,
                allows,
                helps=("join what can be the same bytes and nothing else",),
            )
            break
    undivided = next((v for v in views if not _is_indexed(v)), None)
    # Of a union's members none has elements of its own in any case.
    is_member = isinstance(view.record, m.Union)
    if view.alias.indexed is not None and undivided is not None and not is_member:
        yield Finding(
            f"elements of {view.text} are regions of their own, and those of "
            f"{undivided.text}, in the same alias region, aren't",
            view.alias.indexed,
            allows,
            helps=("write `indexed: true` in both, or in none",),
        )


def _is_indexed(view: View) -> bool:
    return view.alias is not None and view.alias.indexed is not None


def _width(view: View, analysis: Analysis) -> str:
    """How wide each value is in words; nothing of bytes."""
    value = value_of(view.type, analysis.types)
    if value is None or value.scalar is None or value.scalar.bytes == 1:
        return ""
    if value.scalar.of_c is not None:
        # Not as wide on every target.
        return ""
    bytes = value.scalar.bytes
    return f"{bytes} bytes wide" if bytes is not None else "as wide as a pointer"


@rule(
    "VM265",
    "no-alias-region",
    "`alias` of what has no alias region, or no elements.",
)
def no_alias_region(analysis: Analysis) -> Iterator[Finding]:
    """A part that is a record has no alias region of its own: what is in that record has,
    and is in it also where a pointer leads to it. Elements can be regions of their own only
    where there are several, and where they lie over nothing else, as in a union.
    """
    for declared, part, type in analysis.told_compilers:
        if part.alias is None and part.points_to is None:
            continue
        what, _ = whole(declared, part)
        if part.alias is not None:
            yield from _without_region(what, type, part.alias, analysis)
            if part.alias.region is None and part.alias.indexed is None:
                yield Finding(
                    f"{what} is in a region of its own in any case",
                    part.alias.span,
                    helps=("name another region, or remove `alias`",),
                )
            if part.alias.indexed is not None and not _has_elements(
                declared, part, type, analysis
            ):
                yield Finding(
                    f"{what} has no elements that could be regions of their own",
                    part.alias.indexed,
                    helps=("remove `indexed`",),
                )
        said = part.points_to
        pointee = pointee_of(type, analysis.types)
        if said is not None and said.alias is not None and pointee is not None:
            about = f"what {what} points to"
            yield from _without_region(about, pointee, said.alias, analysis)


def _without_region(
    what: str, type: Type, alias: m.Alias, analysis: Analysis
) -> Iterator[Finding]:
    value = value_of(type, analysis.types)
    if value is not None and has_parts(analysis.types.get(value.record)):
        yield Finding(
            f"{what} is a `{value.record}`, whose parts have alias regions of their own",
            alias.span,
            helps=(f"say it of the parts of `{value.record}`, or remove it",),
        )


def _has_elements(
    declared: m.Declaration, part: m.Field | m.Region, type: Type, analysis: Analysis
) -> bool:
    if isinstance(declared, m.Union):
        return False
    if isinstance(part, m.Region) and part.count is not None:
        return True
    value = value_of(type, analysis.types)
    return value is not None and value.array


@rule(
    "VM268",
    "lone-alias-region",
    "A name of an alias region that one part alone has.",
    severity="warning",
    allowable=True,
)
def lone_alias_region(analysis: Analysis) -> Iterator[Finding]:
    """A name joins the parts that have it. One that a single part has joins nothing, as a
    name does in which a letter is wrong: two parts that can be the same bytes are in two
    regions then, and compiled code is wrong. What a pointer leads to may be in a region by
    itself, but hardly under nearly the same name as something else.
    """
    if not analysis.aliases:
        return
    names = [r.name for r in analysis.alias_regions.own if r.name[:1].islower()]
    for views in analysis.views:
        view = views[0]
        if (
            view.alias is None
            or view.alias.region is None
            or not _is_own(view, analysis)
        ):
            continue
        name = view.alias.region
        if len(views) > 1 or not name.text[:1].islower():
            continue
        near = _misspelt(name.text, names)
        if near or not view.pointee:
            yield Finding(
                f"nothing but {view.text} is in the alias region `{name.text}`",
                name.span,
                (view.part.allow, view.record.allow),
                helps=(
                    (f"did you mean `{near}`?",)
                    if near
                    else ("give it to what can be the same bytes, or remove it",)
                ),
            )


def _misspelt(name: str, names: list[str]) -> str:
    """A name that is this one but for a letter or two; nothing if there is none. Those
    that differ in a number are numbered."""
    letters = re.sub(r"\d", "", name)
    others = [other for other in names if re.sub(r"\d", "", other) != letters]
    return next(iter(get_close_matches(name, others, 1, cutoff=0.85)), "")


@rule(
    "VM269",
    "torn-alias-region",
    "Bytes that are in several alias regions of another module.",
    severity="warning",
    allowable=True,
)
def torn_alias_region(analysis: Analysis) -> Iterator[Finding]:
    """What a union holds by value, or the payloads of an enum, is in one alias region. The
    parts of a record that another module declares are in regions of that module, one each,
    and that module doesn't know what they lie in here. A compiler takes it that a store to
    one of them doesn't change the other, which in the union may be wrong.
    """
    for declared in analysis.own.values():
        if not analysis.module.used or not isinstance(declared, m.Union | m.TaggedEnum):
            continue
        part = "" if isinstance(declared, m.Union) else PAYLOAD
        torn = analysis.alias_regions.torn(declared.name, part)
        if torn:
            some = ", ".join(f"`{name}`" for name in torn)
            yield Finding(
                f"`{declared.name}` lies over several alias regions of another module: "
                f"{some}",
                declared.span,
                (declared.allow,),
                helps=(
                    "join them there by `alias`, or declare the record in this module",
                ),
            )
