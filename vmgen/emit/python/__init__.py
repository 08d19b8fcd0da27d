"""Python: `vmgen_runtime.py`, and a module of ctypes classes per schema module.

`spelling` says types as annotations and as tokens, `table` the numbers, `view` the
classes; `names` keeps clear of what Python needs, `docs` writes docstrings as black
would. What runs in the user's process is in `templates/python/runtime`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.emit.job import Output
from vmgen.emit.python import names
from vmgen.emit.python.docs import docstring, literal
from vmgen.emit.python.names import Imports
from vmgen.emit.python.spelling import Speller
from vmgen.emit.python.table import Blocks, Columns
from vmgen.emit.python.view import Attribute, Classes
from vmgen.emit.render import render, template_folder
from vmgen.emit.text import header_lines, shared_header_lines
from vmgen.schema import model as m
from vmgen.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.emit.job import Job

RUNTIME = "vmgen_runtime"
FORMAT = 1
"""Version of the table; the runtime's `FORMAT`, raised when either changes."""

PARTS = (
    "errors", "models", "scalars", "words", "pointers", "arrays", "records", "images",
    "contexts", "schema", "define", "inspect",
)  # fmt: skip
"""The parts of the runtime, each a file of `templates/python/runtime`."""


def emit_module(job: Job) -> Iterator[Output]:
    """`python/<module>.py`."""
    module = job.module
    classes = _class_names(module)
    constants = {n: names.attribute(n, names.NOTHING) for n in module.constants}
    imports = Imports(frozenset([*classes.values(), *constants.values()]))
    columns = Columns(job)
    blocks = Blocks(job, columns)
    speller = Speller(module.types, classes, imports)
    made = Classes(module.types, classes, constants, speller, imports, blocks)
    views = [view for d in module.types.values() for view in made.views(d)]
    values = [
        _constant(c, constants[c.name], imports) for c in module.constants.values()
    ]
    define = imports.name("define")
    package = job.options.get("package", "")
    order = [name for name in job.layouts.order if name in made.table]
    text = render(
        "python/module.py.j2",
        header=header_lines(job),
        doc=docstring(module.doc or f"Records of the module {module.name}.", 0),
        imports=imports.statements(f"{package}.{RUNTIME}" if package else RUNTIME),
        constants=values,
        classes=views,
        aliases=[(names.alias(name), name) for name in sorted(made.shadowed)],
        define=define,
        format=FORMAT,
        files=_files(job),
        remake=literal(job.command),
        models=columns.models(),
        layouts="\n\n".join(block for name in order for block in made.table[name]),
    )
    yield Output(f"python/{module.name}.py", text)


def emit_shared(jobs: Sequence[Job]) -> Iterator[Output]:
    """`python/vmgen_runtime.py`, the same for every module."""
    folder = template_folder() / "python" / "runtime"
    yield Output(
        f"python/{RUNTIME}.py",
        render(
            "python/vmgen_runtime.py.j2",
            header=shared_header_lines(jobs[0].command if jobs else "vmgen build"),
            parts=[(folder / f"{p}.py.j2").read_text(encoding="utf-8") for p in PARTS],
        ),
    )


def _class_names(module: m.Module) -> dict[str, str]:
    """Python's name for each declared type, and for each context's offsets."""
    wanted = list(module.types)
    wanted += [
        f"{n}Offsets" for n, d in module.types.items() if isinstance(d, m.Context)
    ]
    return {name: names.attribute(name, names.NOTHING) for name in wanted}


def _constant(constant: m.Constant, name: str, imports: Imports) -> Attribute:
    final = imports.name("Final", "typing")
    value = constant.value
    shown = str(value) if value < 0x1_0000 else f"0x{value:X}"
    about = f", {constant.ascii}" if constant.ascii is not None else ""
    line = f"{name}: {final} = {shown}  # {constant.type}{about}"
    return Attribute(line, docstring(constant.doc, 0))


def _files(job: Job) -> str:
    """The schema's files as a tuple, the schema itself first, broken as black does."""
    places = [job.place(Span(file, 0, 0)) for file in job.module.files]
    names = [literal(place.rpartition(":")[0]) for place in places]
    line = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
    if len(line) <= 88 - len("    files=,"):
        return line
    return "\n".join(["(", *(f"        {name}," for name in names), "    )"])
