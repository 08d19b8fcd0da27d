"""A context's offsets: an expression over counts, as a constructor that adds up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.rust.constants import AccessView, accesses
from vmgen.languages.rust.docs import INDENT, SKIP, doc
from vmgen.languages.rust.names import free, spelled
from vmgen.languages.rust.tables import rounding_row, stride_row
from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.languages.rust.tables import Tables
    from vmgen.layout.parts import Record, Region

METHODS = frozenset({"new", "model", "counts", "fixed", "size", "regions"})
"""Methods of the generated offsets type; a region of that name gets an underscore."""


class CountView(msgspec.Struct, frozen=True):
    """A count: its documentation, its name, `u32` or `bool`."""

    doc: str
    name: str
    type: str


class RegionView(msgspec.Struct, frozen=True):
    """A region: the statements that place it, and its accessor."""

    name: str
    doc: str
    method: str
    statements: list[str]
    returns: str
    result: str
    when: str


class ContextView(msgspec.Struct, frozen=True):
    """One context: the table of its fields, its counts and its regions. `attributes`
    are those of the offsets type and its methods."""

    name: str
    fixed: str
    attributes: str
    counts: list[CountView]
    regions: list[RegionView]
    accesses: list[AccessView]


def context_view(record: Record, tables: Tables) -> ContextView:
    """The view of one context."""
    declared = record.declared
    assert isinstance(declared, m.Context)
    table = tables.regions_name(declared)
    return ContextView(
        name=record.name,
        fixed=tables.name(declared),
        attributes=SKIP if _is_long(declared) else "",
        counts=[
            CountView(doc(c.doc, INDENT), spelled(c.name), "bool" if c.flag else "u32")
            for c in declared.counts
        ],
        regions=[
            _region(index, region, table, rounds=tables.rounds(region))
            for index, region in enumerate(record.regions)
        ],
        accesses=accesses(record.regions),
    )


def _is_long(declared: m.Context) -> bool:
    """Whether rustfmt may break a line about a context."""
    names = [r.name for r in declared.regions] + [c.name for c in declared.counts]
    return len(declared.name) > 36 or any(len(name) > 48 for name in names)


def _region(index: int, region: Region, table: str, *, rounds: bool) -> RegionView:
    source = region.source
    statements = []
    if rounds:
        # A rounding by 1, on some of the models, leaves the offset as it is.
        statements.append(
            f"end = align_up(end, {table}.{rounding_row(region)}.of(model));"
        )
    stride = f"{table}.{stride_row(region)}.of(model)"
    after = f"Region::after(&mut end, {stride}, {_count(source)})"
    statements.append(f"regions[{index}] = {after};")
    held = f"self.regions[{index}]"
    returns, result = "Region", held
    if source.count is None:
        returns, result = "u32", f"{held}.begin()"
    if source.when is not None:
        returns = f"Option<{returns}>"
    return RegionView(
        name=region.name,
        doc=doc(region.doc, INDENT),
        method=region_method(source),
        statements=statements,
        returns=returns,
        result=result,
        when=spelled(source.when) if source.when else "",
    )


def region_method(region: m.Region) -> str:
    """The name of a region's method of the offsets type."""
    return free(spelled(region.name), METHODS)


def _count(region: m.Region) -> str:
    """How many elements a region has, as an expression over `counts`."""
    number = "1" if region.count is None else str(region.count)
    if isinstance(region.count, str):
        number = f"counts.{spelled(region.count)}"
    if region.when is None:
        return number
    return f"if counts.{spelled(region.when)} {{ {number} }} else {{ 0 }}"
