"""The files of C."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vmgen.analysis.called import keyword_of
from vmgen.languages import notes
from vmgen.languages.c.constants import ConstantView, fit_an_int, integer_constant
from vmgen.languages.c.declarations import Declarations
from vmgen.languages.c.declarators import Declarators
from vmgen.languages.c.models import CModels, about
from vmgen.languages.c.order import early_types
from vmgen.languages.c.rows import Rows
from vmgen.languages.c.text import INDENT, comment, prose, string
from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.c.contexts import ContextView
    from vmgen.languages.c.declarations import Block
    from vmgen.languages.c.names import Names
    from vmgen.languages.job import Job
    from vmgen.layout.parts import Record

RUNTIME_VERSION = 3
"""What `runtime/vmgen.h` says it is; raised when a module's header needs one that older
ones can't do without."""

_KEYWORDS = {
    m.Struct: "struct",
    m.Union: "union",
    m.TaggedEnum: "struct",
    m.Functions: "struct",
    m.Foreign: "struct",
    m.ForeignRecord: "struct",
    m.Opaque: "struct",
    m.Context: "struct",
}


def module_header(job: Job) -> Output:
    """`c/<module>.h`. Raises `vmgen.layout.place.LayoutError`."""
    job = job.called("c")
    module = job.module
    models = CModels(job)
    names = models.names
    declarators = Declarators(module.types, names)
    # Whoever includes another module's header has all that it declares.
    declarators.early.update(module.used)
    blocks = _blocks(job, names, declarators)
    rows = Rows(job, models, names, declarators)
    text = render(
        "c/module.h.j2",
        header=[prose(line) for line in header_lines(job.schema, job.command)],
        doc=comment([module.doc, *notes.module_notes(module)]),
        guard=f"VMGEN_{module.name.upper()}_H",
        runtime=RUNTIME_VERSION,
        runtime_header=included(job, "vmgen"),
        includes=_includes(job),
        names=names,
        module=module.name,
        **view_of(models),
        second_parameters=models.parameters("_"),
        widths=models.widths(["", "_"]),
        fingerprints=_fingerprints(job, models),
        uncovered=uncovered(job),
        constants=[_constant(c, names) for c in job.constants],
        anonymous=len(named(job)) < len(job.records),
        forwards=list(_forwards(job, names)),
        blocks=blocks,
        contexts=_contexts(job, models, declarators),
        finals=list(_finals(job, names)),
        differs=_differs(job),
        undefined=_undefined(models, contexts=bool(job.contexts)),
        rows_of_records=[
            "\n".join(made) for made in map(rows.declare, named(job)) if made
        ],
    )
    return Output(_path(job, module.name), text)


def view_of(models: CModels) -> dict[str, Any]:
    """What `templates/c/models.h.j2` prints, by which a file tells the data models apart."""
    met = [f"condition{index}" for index in range(len(models.conditions))]
    return {
        "models": [
            (models.constant(model), comment([about(model)], INDENT))
            for model in models.all
        ],
        "measured": models.measured(),
        "columns": [
            "size",
            "align",
            *models.columns,
            *models.c_columns,
            *(["bits"] if models.bit_fields else []),
            *met,
        ],
        "c_columns": models.c_columns,
        "bit_fields": models.bit_fields,
        "conditions": [
            (name, condition.c)
            for name, condition in zip(met, models.conditions, strict=True)
        ],
        "met": {name: models.names.met(index) for index, name in enumerate(met)},
        "parameters": models.parameters(),
        "by_model": models.chosen(),
    }


def _contexts(job: Job, models: CModels, declarators: Declarators) -> list[ContextView]:
    records = [record for record in job.records if record.contexts]
    if not records:
        return []
    from vmgen.languages.c.contexts import Contexts

    contexts = Contexts(models, models.names, declarators)
    return [contexts.view(record) for record in records]


def runtime_header(job: Job) -> Output:
    """`c/vmgen.h`, which is the same whatever the schemas."""
    lines = header_lines(None, job.shared_command)
    marks = "".join(f"/* {prose(line)} */\n" for line in lines)
    return Output(_path(job, "vmgen"), marks + runtime_source())


@cache
def runtime_source() -> str:
    """`vmgen.h` without the lines that say who wrote it."""
    source = Path(__file__).parent / "runtime" / "vmgen.h"
    return source.read_text(encoding="utf-8")


def _path(job: Job, name: str) -> str:
    return f"c/{included(job, name)}"


def included(job: Job, name: str) -> str:
    """A header as includes name it."""
    folder = job.options.get("include")
    return f"{folder}/{name}.h" if folder else f"{name}.h"


