"""`c/<module>_llvm.h`: constants of every part for compilers that are written on LLVM.

Offset, width, alignment, alias region and flags, each a macro. A context's offsets and
strides are those of the module's header, which this one includes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.c.files import included
from vmgen.languages.c.llvm_ranges import ranges
from vmgen.languages.c.models import CModels
from vmgen.languages.c.text import WIDTH, prose
from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render
from vmgen.layout.accesses import Accesses
from vmgen.layout.pointee_aligns import loose_aligns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.analysis.alias_regions import AliasRegion
    from vmgen.analysis.values import Scalar, Value
    from vmgen.languages.c.names import Names
    from vmgen.languages.job import Job
    from vmgen.layout.accesses import Access, Pointee
    from vmgen.layout.parts import Record

ENDING = "_llvm"
"""How the file is called, behind the module's name."""

_ORDERINGS = {
    "relaxed": "VMGEN_RELAXED",
    "acquire_release": "VMGEN_ACQUIRE_RELEASE",
    "seq_cst": "VMGEN_SEQ_CST",
}


class RecordView(msgspec.Struct, frozen=True):
    """A record: what it is called in a comment, and the lines that define its constants."""

    name: str
    lines: list[str]


def constants_header(job: Job) -> Output:
    """The constants of one module. Raises `vmgen.layout.alignment.TooManyStates`."""
    made = _Constants(job)
    module = job.module.name
    records = [view for record in job.records if (view := made.view(record)).lines]
    text = render(
        "c/llvm.h.j2",
        header=[prose(line) for line in header_lines(job.schema, job.command)],
        module=module,
        guard=f"VMGEN_{module.upper()}_LLVM_H",
        includes=[included(job, module), included(job, "vmgen_llvm")],
        prefix=made.prefix,
        function=made.names.llvm_region(module),
        regions=made.regions,
        records=records,
    )
    name = included(job, module).removesuffix(".h")
    return Output(f"c/{name}{ENDING}.h", text)


def runtime_header(job: Job) -> Output:
    """`c/vmgen_llvm.h`, which is the same whatever the schemas."""
    lines = header_lines(None, job.shared_command)
    marks = "".join(f"/* {prose(line)} */\n" for line in lines)
    source = Path(__file__).parent / "runtime" / "vmgen_llvm.h"
    text = source.read_text(encoding="utf-8")
    if "include" in job.options:
        text = text.replace('"vmgen.h"', f'"{included(job, "vmgen")}"')
    return Output(f"c/{included(job, 'vmgen_llvm')}", marks + text)


