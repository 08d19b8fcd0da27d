"""What a script says of a module: the names of its types, and of their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.bit_fields import is_signed, number_in
from vmgen.analysis.called import name_in, names_compiled
from vmgen.languages.python import names
from vmgen.languages.python.known import bits_of, counts_of, names_of
from vmgen.languages.python.module import named
from vmgen.languages.rust.bit_storage import storage_of
from vmgen.schema import model as m
from vmgen.schema.types import Option, Primitive, VmPtr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from vmgen.languages.job import Job
    from vmgen.layout.bit_runs import Run
    from vmgen.layout.parts import Record

BOOL = Primitive("bool")
_RECORDS = (m.Struct, m.Union, m.Newtype, m.Functions)


class Rows:
    """The rows of a script's table, each as Python has it; types are by name."""

    def __init__(self, job: Job) -> None:
        self.module = job.module.name
        self.prefix = job.options.get("prefix", "")
        self.enums: list[str] = []
        self.tagged: list[str] = []
        self.records: list[str] = []
        self.contexts: list[str] = []
        for record in job.records:
            for name in names_compiled(record.declared):
                self._add(name, record.declared)
        self.bits = list(_bit_rows(job.called("rust")))

    def _add(self, name: str, declared: m.Declaration) -> None:
        """A type by one of the names that programs have for it."""
        if isinstance(declared, m.PlainEnum):
            self.enums.append(_row(name, _values(declared)))
        elif isinstance(declared, m.TaggedEnum):
            self.tagged.append(_row(name, _variants(declared)))
        elif isinstance(declared, m.Context):
            self.contexts.append(f'"{name}"')
        elif isinstance(declared, _RECORDS) and not isinstance(
            declared, m.ForeignRecord
        ):
            self.records.append(_row(name, _nullable(declared)))


class Beside:
    """What a script says beside the Python bindings, each row as Python has it."""

    def __init__(self, job: Job) -> None:
        schema = job
        job = job.called("python")
        classes, _ = named(job.module)
        own = {
            classes[record.name]: names.attributes(
                (part.name for part in record.parts), names.RECORD
            )
            for record in job.layouts.records()
        }
        self.names = [
            f'"{name}": {_texts(parts)}'
            for name, parts in sorted(names_of(job.layouts).items())
            if parts != own[name]
        ]
        self.bits = [
            f'("{record}", "{field}"): [{", ".join(map(_bit, bits))}]'
            for (record, field), bits in sorted(bits_of(job.layouts).items())
        ]
        self.counts = [
            _row(context, (f'"{count}": "{path}"' for count, path in stored.items()))
            for context, stored in sorted(counts_of(job.layouts).items())
            if stored
        ]
        pairs = zip(schema.layouts.records(), job.layouts.records(), strict=True)
        self.classes = [
            f'"{name}": "{classes[record.name]}"'
            for by_schema, record in pairs
            for name in sorted({by_schema.name, *names_compiled(by_schema.declared)})
            if name != record.name
        ]


def _texts(texts: Iterable[str]) -> str:
    quoted = ", ".join(f'"{text}"' for text in texts)
    return f"[{quoted}]"


def _bit(bit: tuple[str, int]) -> str:
    name, mask = bit
    return f'("{name}", {mask})'


def _row(name: str, entries: Iterator[str]) -> str:
    return f'"{name}": {{{", ".join(entries)}}}'


def _values(declared: m.PlainEnum) -> Iterator[str]:
    for variant in declared.variants:
        yield f'{variant.value}: "{variant.name}"'


def _nullable(
    declared: m.Struct | m.Union | m.Newtype | m.Functions,
) -> Iterator[str]:
    """The pointers that may be null, which Rust's debug information doesn't make plain."""
    if isinstance(declared, m.Functions):
        return
    fields = (
        [("0", declared.inner)]
        if isinstance(declared, m.Newtype)
        else [(name_in(field, "rust"), field.type) for field in declared.fields]
    )
    for name, type in fields:
        if isinstance(type, Option) and isinstance(type.inner, VmPtr):
            yield f'"{name}": "{type.inner.pointee}"'


def _bit_rows(job: Job) -> Iterator[str]:
    """The records that have bit-fields, by the names of Rust, which has bytes of them: for
    each member of these the layouts that it may have."""
    types = job.module.types
    for record in job.records:
        if not any(part.bits for part in record.parts):
            continue
        storage = storage_of(record, types)
        members = [f'"{name}": []' for name in storage.units]
        for name, run in storage.runs.items():
            layouts = _layouts_of(record, run, types)
            members.append(f'"{name}": [{", ".join(layouts)}]')
        yield f'"{record.name}": {{{", ".join(members)}}}'


def _layouts_of(
    record: Record, run: Run, types: Mapping[str, m.Declaration]
) -> Iterator[str]:
    """What a program's own numbers tell apart: the size of the record, and where in it how
    many bytes are; then the bit-fields in these. Where two layouts with the same numbers
    differ, nobody can tell which one it is."""
    found: dict[tuple[int, int, int], set[str]] = {}
    for index, layout in enumerate(record.layouts):
        fields = []
        for part, first in zip(run.parts, run.first_bits, strict=True):
            number = number_in(part.type, types)
            if index in part.absent or number is None:
                continue
            what = str(part.type) if number == BOOL or number != part.type else ""
            signed = is_signed(number)
            row = (part.name, first[index], part.bits[index].width, signed, what)
            fields.append(str(row).replace("'", '"'))
        key = (layout.size, run.begins[index], run.lengths[index])
        found.setdefault(key, set()).add(f"[{', '.join(fields)}]")
    for key, told in found.items():
        if len(told) == 1:
            yield f"({key}, {told.pop()})"


def _variants(declared: m.TaggedEnum) -> Iterator[str]:
    """Payloads are numbered, since each language calls them differently."""
    payloads = 0
    for variant in declared.variants:
        if variant.text is None:
            yield f'{variant.value}: ("{variant.name}", None)'
        else:
            yield f'{variant.value}: ("{variant.name}", {payloads})'
            payloads += 1
