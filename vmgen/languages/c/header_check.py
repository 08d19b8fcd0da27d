"""The file of assertions that holds a module against the header that owns it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.c.files import (
    RUNTIME_VERSION,
    included,
    uncovered,
    view_of,
)
from vmgen.languages.c.models import CModels
from vmgen.languages.c.owner import define, directive, facts, patterns
from vmgen.languages.c.text import prose, string, under
from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render

if TYPE_CHECKING:
    from vmgen.languages.c.owner import Fact
    from vmgen.languages.job import Job
    from vmgen.schema.model import OwnersHeader

ENDING = "_header_check"
"""How the file is called, behind the module's name."""


def header_check(job: Job, owner: OwnersHeader) -> Output:
    """`c/<module>_header_check.c`. Raises `vmgen.layout.place.LayoutError`."""
    models = CModels(job)
    made = [*facts(job.layouts, job.records)]
    text = render(
        "c/header_check.c.j2",
        header=[prose(line) for line in header_lines(job.schema, job.command)],
        module=job.module.name,
        defines=list(map(define, (word.text for word in owner.defines))),
        headers=[directive(word.text) for word in owner.headers],
        runtime=RUNTIME_VERSION,
        runtime_header=included(job, "vmgen"),
        names=models.names,
        **view_of(models),
        uncovered=uncovered(job),
        differs=string(f" differs from {job.schema}")[1:-1],
        blocks=[
            [
                line
                for fact in block
                if fact.what != "bits"
                for line in under(fact.on, [_row(fact, models)])
            ]
            for block in made
            if block
        ],
        judged=any(fact.what == "first bit" for block in made for fact in block),
    )
    name = included(job, job.module.name).removesuffix(".h")
    return Output(f"c/{name}{ENDING}.c", text)


def _row(fact: Fact, models: CModels) -> str:
    number = models.of_host(fact.numbers)
    match fact.what:
        case "size":
            return f"VMGEN_SIZE({fact.type}, {number});"
        case "alignment":
            return f"VMGEN_ALIGN({fact.type}, {number});"
        case "scalar alignment":
            return f"VMGEN_SCALAR({fact.type}, {fact.name}, {number});"
        case "offset":
            return f"VMGEN_OFFSET({fact.type}, {fact.member}, {number});"
        case "width":
            return f"VMGEN_WIDTH({fact.type}, {fact.member}, {number});"
        case "stride":
            return f"VMGEN_STRIDE({fact.type}, {fact.member}, {number});"
        case "value":
            first, *other = (
                f"0x{n:X}u" if n > 255 else f"{n}u" for n in patterns(fact)
            )
            if other:
                return f"VMGEN_BITS({fact.member}, {first}ll, {other[0]}ll);"
            return f"VMGEN_VALUE({fact.member}, {first}ll);"
        case "first bit" | "bits":
            return f"VMGEN_BITS_AT({fact.type}, {fact.member}, {number}, {fact.bits});"
