"""The files of C."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.c.architectures import MEASURED, architectures
from vmgen.languages.c.checks import Checks
from vmgen.languages.c.constants import ConstantView, integer_constant
from vmgen.languages.c.contexts import Contexts
from vmgen.languages.c.declarators import Declarators
from vmgen.languages.c.models import CModels, about
from vmgen.languages.c.order import early_types
from vmgen.languages.c.records import Records, payload_name
from vmgen.languages.c.text import INDENT, comment, prose, string
from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render
from vmgen.schema import model as m
from vmgen.targets.data_model import NATURAL_ALIGN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.languages.job import Job

RUNTIME_VERSION = 2
"""Raised when a module header needs a `vmgen.h` that older ones can't do without."""

_KEYWORDS = {
    m.Struct: "struct",
    m.Union: "union",
    m.TaggedEnum: "struct",
    m.Functions: "struct",
    m.Foreign: "struct",
    m.Opaque: "struct",
    m.Context: "struct",
}


def emit_module(job: Job) -> Iterable[Output]:
    """`c/<module>.h`. Raises `vmgen.layout.place.LayoutError`."""
    module = job.module
    models = CModels(job)
    declarators = Declarators(module.types)
    records = Records(job, models, declarators)
    contexts = Contexts(job, models, declarators)
    blocks = []
    for name in early_types(module.types, job.layouts.order):
        blocks += records.blocks(module.types[name])
        declarators.early.add(name)
    for name in job.layouts.order:
        if name not in declarators.early:
            blocks += records.blocks(module.types[name])
    text = render(
        "c/module.h.j2",
        header=[prose(line) for line in header_lines(job.schema, job.command)],
        doc=comment([module.doc]),
        guard=f"VMGEN_{models.prefix}_H",
        runtime=RUNTIME_VERSION,
        prefix=models.prefix,
        module=module.name,
        models=[
            (models.constant(model), comment([about(model)], INDENT))
            for model in models.all
        ],
        measured=models.measured(),
        columns=["size", "align", *models.columns],
        parameters=", ".join(models.parameters),
        total=" + ".join(models.parameters),
        by_model=models.chosen("(model)", models.all),
        widths=_widths(models),
        uncovered=_uncovered(job),
        constants=[_constant(c) for c in module.constants.values()],
        forwards=list(_forwards(module)),
        blocks=blocks,
        contexts=[
            contexts.view(d) for d in module.types.values() if isinstance(d, m.Context)
        ],
        remake=string(f"; {job.command} makes it anew"),
        checks=Checks(job, models, declarators, records).all(),
    )
    yield Output(f"c/{module.name}.h", text)


def emit_shared(jobs: Sequence[Job]) -> Iterable[Output]:
    """`c/vmgen.h`, which is the same whatever the schemas."""
    text = render(
        "c/vmgen.h.j2",
        header=[prose(line) for line in header_lines(None, jobs[0].shared_command)],
        runtime=RUNTIME_VERSION,
        architectures=architectures(),
        natural=[
            ("POINTER", "VM_SIZEOF_USIZE"),
            *((column.upper(), NATURAL_ALIGN[column]) for column in MEASURED),
        ],
    )
    yield Output("c/vmgen.h", text)


def _forwards(module: m.Module) -> Iterator[tuple[str, str, list[str]]]:
    """The keyword and name of everything that C can name before it knows it; with
    the comment of what never becomes more than a name."""
    for name, declared in module.types.items():
        keyword = _KEYWORDS.get(type(declared))
        if keyword is None:
            continue
        bare = isinstance(declared, m.Opaque) or (
            isinstance(declared, m.Context) and not declared.fields
        )
        yield keyword, name, comment([declared.doc]) if bare else []
        if isinstance(declared, m.TaggedEnum):
            yield "union", payload_name(declared), []


def _constant(constant: m.Constant) -> ConstantView:
    value = integer_constant(constant.type, constant.value)
    notes = [constant.doc]
    if constant.ascii is not None:
        notes.append(
            f'The bytes "{constant.ascii}" in memory, on a little-endian target.'
        )
    return ConstantView(comment(notes), constant.name, value)


def _widths(models: CModels) -> list[tuple[str, list[str]]]:
    """Per size of a pointer: UINTPTR_MAX, and which parameter of VMGEN_OF_HOST is the
    number, as lines. What the preprocessor decides costs the compiler nothing. A model
    of records without pointers may be found at more than one size."""
    sizes = {pointer for model in models.all for pointer, *_ in model.measured}
    widths = []
    for size in sorted(sizes, reverse=True):
        among = [
            model
            for model in models.all
            if any(pointer == size for pointer, *_ in model.measured)
        ]
        largest = f"0x{(1 << 8 * size) - 1:X}"
        widths.append((largest, models.chosen(models.host, among)))
    return widths


def _uncovered(job: Job) -> list[str]:
    """What the compiler says on a target that is of no model of the schema's."""
    where = "`data_models`" if job.module.all_targets else "`targets` or `data_models`"
    return [
        string(f") is laid out like no target of {job.schema}; "),
        string(f"add it to {where} there, then run: {job.command}"),
    ]
