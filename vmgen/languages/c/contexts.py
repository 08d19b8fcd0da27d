"""Contexts as C: the offsets of one module, computed once and read by accessors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.c.records import allowed
from vmgen.languages.c.text import INDENT, WIDTH, comment, member_name
from vmgen.schema import model as m
from vmgen.schema.types import by_value
from vmgen.text import screaming_case, snake_case

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.c.declarators import Declarators
    from vmgen.languages.c.models import CModels
    from vmgen.languages.job import Job
    from vmgen.layout.contexts import ContextLayout, RegionLayout


class CountView(msgspec.Struct, frozen=True):
    """A member of the counts: its comment, its type, its name."""

    doc: list[str]
    type: str
    name: str


class NumberView(msgspec.Struct, frozen=True):
    """A macro of one parameter, a model; and its definition, in one line or two."""

    macro: str
    definition: str


class RegionView(msgspec.Struct, frozen=True):
    """A region; `member` is its name where nothing stands before it. `length` is a C
    expression of `offsets`, which `varies` unless no count decides it; `fixed_length`
    defines the constant in it, empty if there is none. `rounding` is None where no
    target needs any.

    `pointer` declares what an accessor gives: a pointer to an element, or to `void`
    where an element may be off its alignment, or has no name to point to; then it is
    `untyped`.
    """

    name: str
    member: str
    doc: list[str]
    rounding: NumberView | None
    stride: NumberView
    length: str
    fixed_length: str
    varies: bool
    pointer: str
    untyped: bool
    misaligned: bool


class ContextView(msgspec.Struct, frozen=True):
    """All that the template prints of one context, its fixed fields' record aside."""

    name: str
    function: str
    macro: str
    prefix: str
    counts: list[CountView]
    fields: list[NumberView]
    fixed_size: NumberView
    regions: list[RegionView]


class Contexts:
    """Makes the views of one module's contexts."""

    def __init__(self, job: Job, models: CModels, declarators: Declarators) -> None:
        self._job = job
        self._models = models
        self._declarators = declarators

    def view(self, context: m.Context) -> ContextView:
        row = self._row(context)
        # Targets of one model may align elements differently that are at one offset.
        every = self._job.contexts[context.name]
        return ContextView(
            name=context.name,
            function=snake_case(context.name),
            macro=screaming_case(context.name),
            prefix=self._models.prefix,
            counts=[_count(c) for c in context.counts],
            fields=[
                self._number(
                    field_macro(context, field), [c.fixed.offsets[i] for c in row]
                )
                for i, field in enumerate(context.fields)
            ],
            fixed_size=self._number(
                fixed_size_macro(context),
                [c.fixed.size for c in row],
            ),
            regions=[
                self._region(
                    context,
                    region,
                    [c.regions[i] for c in row],
                    misaligned=any(c.regions[i].misaligned for c in every),
                )
                for i, region in enumerate(context.regions)
            ],
        )

    def _row(self, context: m.Context) -> list[ContextLayout]:
        return self._models.numbers(self._job.contexts[context.name])

    def _number(self, macro: str, row: Sequence[int]) -> NumberView:
        return _defined(macro, self._models.by_model(row))

    def _rounding(self, macro: str, row: Sequence[int]) -> NumberView:
        """No compiler can tell a rounding from 1, which it is where none is needed."""
        return _defined(macro, self._models.by_model_summed(row))

    def _region(
        self,
        context: m.Context,
        region: m.Region,
        row: Sequence[RegionLayout],
        *,
        misaligned: bool,
    ) -> RegionView:
        first = row[0]
        # To an element; where elements are arrays, to the first one's first.
        element = self._declarators.of(by_value(region.element))
        untyped = misaligned or element.after != ""
        notes = [m.ACCESS_NOTES[a] for a in m.ACCESS_NOTES if a in region.access]
        rounds = [r.round_to for r in row]
        return RegionView(
            name=region.name,
            member=member_name(region.name),
            doc=comment([region.doc, " ".join(notes), *allowed(region.allow)], INDENT),
            rounding=(
                self._rounding(region_macro(context, region, "ROUNDING"), rounds)
                if max(rounds) > 1
                else None
            ),
            stride=self._number(
                region_macro(context, region, "STRIDE"),
                [r.stride for r in row],
            ),
            length=_length(context, region, first),
            fixed_length=(
                f"{length_constant(context, region)}, {first.count}"
                if isinstance(first.count, int)
                else ""
            ),
            varies=isinstance(first.count, str) or first.when is not None,
            pointer=f"{'void ' if untyped else element.before}*VM_NULLABLE",
            untyped=untyped,
            misaligned=misaligned,
        )


def _defined(macro: str, value: str) -> NumberView:
    head = f"#define {macro}(model)"
    if len(head) + 1 + len(value) > WIDTH:
        return NumberView(macro, f"{head} \\\n    {value}")
    return NumberView(macro, f"{head} {value}")


def field_macro(context: m.Context, field: m.Field) -> str:
    """The macro that gives a fixed field's offset on a model."""
    return f"{screaming_case(context.name)}_{field.name.upper()}_OFFSET"


def region_macro(context: m.Context, region: m.Region, what: str) -> str:
    """The macro that gives a number of a region, its STRIDE or its ROUNDING."""
    return f"{screaming_case(context.name)}_{region.name.upper()}_{what}"


def fixed_size_macro(context: m.Context) -> str:
    """The macro that gives where the fixed fields end."""
    return f"{screaming_case(context.name)}_FIXED_SIZE"


def length_constant(context: m.Context, region: m.Region) -> str:
    """The constant that is the number of a region's elements, if no count decides it."""
    return f"vmgen_length_of_{context.name}_{region.name}"


def _count(count: m.Count) -> CountView:
    type = "bool" if count.flag else "uint32_t"
    return CountView(comment([count.doc], INDENT), type, member_name(count.name))


def _length(context: m.Context, region: m.Region, layout: RegionLayout) -> str:
    counts = "offsets->counts."
    if isinstance(layout.count, str):
        many = f"{counts}{member_name(layout.count)}"
    else:
        many = f"VM_CAST(uint32_t, {length_constant(context, region)})"
    return f"{counts}{member_name(layout.when)} ? {many} : 0u" if layout.when else many
