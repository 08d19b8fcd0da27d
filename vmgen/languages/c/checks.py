"""What a header asserts of every type: its size, its alignment, its offsets.

`templates/c/module.h.j2` defines the assertions as macros. What code reads at run time,
of contexts, and what a record is told of its alignment, has a name; its assertion gives
that instead of the number, which stands in the header once. The length of a region,
which no compiler measures, stands there twice.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.c.contexts import field_macro, fixed_size_macro, region_macro
from vmgen.languages.c.text import member_name, string
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.languages.c.declarators import Declarators
    from vmgen.languages.c.models import CModels
    from vmgen.languages.c.records import Records
    from vmgen.languages.job import Job
    from vmgen.layout.place import RecordLayout
    from vmgen.reading.source import SourceFile, Span
    from vmgen.schema.types import Type


class Check(msgspec.Struct, frozen=True):
    """The assertions about one type, as lines; and the schema's file as a string
    literal, where it is another one than before."""

    file: str
    lines: str


class Checks:
    """Makes the checks of one module, in the order in which they are printed.

    `records` has made the declarations that they are about.
    """

    def __init__(
        self, job: Job, models: CModels, declarators: Declarators, records: Records
    ) -> None:
        self._job = job
        self._models = models
        self._declarators = declarators
        self._records = records
        self._host = f"({models.host})"
        self._sizes: dict[Type, str] = {}

    def all(self) -> Iterator[Check]:
        file: SourceFile | None = None
        for declared in self._job.module.types.values():
            lines = self._lines(declared)
            if lines:
                changed = declared.span.file is not file
                file = declared.span.file
                yield Check(self._file(declared.span) if changed else "", lines)

    def _lines(self, declared: m.Declaration) -> str:
        match declared:
            case m.Struct(fields=fields) | m.Union(fields=fields):
                lines = self._numbers(declared, _named(fields))
            case m.TaggedEnum(span=span):
                # Tag and payload are not written in the schema, only their enum is.
                lines = self._numbers(declared, [("tag", span), ("payload", span)])
            case m.Functions(slots=slots):
                lines = self._numbers(declared, _named(slots))
            case m.PlainEnum() | m.Foreign():
                lines = self._numbers(declared, [])
            case m.Newtype(inner=inner):
                # A typedef can't raise an alignment; each field of the type does.
                aligned = not self._declarators.of(inner).align
                lines = self._numbers(declared, [], aligned=aligned)
            case m.Context():
                lines = list(self._context(declared))
            case _:
                lines = []
        return "\n".join(lines)

    def _numbers(
        self,
        declared: m.Declaration,
        members: Sequence[tuple[str, Span]],
        *,
        aligned: bool = True,
    ) -> list[str]:
        name, models = declared.name, self._models
        row = models.numbers(self._job.layouts.row(name))
        offsets = map(models.listed, zip(*[r.offsets for r in row], strict=True))
        line_of = partial(bisect_right, declared.span.file.line_starts)
        line = line_of(declared.span.start)
        size = f"VMGEN_SIZE({line}, {name}, {models.pick(r.size for r in row)});"
        align = f"VMGEN_ALIGN({line}, {name}, {self._align(declared, row)});"
        return [
            *([size, align] if aligned else [size]),
            *[
                f"VMGEN_OFFSET{s}({line_of(span.start)}, {name}, {member}, {bytes_});"
                for (member, span), (s, bytes_) in zip(members, offsets, strict=True)
            ],
            *self._arrays(declared),
        ]

    def _context(self, context: m.Context) -> Iterator[str]:
        name, line, host = context.name, context.span.line, self._host
        end = fixed_size_macro(context) + host
        if context.fields:
            row = self._models.numbers(self._job.layouts.row(name))
            yield f"VMGEN_ALIGN({line}, {name}, {self._align(context, row)});"
            for field in context.fields:
                member, macro = member_name(field.name), field_macro(context, field)
                what = f"{field.span.line}, {name}, {member}"
                yield f"VMGEN_OFFSET({what}, {macro}{host});"
            yield from self._arrays(context)
            yield f"VMGEN_END({line}, {name}, {member}, {end});"
        else:
            yield f"VMGEN_BEGIN({line}, {name}, {end});"
        for index, region in enumerate(context.regions):
            yield from self._region(context, region, index)

    def _region(
        self, context: m.Context, region: m.Region, index: int
    ) -> Iterator[str]:
        """The size of an element against the stride, its alignment against the rounding
        where this follows from it, and the number of elements where no count is it."""
        row = [c.regions[index] for c in self._job.contexts[context.name]]
        it = self._declarators.of(region.element).name("it")
        yield (
            f"struct vmgen_in_{context.name}_{region.name} {{ char before; {it}; }};"
        )
        what = f"{region.span.line}, {context.name}, {region.name}"
        stride = region_macro(context, region, "STRIDE") + self._host
        yield f"VMGEN_ELEMENT({what}, {stride});"
        if isinstance(row[0].count, int):
            yield f"VMGEN_LENGTH({what}, {row[0].count});"
        if any(r.round_to > 1 for r in row):
            rounding = region_macro(context, region, "ROUNDING") + self._host
            assertion = "NATURAL" if region.align is None else "ROUNDING"
            yield f"VMGEN_{assertion}({what}, {rounding});"

    def _align(self, declared: m.Declaration, row: Sequence[RecordLayout]) -> str:
        named = self._records.aligned.get(declared.name)
        return named or self._models.pick(r.align for r in row)

    def _arrays(self, declared: m.Declaration) -> list[str]:
        """The sizes of members that are arrays. A wrong length moves nothing where what
        pads the next member takes it up."""
        return [
            f"VMGEN_ARRAY({span.line}, {owner}, {member}, {self._size(type)});"
            for owner, member, span, type in self._records.arrays.get(declared.name, ())
        ]

    def _size(self, type: Type) -> str:
        size = self._sizes.get(type)
        if size is None:
            layouts = self._job.layouts
            row = [layouts.extent(type, c)[0] for c in layouts.classes]
            size = self._sizes[type] = self._models.pick(self._models.numbers(row))
        return size

    def _file(self, span: Span) -> str:
        return string(self._job.path(span.file))


def _named(members: Sequence[m.Field | m.Slot]) -> list[tuple[str, Span]]:
    """Members as C names them, with their places in the schema."""
    return [(member_name(member.name), member.span) for member in members]
