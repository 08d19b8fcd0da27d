"""What a header asserts of every type: its size, its alignment, its offsets.

Each number stands in the header once. Those that code reads at run time, of
contexts, are macros; the assertions name the macro instead of the number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.emit.c.contexts import field_macro, fixed_size_macro, region_macro
from vmgen.emit.c.text import string
from vmgen.schema import model as m
from vmgen.schema.reserved import escaped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.emit.c.declarators import Declarators
    from vmgen.emit.c.models import CModels
    from vmgen.emit.job import Job
    from vmgen.source import Span


Offset = tuple[str, str, str]
"""An offset to be asserted: the member, its line in the schema, its bytes. A schema
has a hundred thousand, so this is the lightest that a template can print."""


class Element(msgspec.Struct, frozen=True):
    """What is asserted of a region: the size of an element against the stride, and
    its alignment against the rounding, where that follows from it."""

    region: str
    line: str
    declaration: str
    stride: str
    rounding: str


class Check(msgspec.Struct, frozen=True):
    """What is asserted of one type; an empty string is not asserted.

    `file` is a string literal, set where the schema's file changes. `last` is a
    context's last fixed field, which ends at `end`.
    """

    name: str
    file: str
    line: str
    size: str
    align: str
    offsets: list[Offset]
    last: str = ""
    end: str = ""
    elements: tuple[Element, ...] = ()


class Checks:
    """Makes the checks of one module, in the order in which they are printed."""

    def __init__(self, job: Job, models: CModels, declarators: Declarators) -> None:
        self._job = job
        self._models = models
        self._declarators = declarators
        self._host = f"({models.host})"
        self._file = ""

    def all(self) -> list[Check]:
        made = (self._check(d) for d in self._job.module.types.values())
        return [check for check in made if check is not None]

    def _check(self, declared: m.Declaration) -> Check | None:
        match declared:
            case m.Struct(fields=fields) | m.Union(fields=fields):
                return self._numbers(declared, _named(fields))
            case m.TaggedEnum(span=span):
                # Tag and payload are not written in the schema, only their enum is.
                return self._numbers(declared, [("tag", span), ("payload", span)])
            case m.Functions(slots=slots):
                return self._numbers(declared, _named(slots))
            case m.PlainEnum() | m.Foreign():
                return self._numbers(declared, [])
            case m.Newtype(inner=inner):
                # A typedef can't raise an alignment; each field of the type does.
                aligned = not self._declarators.of(inner).align
                return self._numbers(declared, [], aligned=aligned)
            case m.Context():
                return self._context(declared)
            case _:
                return None

    def _numbers(
        self,
        declared: m.Declaration,
        members: Sequence[tuple[str, Span]],
        *,
        aligned: bool = True,
    ) -> Check:
        models = self._models
        row = models.numbers(self._job.layouts.row(declared.name))
        first = row[0]
        same = all(r is first or r.offsets == first.offsets for r in row)
        offsets = []
        for index, (member, span) in enumerate(members):
            if same:
                bytes_ = str(first.offsets[index])
            else:
                bytes_ = models.pick([r.offsets[index] for r in row])
            offsets.append((member, str(span.line), bytes_))
        file, line = self._place(declared.span)
        return Check(
            name=declared.name,
            file=file,
            line=line,
            size=models.pick([r.size for r in row]),
            align=models.pick([r.align for r in row]) if aligned else "",
            offsets=offsets,
        )

    def _context(self, context: m.Context) -> Check:
        row = self._models.numbers(self._job.layouts.row(context.name))
        fields = _named(context.fields)
        file, line = self._place(context.span)
        return Check(
            name=context.name,
            file=file,
            line=line,
            size="",
            align=self._models.pick([r.align for r in row]) if context.fields else "",
            offsets=[
                (name, str(f.span.line), field_macro(context, f) + self._host)
                for f, (name, _) in zip(context.fields, fields, strict=True)
            ],
            last=fields[-1][0] if fields else "",
            end=fixed_size_macro(context) + self._host,
            elements=tuple(self._element(context, r) for r in context.regions),
        )

    def _element(self, context: m.Context, region: m.Region) -> Element:
        index = context.regions.index(region)
        row = self._job.contexts[context.name]
        rounds = any(c.regions[index].round_to > 1 for c in row)
        rounding = region_macro(context, region, "ROUNDING") + self._host
        return Element(
            region=region.name,
            line=str(region.span.line),
            declaration=self._declarators.of(region.element).name("it"),
            stride=region_macro(context, region, "STRIDE") + self._host,
            rounding=rounding if rounds and region.align is None else "",
        )

    def _place(self, span: Span) -> tuple[str, str]:
        """The file, if it is another one than before, and the line."""
        file, _, line = self._job.place(span).rpartition(":")
        if file == self._file:
            return "", line
        self._file = file
        return string(file), line


def _named(members: Sequence[m.Field | m.Slot]) -> list[tuple[str, Span]]:
    """Members as C names them, with their places in the schema."""
    return [(escaped(member.name, "C"), member.span) for member in members]