class _Constants:
    """The constants of one module. `regions` are the names of its alias regions by their
    numbers, and behind them those of other modules that its records are in."""

    def __init__(self, job: Job) -> None:
        self._module = job.module.name
        self.models = CModels(job)
        self.names: Names = self.models.names
        self.prefix = self.names.llvm
        self.accesses = Accesses(job.layouts)
        self.regions = [region.name for region in self.accesses.alias_regions.own]
        self._loose = loose_aligns(self.accesses)
        self._taken: set[str] = set()

    def view(self, record: Record) -> RecordView:
        """The constants of one record."""
        loose = self._loose.get(record.name)
        is_context = bool(record.contexts)
        lines = [
            line
            for access in self.accesses.of_record(record.name)
            for line in self._lines(record.name, access, loose, is_context)
        ]
        return RecordView(record.name, lines)

    def _lines(
        self,
        record: str,
        access: Access,
        loose: Sequence[int] | None,
        is_context: bool,
    ) -> Iterator[str]:
        base = self._base(f"{self.prefix}_{record}_{access.name}")
        if access.offsets:
            offset = self._by_model(access.offsets)
            if is_context:
                offset = f"{self.names.offset(record, access.name)}(model)"
            yield _define(f"{base}_OFFSET(model)", offset)
        value = access.value
        if value is not None and value.scalar is not None:
            scalar = value.scalar
            widths = self._widths(scalar)
            what = "WIDTH"
            if value.array:
                yield _define(f"{base}_COUNT", f"{value.count}u")
                what = "EACH_WIDTH"
            if widths is not None:
                yield _define(f"{base}_{what}(model)", self._listed(widths))
        elif value is not None and value.array:
            yield _define(f"{base}_COUNT", f"{value.count}u")
            yield _define(f"{base}_EACH_SIZE(model)", self._by_model(access.strides))
        aligns = (
            access.aligns if loose is None else tuple(map(min, access.aligns, loose))
        )
        # Of a model, which may be of targets that align a type differently at one offset.
        least = [min(aligns[i] for i in model.classes) for model in self.models.all]
        yield _define(f"{base}_ALIGN(model)", self._listed(least))
        region = access.alias_region
        if region is not None:
            yield _define(f"{base}_REGION", f"{self._number(region)}u")
        yield _define(f"{base}_FLAGS", _either(_flags(access)))
        if access.known_values is not None and value is not None:
            assert value.scalar is not None
            yield from ranges(base, access.known_values, value.scalar.bytes)
        if access.points_to is not None:
            yield from self._pointee(f"{base}_POINTEE", access.points_to)

    def _pointee(self, base: str, pointee: Pointee) -> Iterator[str]:
        """What a pointer leads to, as far as anything is known of it."""
        value = pointee.value
        if value is not None:
            aligns = self._pointee_aligns(value)
            if value.scalar is not None and not value.array:
                widths = self._widths(value.scalar)
                if widths is not None:
                    yield _define(f"{base}_WIDTH(model)", self._listed(widths))
            least = [min(aligns[i] for i in each.classes) for each in self.models.all]
            yield _define(f"{base}_ALIGN(model)", self._listed(least))
        if pointee.dereferenceable is not None:
            bytes = self._by_model(pointee.dereferenceable)
            yield _define(f"{base}_BYTES(model)", bytes)
        region = pointee.alias_region
        number = "VMGEN_NO_REGION" if region is None else f"{self._number(region)}u"
        yield _define(f"{base}_REGION", number)
        yield _define(f"{base}_FLAGS", _either(_pointee_flags(pointee)))

    def _pointee_aligns(self, value: Value) -> Sequence[int]:
        """What a pointer to something is a multiple of, by layout class."""
        layouts = self.accesses.layouts
        known = self._loose.get(value.record)
        if known is not None:
            return known
        return [layouts.extent(value.element, c)[1] for c in layouts.classes]

    def _widths(self, scalar: Scalar) -> list[int] | None:
        """How wide it is on each model; None where one is of targets that differ in it, as
        in C's `long` where no offset depends on that."""
        widths = self.accesses.widths(scalar)
        each = [{widths[i] for i in model.classes} for model in self.models.all]
        if any(len(found) > 1 for found in each):
            return None
        return [min(found) for found in each]

    def _number(self, region: AliasRegion) -> int:
        """The number of a region here. Another module's numbers are none of this one's;
        below another root its nodes of TBAA are others, which only makes code slower.
        """
        if region.module == self._module:
            return region.number
        name = f"{region.module}:{region.name}"
        if name not in self.regions:
            self.regions.append(name)
        return self.regions.index(name)

    def _base(self, name: str) -> str:
        """What the constants of a part begin with, and no other's."""
        free, number = name, 2
        while free in self._taken:
            free, number = f"{name}_{number}", number + 1
        self._taken.add(free)
        return free

    def _by_model(self, row: Sequence[int]) -> str:
        """An expression of a row with an entry per layout class."""
        return self._listed(self.models.numbers(row))

    def _listed(self, numbers: Sequence[int]) -> str:
        """The same of a list with an entry per model."""
        if len(set(numbers)) == 1:
            return f"{numbers[0]}u"
        listed = ", ".join(map(str, numbers))
        return f"{self.names.by_model}(model, {listed})"


def _define(macro: str, value: str) -> str:
    line = f"#define {macro} {value}"
    return line if len(line) <= WIDTH else f"#define {macro} \\\n    {value}"


def _either(flags: Iterable[str]) -> str:
    listed = [*flags]
    return f"({' | '.join(listed)})" if len(listed) > 1 else "".join(listed) or "0u"


def _pointee_flags(pointee: Pointee) -> Iterator[str]:
    if pointee.readonly:
        yield "VMGEN_READONLY"
    if pointee.can_move:
        yield "VMGEN_CAN_MOVE"
    scalar = pointee.value.scalar if pointee.value else None
    if scalar is not None:
        yield from _scalar_flags(scalar)
    if pointee.ordering:
        yield _ORDERINGS[pointee.ordering]
    if pointee.alias_region and pointee.alias_region.indexed:
        yield "VMGEN_INDEXED"


def _flags(access: Access) -> Iterator[str]:
    if access.readonly:
        yield "VMGEN_READONLY"
    if access.can_move:
        yield "VMGEN_CAN_MOVE"
    if access.little_endian:
        yield "VMGEN_LITTLE_ENDIAN"
    if access.volatile:
        yield "VMGEN_VOLATILE"
    scalar = access.value.scalar if access.value else None
    if scalar is not None:
        yield from _scalar_flags(scalar)
    if access.ordering:
        yield _ORDERINGS[access.ordering]
    if access.alias_region and access.alias_region.indexed:
        yield "VMGEN_INDEXED"


def _scalar_flags(scalar: Scalar) -> Iterator[str]:
    if scalar.kind == "pointer":
        yield "VMGEN_POINTER"
        if not scalar.nullable:
            yield "VMGEN_NEVER_NULL"
    if scalar.kind == "float":
        yield "VMGEN_FLOAT"
    if scalar.signed:
        yield "VMGEN_SIGNED"
    if scalar.of_c is not None and scalar.of_c.is_signed is None:
        yield "VMGEN_CHAR"
    if scalar.nonzero:
        yield "VMGEN_NEVER_ZERO"
