"""`c/<module>_descriptor.c`: what a program says of its records, for one object of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.c.models import CModels
from vmgen.languages.c.text import prose, string
from vmgen.languages.descriptor import VERSION, descriptor_text, pieces
from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render

if TYPE_CHECKING:
    from vmgen.languages.job import Job

WIDTH = 72
"""Characters of the text in a line."""


def descriptor_file(job: Job) -> Output:
    """The file of a module. Raises `vmgen.layout.place.LayoutError`."""
    models = CModels(job)
    folder = job.options.get("include")
    below = f"{folder}/" if folder else ""
    name = job.module.name
    text = render(
        "c/descriptor.c.j2",
        header=[prose(line) for line in header_lines(job.schema, job.command)],
        module=name,
        include=f"{below}{name}.h",
        names=models.names,
        version=VERSION,
        width=WIDTH,
        rows=[string(p) for p in pieces(descriptor_text(job, models), WIDTH)],
    )
    return Output(f"c/{below}{name}_descriptor.c", text)
