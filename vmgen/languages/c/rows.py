"""The layout as a header has it, a row to a number, each of which is an assertion.

`templates/c/module.h.j2` defines the rows as macros. The first member of a struct and
all of a union are where their record begins, in C as in Rust, and have no row. What code
reads at run time, of contexts, is a macro with the number; its row names that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.c.declarations import variant_member
from vmgen.languages.c.names import member_name
from vmgen.languages.c.text import under
from vmgen.languages.language import Declarer
from vmgen.languages.memo import Memo
from vmgen.layout.inside import is_anonymous, members
from vmgen.schema import model as m
from vmgen.schema.types import OpenArray

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.languages.c.declarators import Declarators
    from vmgen.languages.c.models import CModels
    from vmgen.languages.c.names import Names
    from vmgen.languages.job import Job
    from vmgen.layout.parts import Part, Record, Region
    from vmgen.schema.types import Type


class Rows(Declarer[list[str]]):
    """Makes the rows of one module, record by record."""

    def __init__(
        self, job: Job, models: CModels, names: Names, declarators: Declarators
    ) -> None:
        self._layouts = job.layouts
        self._models = models
        self._names = names
        self._declarators = declarators
        self._sizes: dict[Type, tuple[int, ...]] = {}
        self._listed = Memo[tuple[int, ...], tuple[str, str]](
            lambda row: models.listed(tuple(models.numbers(row)))
        )

    def struct(self, record: Record, declared: m.Struct) -> list[str]:
        if m.is_prefix(declared):
            return [*self._members(record)]
        return [self._whole(record), *self._members(record)]

    def union(self, record: Record, declared: m.Union) -> list[str]:
        at_0 = len(record.parts)
        if any(map(is_anonymous, record.parts)):
            # Not all of what it is made of is at its begin.
            at_0 = 0
        return [self._whole(record), *self._members(record, at_0)]

    def tagged_enum(self, record: Record, declared: m.TaggedEnum) -> list[str]:
        payload, origin = self._names.payload(record.name), (0,) * len(record.layouts)
        arrays = [
            self._array(payload, variant_member(variant), variant.text.type, origin)
            for variant in declared.variants
            if variant.text and self._declarators.of(variant.text.type).is_array
        ]
        return [self._whole(record), *self._members(record), *arrays]

    def functions(self, record: Record, declared: m.Functions) -> list[str]:
        return [self._whole(record), *self._members(record)]

    def foreign(self, record: Record, declared: m.Foreign) -> list[str]:
        return [self._whole(record)]

    def foreign_record(self, record: Record, declared: m.ForeignRecord) -> list[str]:
        if declared.c is None:
            return self.struct(record, declared)
        # What the schema has in mind may be larger than what is there, and move nothing.
        type = self._names.type(record.name)
        listed = [
            self._array(type, member_name(part.name), part.type, part.offsets)
            for part in members(record.name, self._layouts)
            if not part.bits
        ]
        return [self._whole(record), *listed]

    def opaque(self, record: Record, declared: m.Opaque) -> list[str]:
        return []

    def plain_enum(self, record: Record, declared: m.PlainEnum) -> list[str]:
        return [self._whole(record, "TYPEDEF")]

    def newtype(self, record: Record, declared: m.Newtype) -> list[str]:
        if self._declarators.of(declared.inner).align:
            # A typedef can't raise an alignment; each field of the type does.
            size = self._models.of_host([layout.size for layout in record.layouts])
            return [f"VMGEN_SIZE({self._names.type(record.name)}, {size});"]
        return [self._whole(record, "TYPEDEF")]

    def context(self, record: Record, declared: m.Context) -> list[str]:
        name, type, host = record.name, self._names.type(record.name), self._names.host
        end = f"{self._names.fixed_size(name)}({host})"
        rows = []
        if record.parts:
            align = self._models.of_host([layout.align for layout in record.layouts])
            rows.append(f"VMGEN_ALIGN({type}, {align});")
            for part in record.parts:
                member = member_name(part.name)
                numbers = f"{self._names.offset(name, part.name)}({host})"
                is_array = self._declarators.of(part.type).is_array
                if is_array:
                    numbers += f", {self._models.of_host(self._size(part.type))}"
                what = "ARRAY" if is_array else "OFFSET"
                row = f"VMGEN_{what}({type}, {member}, {numbers});"
                rows += under(part.on, [row])
            rows.append(_end(type, record.parts, end))
        else:
            rows.append(f"VMGEN_BEGIN({type}, {end});")
        rows += [row for r in record.regions for row in self._region(record, r)]
        if declared.flexible:
            (region,) = record.regions
            begins = [layout.begin({}) for layout in region.layouts]
            about = f"{type}, {member_name(region.name)}"
            begin = self._models.of_host(begins)
            rows.append(
                "#if !defined(__cplusplus)\n"
                f"VMGEN_OFFSET({about}, {begin});\n"
                "#endif"
            )
        return rows

    def _whole(self, record: Record, what: str = "RECORD") -> str:
        """Size and alignment."""
        layouts = self._models.numbers(record.layouts)
        sizes = tuple([layout.size for layout in layouts])
        aligns = tuple([layout.align for layout in layouts])
        listed = self._models.listed(sizes, aligns)
        return _row(what, self._names.type(record.name), listed)

    def _members(self, record: Record, at_0: int = 1) -> Iterator[str]:
        """The offsets of parts, but for so many at 0; and of all that are arrays the
        sizes too, since a wrong length moves nothing where what pads the next member
        takes it up."""
        type = self._names.type(record.name)
        for index, part in enumerate(members(record.name, self._layouts)):
            if part.bits:
                # It has no offset in C. The rule by which it is placed is measured.
                continue
            # One of any length has no size.
            of_size = part.role == "field" and not isinstance(part.type, OpenArray)
            if of_size and self._declarators.of(part.type).is_array:
                name = member_name(part.name)
                row = self._array(type, name, part.type, part.offsets)
                yield from under(part.on, [row])
            elif index >= at_0 or part.on is not None:
                about = f"{type}, {member_name(part.name)}"
                row = _row("OFFSET", about, self._listed[part.offsets])
                yield from under(part.on, [row])

    def _array(
        self, record: str, member: str, type: Type, offsets: tuple[int, ...]
    ) -> str:
        differ, listed = self._listed[offsets]
        size = self._models.of_host(self._size(type))
        return f"VMGEN_ARRAY{differ}({record}, {member}, {listed}, {size});"

    def _size(self, type: Type) -> tuple[int, ...]:
        """Per layout class, in bytes."""
        sizes = self._sizes.get(type)
        if sizes is None:
            layouts = self._layouts
            sizes = tuple(layouts.extent(type, c)[0] for c in layouts.classes)
            self._sizes[type] = sizes
        return sizes

    def _region(self, record: Record, region: Region) -> Iterator[str]:
        """The size of an element against the stride, and its alignment against the
        rounding where this follows from it."""
        name, host = self._names.identifier(record.name), self._names.host
        it = self._declarators.of(region.type).name("it")
        what = f"{name}, {member_name(region.name)}"
        yield f"struct vmgen_in_{name}_{member_name(region.name)} {{ char before; {it}; }};"
        stride = self._names.stride(record.name, region.name)
        yield f"VMGEN_ELEMENT({what}, {stride}({host}));"
        roundings = {layout.round_to for layout in region.layouts}
        if max(roundings) > 1:
            rounding = self._names.rounding(record.name, region.name)
            assertion = "ROUNDING"
            if region.source.align is None:
                # Where it is proved to change nothing, it is 1.
                assertion = "NATURAL_OR_1" if 1 in roundings else "NATURAL"
            yield f"VMGEN_{assertion}({what}, {rounding}({host}));"


def _row(what: str, about: str, numbers: tuple[str, str]) -> str:
    """A row of what `CModels.listed` says of its numbers."""
    differ, listed = numbers
    return f"VMGEN_{what}{differ}({about}, {listed});"


def _end(type: str, parts: Sequence[Part], end: str) -> str:
    """The row of where the fixed fields of a context end, behind the last that is there."""
    *others, last = parts
    row = f"VMGEN_END({type}, {member_name(last.name)}, {end});"
    if last.on is None:
        return row
    other = _end(type, others, end) if others else f"VMGEN_BEGIN({type}, {end});"
    return f"#if {last.on.c}\n{row}\n#else\n{other}\n#endif"
