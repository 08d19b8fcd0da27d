"""Contexts as C: the offsets of one module, computed once and read by accessors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.peel import by_value
from vmgen.languages import notes
from vmgen.languages.c.names import member_name
from vmgen.languages.c.text import INDENT, WIDTH, comment
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.languages.c.declarators import Declarators
    from vmgen.languages.c.models import CModels
    from vmgen.languages.c.names import Names
    from vmgen.layout.parts import Record, Region


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
    """A region; `member` is its name where nothing stands before it, and `len`, `at` and
    `ptr` are its functions. `length` is a C expression of `offsets`, which `varies`
    unless no count decides it. `rounding` is None where no target needs any.

    `pointer` declares what an accessor gives: a pointer to an element, or to `void`
    where an element may be off its alignment, or has no name to point to; then it is
    `untyped`.
    """

    name: str
    member: str
    len: str
    at: str
    ptr: str
    doc: list[str]
    rounding: NumberView | None
    stride: NumberView
    length: str
    varies: bool
    pointer: str
    untyped: bool
    misaligned: bool


class ContextView(msgspec.Struct, frozen=True):
    """All that the template prints of one context, its fixed fields' record aside."""

    name: str
    counts_type: str
    begin_type: str
    offsets_type: str
    init: str
    region: str
    counts: list[CountView]
    fields: list[NumberView]
    fixed_size: NumberView
    regions: list[RegionView]


class Contexts:
    """Makes the views of one module's contexts."""

    def __init__(self, models: CModels, names: Names, declarators: Declarators) -> None:
        self._models = models
        self._names = names
        self._declarators = declarators

    def view(self, record: Record) -> ContextView:
        context = record.declared
        assert isinstance(context, m.Context)
        name, names = record.name, self._names
        return ContextView(
            name=names.type(name),
            counts_type=names.counts(name),
            begin_type=names.begin(name),
            offsets_type=names.offsets(name),
            init=names.function(name, "offsets_init"),
            region=names.function(name, "region"),
            counts=[_count(c) for c in context.counts],
            fields=[
                self._number(names.offset(name, part.name), part.offsets)
                for part in record.parts
            ],
            fixed_size=self._number(
                names.fixed_size(name), (layout.size for layout in record.layouts)
            ),
            regions=[self._region(name, region) for region in record.regions],
        )

    def _number(self, macro: str, row: Iterable[int]) -> NumberView:
        value = self._models.by_model(tuple(row))
        head = f"#define {macro}(model)"
        if len(head) + 1 + len(value) > WIDTH:
            return NumberView(macro, f"{head} \\\n    {value}")
        return NumberView(macro, f"{head} {value}")

    def _region(self, context: str, region: Region) -> RegionView:
        layouts, names = region.layouts, self._names
        first = layouts[0]
        # Targets of one model may align elements differently that are at one offset.
        misaligned = any(layout.misaligned for layout in layouts)
        # To an element; where elements are arrays, to the first one's first.
        element = self._declarators.of(by_value(region.type))
        untyped = misaligned or element.after != ""
        rounds = [layout.round_to for layout in layouts]
        rounding = self._number(names.rounding(context, region.name), rounds)
        strides = [layout.stride for layout in layouts]
        return RegionView(
            name=region.name,
            member=member_name(region.name),
            len=names.function(context, region.name, "len"),
            at=names.function(context, region.name, "at"),
            ptr=names.function(context, region.name, "ptr"),
            doc=comment([notes.of_region(region)], INDENT),
            rounding=rounding if max(rounds) > 1 else None,
            stride=self._number(names.stride(context, region.name), strides),
            length=_length(first.count, first.when),
            varies=isinstance(first.count, str) or first.when is not None,
            pointer=f"{'void ' if untyped else element.before}*VM_NULLABLE",
            untyped=untyped,
            misaligned=misaligned,
        )


def _count(count: m.Count) -> CountView:
    type = "bool" if count.flag else "uint32_t"
    return CountView(comment([count.doc], INDENT), type, member_name(count.name))


def _length(count: str | int, when: str | None) -> str:
    """How many elements a region has, of the counts that `offsets` has."""
    counts = "offsets->counts."
    many = f"{counts}{member_name(count)}" if isinstance(count, str) else f"{count}u"
    return f"{counts}{member_name(when)} ? {many} : 0u" if when else many