def _includes(job: Job) -> list[str]:
    """The headers of other modules, and those that declare what is declared elsewhere."""
    headers = {
        record.declared.c.header
        for record in job.records
        if isinstance(record.declared, (m.Foreign, m.ForeignRecord))
        and record.declared.c
    }
    named = [included(job, other) for other in job.used] + sorted(headers - {""})
    return [name if name.startswith("<") else f'"{name}"' for name in named]


def _blocks(job: Job, names: Names, declarators: Declarators) -> list[Block]:
    """Every declaration, each after what it needs."""
    declarations = Declarations(job.layouts, names, declarators)
    own = {record.name: record for record in named(job)}
    early = early_types(job.module.types, job.layouts.order)
    blocks = []
    for name in early:
        if name in own:
            blocks += declarations.declare(own[name])
        declarators.early.add(name)
    late = set(own).difference(early)
    for name in job.layouts.order:
        if name in late:
            blocks += declarations.declare(own[name])
    return blocks


def named(job: Job) -> list[Record]:
    """The records that have a name in C."""
    return [
        record
        for record in job.records
        if not (record.declared.in_place and record.declared.in_place.anonymous)
    ]


def _forwards(job: Job, names: Names) -> Iterator[tuple[str, str, list[str]]]:
    """The type and the name of everything that C can name before it knows it, an empty
    one for none; with the comment of what never becomes more than a name."""
    for record in named(job):
        declared, name = record.declared, names.identifier(record.name)
        if isinstance(declared, (m.Foreign, m.ForeignRecord)) and declared.c:
            if declared.c.name != name:
                yield declared.c.name, name, comment([declared.doc])
            continue
        keyword = _KEYWORDS.get(type(declared))
        if keyword is None:
            continue
        if isinstance(declared, m.Opaque) and keyword_of(declared) == "union":
            keyword = "union"
        bare = isinstance(declared, m.Opaque) or (
            isinstance(declared, m.Context) and not declared.fields
        )
        known = name if names.is_typedef(record.name) else ""
        yield f"{keyword} {name}", known, comment([declared.doc]) if bare else []
        if isinstance(declared, m.TaggedEnum):
            payload = names.payload(record.name)
            yield f"union {payload}", payload, []


def _constant(constant: m.Constant, names: Names) -> ConstantView:
    value = integer_constant(constant.type, constant.value)
    notes = [constant.doc]
    if constant.ascii is not None:
        notes.append(
            f'The bytes "{constant.ascii}" in memory, on a little-endian target.'
        )
    return ConstantView(comment(notes), names.constant(constant.name), value)


def _finals(job: Job, names: Names) -> Iterator[str]:
    """The macros that are the schema's constants and values."""
    for constant in job.constants:
        yield names.constant(constant.name)
    for record in job.records:
        declared = record.declared
        if not isinstance(declared, (m.PlainEnum, m.TaggedEnum)):
            continue
        if not fit_an_int(declared.variants):
            for variant in declared.variants:
                yield names.value(record.name, variant)


def _fingerprints(job: Job, models: CModels) -> dict[str, list[str]]:
    """As C constants: the fingerprint of each model on targets of either byte order, and
    that of the file."""
    made = job.layouts.fingerprints

    def of_models(*, little_endian: bool) -> list[str]:
        return [
            _u64(made.of_class(model.classes[0], little_endian=little_endian))
            for model in models.all
        ]

    return {
        "little": of_models(little_endian=True),
        "big": of_models(little_endian=False),
        "file": [_u64(made.of_file())],
    }


def _undefined(models: CModels, *, contexts: bool) -> list[str]:
    """The macros of rows, which nothing needs behind them."""
    rows = ["RECORD", "TYPEDEF", "OFFSET", "ARRAY"]
    several = [f"{row}S" for row in rows] if len(models.all) > 1 else []
    of_contexts = ["ALIGN", "END", "BEGIN", "ELEMENT", "NATURAL", "NATURAL_OR_1"]
    of_contexts.append("ROUNDING")
    return [*rows, "SIZE", *several, *(of_contexts if contexts else [])]


def _u64(value: int) -> str:
    return f"UINT64_C(0x{value:016X})"


def uncovered(job: Job) -> list[str]:
    """What the compiler says on a target that is of no model of the schema's."""
    where = "`data_models`" if job.module.all_targets else "`targets` or `data_models`"
    return [
        string(f") is laid out like no target of {job.schema}; "),
        string(f"add it to {where} there, then run: {job.command}"),
    ]


def _differs(job: Job) -> str:
    """How the message of an assertion ends: the inside of a string literal."""
    return string(f" differs from {job.schema}; {job.command} makes it anew")[1:-1]
