"""The files of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.python import names
from vmgen.languages.python.docs import docstring, literal
from vmgen.languages.python.records import foreign, functions, newtype, record
from vmgen.languages.python.view import Builder, ClassView, documented
from vmgen.languages.render import render, template_folder
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.languages.job import Job

RUNTIME = "vmgen_runtime"
FORMAT = 1
"""Version of the table; the runtime's `FORMAT`, raised when either changes."""

PARTS = (
    "errors", "models", "scalars", "words", "pointers", "arrays", "records", "images",
    "contexts", "reach", "schema", "define", "inspect",
)  # fmt: skip
"""The parts of the runtime, each a file of `templates/python/runtime`."""


def emit_module(job: Job) -> Iterator[Output]:
    """`python/<module>.py`."""
    module = job.module
    build = Builder(job)
    classes = [view for d in module.types.values() for view in _classes(build, d)]
    constants = [_constant(build, constant) for constant in module.constants.values()]
    define = build.imports.name("define")
    package = job.options.get("package", "")
    order = [name for name in job.layouts.order if name in build.table]
    text = render(
        "python/module.py.j2",
        header=header_lines(job.schema, job.command),
        doc=docstring(module.doc or f"Records of the module {module.name}.", 0),
        imports=build.imports.statements(
            f"{package}.{RUNTIME}" if package else RUNTIME
        ),
        constants=constants,
        classes=classes,
        aliases=[(names.alias(name), name) for name in sorted(build.shadowed)],
        define=define,
        has_contexts=any(isinstance(d, m.Context) for d in module.types.values()),
        format=FORMAT,
        files=_files(job),
        remake=literal(job.command),
        models=build.columns.models(),
        # What is joined isn't kept as well: this is a third of the text.
        layouts="\n\n".join(b for name in order for b in build.table.pop(name)),
    )
    yield Output(f"python/{module.name}.py", text)


def emit_shared(jobs: Sequence[Job]) -> Iterator[Output]:
    """`python/vmgen_runtime.py`, the same for every module."""
    folder = template_folder() / "python" / "runtime"
    yield Output(
        f"python/{RUNTIME}.py",
        render(
            "python/vmgen_runtime.py.j2",
            header=header_lines(None, jobs[0].shared_command),
            parts=[(folder / f"{p}.py.j2").read_text(encoding="utf-8") for p in PARTS],
        ),
    )


def _classes(build: Builder, declared: m.Declaration) -> list[ClassView]:
    """The classes of a declared type; its blocks of the table go to the builder."""
    match declared:
        case m.Struct() | m.Union():
            return [record(build, declared)]
        case m.PlainEnum() | m.TaggedEnum():
            from vmgen.languages.python.enums import enum

            return [enum(build, declared)]
        case m.Newtype():
            return [newtype(build, declared)]
        case m.Functions():
            return [functions(build, declared)]
        case m.Foreign():
            return [foreign(build, declared)]
        case m.Context():
            from vmgen.languages.python.contexts import context

            return context(build, declared)
        case _:
            return [build.bare(declared, "Opaque")]


def _constant(build: Builder, constant: m.Constant) -> str:
    value = constant.value
    shown = str(value) if value < 0x1_0000 else f"0x{value:X}"
    about = ""
    if constant.ascii is not None:
        # A comment ends with its line, and NUL ends a module.
        about = f", {constant.ascii.encode('unicode_escape').decode()}"
    final = build.imports.name("Final", "typing")
    # `typing.get_type_hints` takes no bare `Final`.
    line = f"{build.constants[constant.name]}: {final}[int] = {shown}"
    return documented(f"{line}  # {constant.type}{about}", constant.doc, 0)


def _files(job: Job) -> str:
    """The schema's files as a tuple, the schema itself first, broken as black does."""
    names = [literal(job.path(file)) for file in job.module.files]
    line = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
    if len(line) <= 88 - len("    files=,"):
        return line
    return "\n".join(["(", *(f"        {name}," for name in names), "    )"])
