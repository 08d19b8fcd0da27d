"""`src/<module>_cranelift.rs`: handles that emit loads and stores in Cranelift's IR.

Numbers are those of the offsets' tables, chosen by the target when the compiler runs. What
each part is to a compiler is what `vmgen.layout.accesses` says of it; here that gets types,
so that what a part doesn't allow is a method that it doesn't have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.header import header_lines
from vmgen.languages.render import render
from vmgen.languages.rust.context_offsets import region_method
from vmgen.languages.rust.cranelift_values import SlotView, Values
from vmgen.languages.rust.crates import INDICES, NUMBERED, modules_too
from vmgen.languages.rust.docs import INDENT, doc
from vmgen.languages.rust.index_types import (
    ImportView,
    IndexTypes,
    indices_of,
    method_at,
)
from vmgen.languages.rust.lints import of_names
from vmgen.languages.rust.names import free, spelled
from vmgen.layout.accesses import Access
from vmgen.layout.parts import Part, Region
from vmgen.schema import model as m
from vmgen.text import snake_case

if TYPE_CHECKING:
    from vmgen.languages.job import Output
    from vmgen.languages.rust.tables import Tables
    from vmgen.layout.parts import Record

METHODS = frozenset({"of", "relative_to", "address", "inside", "holds", "with_counts"})
"""Methods of every record's handles; a part of that name gets an underscore."""


class MethodView(msgspec.Struct, frozen=True):
    """A method: its finished documentation, its name and what it takes, what it gives, and
    the lines of its body."""

    doc: str
    name: str
    returns: str
    body: list[str]


class RegionsView(msgspec.Struct, frozen=True):
    """The regions of a context: the type that has their handles, and its methods; `cfg`
    are finished lines before each item about them."""

    type: str
    cfg: str
    methods: list[MethodView]


class RecordView(msgspec.Struct, frozen=True):
    """A record: its handles, the method that gives them, and its constants. `lower` is the
    number of bytes that it is aligned to wherever it is pointed to, if its parts ask for
    more."""

    name: str
    doc: str
    handles: str
    method: str
    table: str
    lower: str
    methods: list[MethodView]
    slots_type: str
    slots: list[SlotView]
    regions: RegionsView | None


def cranelift_file(tables: Tables) -> Output:
    """The handles of one module."""
    return _Handles(tables).file()


class _Handles:
    """What the file is made of."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.job = tables.job
        self.module = tables.job.module
        self.values = Values(tables)
        self.index_types = IndexTypes(self.module)
        self.indices = self.index_types.names
        # What the project declares may be there under a condition alone.
        self.given = INDICES in self.job.options
        self.method = method_at(self.job.options.get(NUMBERED, ""))
        self.by_method = free("ByMethod", self.indices)

    def file(self) -> Output:
        """The finished file."""
        job = self.job
        taken = {"new", "of_isa", "model", "pointer_type"}
        found = [r for r in job.records if self.values.has_handles(r.name)]
        records = [self._record(record, taken) for record in found]
        path = job.options.get(INDICES, "")
        imports = self.index_types.imports() if self.given else []
        if not path and "places" in modules_too(job.options):
            path = f"super::{self.module.name}_places"
            imports = [ImportView("", self.indices)] if self.indices else []
        return self.tables.crates.offsets_file(
            f"{self.module.name}_cranelift.rs",
            render(
                "rust/cranelift.rs.j2",
                header=header_lines(job.schema, job.command),
                lints=of_names(self.module, in_methods=True),
                module=self.module.name,
                offsets=self.tables.module,
                handles=free("Handles", self.indices),
                others=sorted(self.values.others),
                indices_path=path,
                imports=imports,
                own_indices=[] if self.given else self.indices,
                numbered=self.method,
                by_method=self.by_method,
                records=records,
            ),
        )

    def _record(self, record: Record, taken: set[str]) -> RecordView:
        table = self.tables.name(record.declared)
        lower = self.values.lower.get(record.name)
        handles = self.values.type(record.name)
        used: set[str] = set(METHODS)
        slots: list[SlotView] = []
        methods: list[MethodView] = []
        elements: list[MethodView] = []
        names: set[str] = set()
        for access in self.values.accesses.of_record(record.name):
            slot = self.values.slot(record, access, table, names)
            if slot is not None:
                slots.append(slot)
            if access.role == "element":
                elements.append(self._element(record, access, slot))
            else:
                methods.append(self._part(record, access, slot, table, used))
        regions = None
        if isinstance(record.declared, m.Context):
            cfg = self.index_types.condition_of(record.declared) if self.given else ""
            type = self.values.free(f"{record.name}Regions")
            regions = RegionsView(type, cfg, elements)
        method = free(spelled(snake_case(record.name)), taken)
        taken.add(method)
        return RecordView(
            name=record.name,
            doc=doc(f"Handles of the parts of `{record.name}`.", INDENT),
            handles=handles,
            method=method,
            table=table,
            lower="" if lower is None else str(lower),
            methods=methods,
            slots_type=self.values.free(f"{record.name}Slots"),
            slots=slots,
            regions=regions,
        )

    def _part(
        self,
        record: Record,
        access: Access,
        slot: SlotView | None,
        table: str,
        used: set[str],
    ) -> MethodView:
        part = access.part
        assert isinstance(part, Part)
        if access.role == "variant":
            name = f"payload_{snake_case(access.name)}"
            text = f"What a `{access.name}` has behind its tag."
        else:
            name = spelled(part.name)
            text = part.doc or f"`{record.name}.{access.name}`."
        method = free(name, used)
        used.add(method)
        count = str(access.value.count) if access.value and access.value.array else ""
        slots = self.values.free(f"{record.name}Slots")
        whole = self.values.whole(access, slot, slots, count, "u32")
        row = f"offsets::{table}.{spelled(part.name)}"
        return MethodView(
            doc(text, INDENT),
            f"{method}(self)",
            whole.type,
            [whole.made.format(f"self.inside({row})")],
        )

    def _counted_by(self, index: str) -> str:
        """The type that has the numbers of elements, which are told apart by `index`."""
        if not index:
            return "u32"
        return f"{self.by_method}<{index}>" if self.method else index

    def _element(
        self, record: Record, access: Access, slot: SlotView | None
    ) -> MethodView:
        declared = record.declared
        region = access.part
        assert isinstance(declared, m.Context)
        assert isinstance(region, Region)
        source = region.source
        indices = indices_of(declared)
        method = region_method(source)
        slots = self.values.free(f"{record.name}Slots")
        after = "?" if source.when is not None else ""
        if source.count is None:
            inner = access.value
            count = str(inner.count) if inner is not None and inner.array else ""
            whole = self.values.whole(access, slot, slots, count, "u32")
            lines = [f"let begin = self.offsets.{method}(){after};"]
            place = "self.place.inside(begin)"
        else:
            index = self._counted_by(indices.get(str(source.count), ""))
            whole = self.values.elements(access, slot, slots, index)
            lines = [f"let region = self.offsets.{method}(){after};"]
            place = "self.place.inside(region.begin())"
        made = whole.made.format(place)
        returns = whole.type
        if source.when is not None:
            made, returns = f"Some({made})", f"Option<{returns}>"
        text = region.doc or f"`{record.name}.{region.name}`."
        name = spelled(region.name)
        return MethodView(doc(text, INDENT), f"{name}(self)", returns, [*lines, made])
