"""What a script says of a module: the names of its types, and of their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.called import name_in, names_compiled
from vmgen.languages.python import names
from vmgen.languages.python.known import bits_of, counts_of, names_of
from vmgen.languages.python.module import named
from vmgen.schema import model as m
from vmgen.schema.types import Option, VmPtr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vmgen.languages.job import Job

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


def _variants(declared: m.TaggedEnum) -> Iterator[str]:
    """Payloads are numbered, since each language calls them differently."""
    payloads = 0
    for variant in declared.variants:
        if variant.text is None:
            yield f'{variant.value}: ("{variant.name}", None)'
        else:
            yield f'{variant.value}: ("{variant.name}", {payloads})'
            payloads += 1
