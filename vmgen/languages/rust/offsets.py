"""`src/<module>_offsets.rs`: every target's numbers, for a compiler.

A compiler may compile for another target than its own, so that nothing here is
measured: each part has a row with a number for each data model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render
from vmgen.languages.rust.constants import (
    PORTABLE,
    AccessView,
    ConstantView,
    accesses,
    constant,
    hexadecimal,
    tags,
)
from vmgen.languages.rust.crates import modules_too
from vmgen.languages.rust.lints import of_names
from vmgen.languages.rust.tables import pieces
from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.languages.rust.context_offsets import ContextView
    from vmgen.languages.rust.tables import Table, Tables
    from vmgen.layout.parts import Record


class OffsetsView(msgspec.Struct, frozen=True):
    """What there is of one record: its tables, what may be assumed of its fields, and of
    an enum its values, of `tag_type`."""

    name: str
    tables: list[Table]
    accesses: list[AccessView]
    tag_type: str
    tags: list[ConstantView]


def offsets_file(tables: Tables) -> Output:
    """The numbers of one module."""
    job = tables.job
    records = [offsets_view(record, tables) for record in job.records]
    contexts = _contexts(tables)
    described = [*(r.accesses for r in records), *(c.accesses for c in contexts)]
    return tables.crates.offsets_file(
        f"{tables.module}.rs",
        render(
            "rust/offsets.rs.j2",
            header=header_lines(job.schema, job.command),
            lints=of_names(job.module),
            module=job.module.name,
            constants=[constant(c) for c in job.constants],
            models=tables.views(),
            here=f"[{', '.join(tables.measured)}]",
            records=records,
            contexts=contexts,
            has_access=any(described) or "places" in modules_too(job.options),
            seed=hexadecimal(tables.fingerprints.seed),
            fingerprint=hexadecimal(tables.fingerprints.of_file()),
            pieces=pieces([table for r in records for table in r.tables]),
            **tables.message_texts(),
        ),
    )


def _contexts(tables: Tables) -> list[ContextView]:
    records = [r for r in tables.job.records if isinstance(r.declared, m.Context)]
    if not records:
        return []
    from vmgen.languages.rust.context_offsets import context_view

    return [context_view(record, tables) for record in records]


def offsets_view(record: Record, tables: Tables) -> OffsetsView:
    """What the offsets have of a declared type."""
    declared = record.declared
    tag = ""
    variants: tuple[m.Variant, ...] = ()
    if isinstance(declared, (m.PlainEnum, m.TaggedEnum)):
        tag, variants = declared.tag.name, declared.variants
    return OffsetsView(
        name=record.name,
        tables=list(tables.of(record)),
        accesses=accesses(record.parts),
        tag_type=PORTABLE.get(tag, tag),
        tags=tags(variants),
    )
