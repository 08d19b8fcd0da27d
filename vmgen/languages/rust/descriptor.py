"""`src/<module>_descriptor.rs`: what a program says of its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.descriptor import VERSION, descriptor_text, pieces
from vmgen.languages.header import header_lines
from vmgen.languages.render import render

if TYPE_CHECKING:
    from vmgen.languages.job import Output
    from vmgen.languages.rust.tables import Tables

WIDTH = 88
"""Characters of the text in a line."""


def descriptor_file(tables: Tables) -> Output:
    """The file of a module, beside its offsets."""
    job = tables.job
    said = descriptor_text(job, tables.models)
    rows = [p.replace("\\", "\\\\").replace('"', '\\"') for p in pieces(said, WIDTH)]
    return tables.crates.offsets_file(
        f"{job.module.name}_descriptor.rs",
        render(
            "rust/descriptor.rs.j2",
            header=header_lines(job.schema, job.command),
            module=job.module.name,
            offsets=tables.module,
            version=VERSION,
            size=len(said),
            rows=rows,
        ),
    )
