"""A generated module: what its template prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages import notes
from vmgen.languages.header import header_lines
from vmgen.languages.python import names
from vmgen.languages.python.classes import Classes
from vmgen.languages.python.columns import Columns
from vmgen.languages.python.docs import docstring, literal
from vmgen.languages.python.names import Imports
from vmgen.languages.python.table import Rows
from vmgen.languages.python.types import Types
from vmgen.languages.python.view import documented
from vmgen.languages.render import render
from vmgen.layout.fingerprint import take_in
from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.languages.job import Job

RUNTIME = "vmgen_runtime"
FORMAT = 4
"""Version of the table; the runtime's `FORMAT`, raised when either changes."""

OWN = frozenset({"LAYOUT_FINGERPRINT", "FILE_FINGERPRINT"})
"""What every module declares besides what its schema does."""


def named(module: m.Module) -> tuple[dict[str, str], dict[str, str]]:
    """What Python calls the classes and the constants of a module, those of other modules
    that it uses too, by the names that they have in the schema."""
    contexts = [n for n, d in module.types.items() if isinstance(d, m.Context)]
    declared = [*module.types, *(f"{name}Offsets" for name in contexts)]
    classes = {name: names.attribute(name, OWN | names.WORDS) for name in declared}
    constants = {name: names.attribute(name, OWN) for name in module.constants}
    return classes, constants


def declared_names(module: m.Module) -> list[str]:
    """The names that a generated module declares, in order."""
    classes, constants = named(module)
    own = {*module.own_types, *module.own_constants}
    own.update(f"{n}Offsets" for n in module.own_types)
    found = {made for name, made in {**classes, **constants}.items() if name in own}
    return sorted(found | OWN)


def module_text(job: Job) -> str:
    """The text of `python/<module>.py`."""
    job = job.called("python")
    module = job.module
    classes, constants = named(module)
    imports = Imports(frozenset([*classes.values(), *constants.values(), *OWN]))
    columns = Columns(job)
    types = Types(module.types, classes)
    make = Classes(types, imports, constants, Rows(columns), job.layouts)
    made = [make.declare(record) for record in job.records]
    models, facts = columns.models()
    fingerprints = job.layouts.fingerprints
    package = job.options.get("package", "")
    return render(
        "python/module.py.j2",
        header=header_lines(job.schema, job.command),
        doc=docstring(
            notes.joined(
                module.doc or f"Records of the module {module.name}.",
                notes.module_notes(module),
            ),
            0,
        ),
        constants=[
            _constant(imports, constants[name], constant)
            for name, constant in sorted(module.constants.items())
            if name not in module.used
        ],
        classes=[view for one in made for view in one.classes],
        aliases=make.shadowed.aliases(),
        define=imports.name("define"),
        final=imports.name("Final"),
        format=FORMAT,
        schema=literal(job.schema),
        remake=literal(job.command),
        seed=f"0x{fingerprints.seed:016X}",
        fingerprint=f"0x{fingerprints.of_file():016X}",
        models_fingerprint=f"0x{take_in(0, facts):016X}",
        models=models,
        layouts=[one.row for one in made if one.row],
        imports=_imports(job, imports, {**classes, **constants}, package, make.named),
    )


def _imports(
    job: Job, imports: Imports, known: dict[str, str], package: str, named: set[str]
) -> list[list[str]]:
    """The import statements in groups; types and constants of other modules last.

    The table names what the module's records are made of, and annotations, which are
    `named`, what is inside of a newtype too.
    """
    prefix = f"{package}." if package else ""
    groups = imports.statements(f"{prefix}{RUNTIME}")
    of_table = {name for used in job.used.values() for name in used}
    others: dict[str, list[str]] = {}
    for name in sorted(of_table | (named & job.module.used.keys())):
        others.setdefault(job.module.used[name], []).append(name)
    for other, used in sorted(others.items()):
        groups[-1] += names.statements(
            f"{prefix}{other}", {known[name]: known[name] for name in used}
        )
    groups[-1].sort(key=lambda statement: statement.split()[1])
    return groups


def _constant(imports: Imports, name: str, constant: m.Constant) -> str:
    value = constant.value
    shown = str(value) if value < 0x1_0000 else f"0x{value:X}"
    about = ""
    if constant.ascii is not None:
        # A comment ends with its line, and NUL ends a module.
        about = f", {constant.ascii.encode('unicode_escape').decode()}"
    # `typing.get_type_hints` takes no bare `Final`.
    line = f"{name}: {imports.name('Final')}[int] = {shown}"
    return documented(f"{line}  # {constant.type}{about}", constant.doc, 0)
