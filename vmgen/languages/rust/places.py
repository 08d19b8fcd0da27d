"""`src/<module>_places.rs`: offsets as methods, typed indices, and what parts hold.

The numbers are those of the offsets' tables. Here they get names and types in the shape
that compilers take: an integer as small as the schema promises, a record that is held by
value as a place with parts of its own, an index that is of one thing alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.called import module_in
from vmgen.analysis.values import Value, value_of
from vmgen.languages.header import header_lines
from vmgen.languages.render import render
from vmgen.languages.rust.conditions import Conditions, cfg_lines
from vmgen.languages.rust.context_offsets import region_method
from vmgen.languages.rust.crates import INDICES, NUMBERED
from vmgen.languages.rust.docs import INDENT, doc
from vmgen.languages.rust.index_types import IndexTypes, method_at
from vmgen.languages.rust.kinds import CONSTANTS, constant_of
from vmgen.languages.rust.lints import of_names
from vmgen.languages.rust.names import free, local, spelled
from vmgen.languages.rust.places_views import (
    ContextView,
    PartView,
    PlaceView,
    RegionView,
    SignaturesView,
    UsedView,
)
from vmgen.languages.rust.tables import size_in_module
from vmgen.layout.parts import Part, Region
from vmgen.schema import model as m
from vmgen.schema.types import FnPointer
from vmgen.text import screaming_case, snake_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.languages.job import Job, Output
    from vmgen.languages.rust.tables import Tables
    from vmgen.layout.parts import Record

_IMPORTED = ("Access", "DataModel", "Region")
_OWN = ("Elements", "Function", "Index", "Kind", "Parameter", "Part", "Place", "Places")
_TRAIT = frozenset({"data_model"})


def places_file(tables: Tables) -> Output:
    """The places of one module."""
    job = tables.job
    return _Places(tables, job.module.types).file(job)


class _Places:
    """What the file is made of."""

    def __init__(self, tables: Tables, types: Mapping[str, m.Declaration]) -> None:
        self.tables = tables
        self.types = types
        records = [
            r for r in tables.job.records if not isinstance(r.declared, m.Opaque)
        ]
        self.with_parts = {r.name: r for r in records if r.parts or r.regions}
        self.sized = [r for r in records if r.name not in self.with_parts]
        self.conditions = Conditions(tables.job.module)
        self.index_types = IndexTypes(tables.job.module)
        self.indices = self.index_types.names
        self.kinds: set[str] = set()
        self.used: dict[str, UsedView] = {}
        self.names = {name: local(name, self.indices) for name in (*_IMPORTED, *_OWN)}
        self.elements = {
            element
            for record in records
            for region in record.regions
            if (element := self._inner(region))
        }
        self.offsets = self._offset_types()

    def file(self, job: Job) -> Output:
        """The finished file."""
        path = job.options.get(INDICES, "")
        taken = set(_TRAIT)
        records = [self._record(r, taken) for r in self.with_parts.values()]
        sizes = [self._record(r, taken) for r in self.sized]
        contexts = [r for r in job.records if isinstance(r.declared, m.Context)]
        tables = [r for r in job.records if isinstance(r.declared, m.Functions)]
        signatures = [self._signatures(record) for record in tables]
        return self.tables.crates.offsets_file(
            f"{job.module.name}_places.rs",
            render(
                "rust/places.rs.j2",
                header=header_lines(job.schema, job.command),
                lints=of_names(job.module, in_methods=True),
                module=job.module.name,
                offsets=self.tables.module,
                use=self._use(bool(contexts)),
                n=self.names,
                indices_path=path,
                imports=self.index_types.imports() if path else [],
                numbered=method_at(job.options.get(NUMBERED, "")),
                declared=[] if path else self.indices,
                constants=[(n, k) for n, k in CONSTANTS.items() if n in self.kinds],
                records=records,
                sizes=sizes,
                contexts=[self._context(record) for record in contexts],
                signatures=signatures,
                used=sorted(self.used.values(), key=lambda view: view.constant),
                targets=[model.targets[0] for model in self.tables.models.all],
                **self.tables.message_texts(),
            ),
        )

    def _use(self, regions: bool) -> str:
        """The import of what is as it is in the offsets."""
        names = _IMPORTED if regions else _IMPORTED[:-1]
        known = [
            name if self.names[name] == name else f"{name} as {self.names[name]}"
            for name in names
        ]
        return f"use super::{self.tables.module}::{{{', '.join(known)}}};\n"

    def _offset_types(self) -> dict[str, list[str]]:
        """The integers that each record's offsets are needed as: that which the schema
        asks for, and those of what holds the record by value."""
        found = {name: [self._asked(r)] for name, r in self.with_parts.items()}
        waiting = [(name, offset) for name, (offset,) in found.items()]
        for element in self.elements:
            _add(found, waiting, element, "u32")
        while waiting:
            name, offset = waiting.pop()
            for part in self.with_parts[name].parts:
                inner = self._inner(part)
                if inner:
                    _add(found, waiting, inner, offset)
        return found

    def _asked(self, record: Record) -> str:
        asked = record.declared.offset_type
        return asked.text if asked else "u32"

    def _holds(self, part: Part | Region) -> Value | None:
        """What a part holds; None if that has no size that is known."""
        if isinstance(part, Part) and part.role == "payload":
            # As many bytes as its variant has.
            return None
        if isinstance(part, Part) and part.bits:
            # A part of bytes that it shares, which have an address and nothing else.
            return None
        return value_of(part.type, self.types)

    def _inner(self, part: Part | Region) -> str:
        """The record with a place of its own that a part is; or nothing."""
        found = self._holds(part)
        if found is None or found.count != 1:
            return ""
        return found.record if found.record in self.with_parts else ""

    def _record(self, record: Record, taken: set[str]) -> PlaceView:
        plain: list[PartView] = []
        inner: list[PartView] = []
        for part in record.parts:
            name = spelled(part.name)
            within = self._inner(part)
            if within:
                inner.append(PartView(name, f"{within}At{_access(part)}"))
            else:
                plain.append(PartView(name, self._held(part)))
        method = _method(spelled(snake_case(record.name)), taken)
        table = next(iter(self.tables.of(record)))
        return PlaceView(
            name=record.name,
            doc=doc(f"Where a `{record.name}` is, and its parts are.", INDENT),
            method=method,
            size_method=_method(_size_of(record), taken),
            offset=self._asked(record),
            offsets=self.offsets.get(record.name, []),
            table=table.name,
            size_row=table.rows[0].name,
            parts=plain,
            inner=inner,
            elements=[
                PartView(region_method(r.source), self._held(r)) for r in record.regions
            ],
            is_element=record.name in self.elements,
        )

    def _held(self, part: Part | Region) -> str:
        """What a part holds, as an expression of Rust."""
        within = self._inner(part)
        text = f"{within}At::<u32>::WHOLE" if within else self._kind(self._holds(part))
        return text + _access(part)

    def _kind(self, found: Value | None) -> str:
        part, kind = self.names["Part"], self.names["Kind"]
        if found is None or (found.scalar and found.scalar.of_c):
            return f"{part}::of({kind}::Other)"
        if found.scalar is None:
            text = self._size_of(found.record)
        else:
            text = constant_of(found.scalar)
            self.kinds.add(text)
        return text if found.count == 1 else f"{text}.times({found.count})"

    def _size_of(self, name: str) -> str:
        """A record that is held without a place of its own."""
        part, kind = self.names["Part"], self.names["Kind"]
        job = self.tables.job
        for record in job.records:
            if record.name == name:
                table = next(iter(self.tables.of(record)))
                return f"{part}::record(offsets::{table.name}.{table.rows[0].name})"
        if name not in self.used:
            # That module's tables have its own data models.
            row = self.tables.models.numbers(job.layouts.row(name))
            sizes = ", ".join(str(layout.size) for layout in row)
            module = job.module.used[name]
            (its,) = (each for each in job.module.modules_used if each.name == module)
            its = module_in(its, "rust")
            self.used[name] = UsedView(
                f"{screaming_case(name)}_WHOLE",
                f"{part}::of({kind}::Record([{sizes}]))",
                name,
                module,
                *size_in_module(self.types[name], its),
            )
        return self.used[name].constant

    def _context(self, record: Record) -> ContextView:
        declared = record.declared
        assert isinstance(declared, m.Context)
        indices = {c.name: c.index.text for c in declared.counts if c.index is not None}
        condition = self.conditions.of(record.name)
        return ContextView(
            record.name,
            cfg_lines([condition.text] if condition else []),
            [self._region(region, indices) for region in record.regions],
        )

    def _region(self, region: Region, indices: Mapping[str, str]) -> RegionView:
        source = region.source
        element = self._inner(region)
        place = f"{element}At<u32>" if element else "u32"
        method = region_method(source)
        if source.count is None:
            returns = place
            made = f"{self.names['Place']}::at(self.0.model(), {{}})"
        else:
            index = indices.get(str(source.count), "u32")
            returns = f"{self.names['Elements']}<{index}, {place}>"
            made = f"{self.names['Elements']}::new(self.0.model(), {{}})"
        body = made.format(f"self.0.{method}()")
        if source.when is not None:
            returns = f"Option<{returns}>"
            body = f"Some({made.format(f'self.0.{method}()?')})"
        return RegionView(doc(region.doc, INDENT), method, returns, body)

    def _signatures(self, record: Record) -> SignaturesView:
        declared = record.declared
        assert isinstance(declared, m.Functions)
        slots = [
            f"{index} {spelled(slot.name)} {self._signature(slot.signature)};"
            for index, slot in enumerate(declared.slots)
        ]
        return SignaturesView(
            doc(f"The functions of `{record.name}`.", INDENT),
            f"{screaming_case(record.name)}_SIGNATURES",
            f"{record.name}Signatures",
            slots,
        )

    def _signature(self, signature: FnPointer) -> str:
        listed = ", ".join(
            f'"{p.name}": {self._kind(value_of(p.type, self.types))}'
            for p in signature.params
        )
        if signature.result is None:
            return f"({listed})"
        return f"({listed}) -> {self._kind(value_of(signature.result, self.types))}"


def _access(part: Part | Region) -> str:
    """What may be assumed of a part, as calls of methods."""
    named = ("readonly", "can_move")
    calls = [flag for flag in named if flag in part.access]
    if isinstance(part, Part) and part.little_endian:
        calls.append("little_endian")
    return "".join(f".{call}()" for call in calls)


def _add(
    found: dict[str, list[str]], waiting: list[tuple[str, str]], name: str, offset: str
) -> None:
    if offset not in found[name]:
        found[name].append(offset)
        waiting.append((name, offset))


def _size_of(record: Record) -> str:
    """What the method for a record's size is called; a context's is of its fields alone."""
    part = isinstance(record.declared, m.Context) or m.is_prefix(record.declared)
    fixed = "fixed_" if part else ""
    return f"size_of_{fixed}{snake_case(record.name)}"


def _method(name: str, taken: set[str]) -> str:
    """A name for a method that no other has."""
    name = free(name, taken)
    taken.add(name)
    return name
