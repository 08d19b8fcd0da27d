"""vmgen for Python programs: read schemas, check them, lay them out, make bindings.

The command line goes through the same `vmgen.build.pipeline`. Nothing here prints,
exits, or writes a file.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from vmgen.build import pipeline
from vmgen.build.config import Config, ConfigError, check_options
from vmgen.build.project import SchemaPath, shown_path
from vmgen.changes.change import Found as Change
from vmgen.changes.compare import compare
from vmgen.changes.saved import Incomparable
from vmgen.changes.side import of_layouts, sides
from vmgen.languages import registry
from vmgen.languages.job import Job, Output
from vmgen.languages.language import Declarer, Language, Option
from vmgen.languages.registry import LanguageError
from vmgen.layout.layouts import Layouts
from vmgen.layout.parts import Part, Record, Region
from vmgen.reading.diagnostics import Diagnostic, Report
from vmgen.report.concise import line
from vmgen.schema.model import Module

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "Change",
    "ConfigError",
    "Declarer",
    "Diagnostic",
    "Incomparable",
    "Job",
    "Language",
    "LanguageError",
    "Layouts",
    "Module",
    "Option",
    "Output",
    "Part",
    "Record",
    "Refused",
    "Region",
    "Schema",
    "check",
    "diff",
    "emit",
    "lay_out",
    "load",
]

NO_FEATURES: Mapping[str, bool] = MappingProxyType({})
NO_OPTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType({})


class Schema(msgspec.Struct, frozen=True):
    """A schema that was read, with everything that it includes and uses.

    `module` is None where the file is too broken to make one; `found` is what is wrong
    with the reading of it. `features` are those that `load` was given.
    """

    path: Path
    module: Module | None
    found: tuple[Diagnostic, ...]
    features: Mapping[str, bool]


class Refused(Exception):
    """A schema has errors where something without was asked for.

    `findings` are all that was found; `str` of the exception has the errors, one a line.
    """

    def __init__(self, findings: Sequence[Diagnostic]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(line(f) for f in _errors(self.findings)))


def load(
    path: str | Path,
    *,
    features: Mapping[str, bool] = NO_FEATURES,
    version: str | None = None,
) -> Schema:
    """Read a schema. `features` turns features of the schema on or off by name, and
    `version` is the release that is meant of a schema that describes several, or else
    the newest.

    Faults in it are in what `check` gives. Raises OSError where the file can't be read,
    and LookupError for a release that it doesn't describe.
    """
    path = Path(path)
    with path.open("rb"):
        # A file that isn't there is no fault of a schema.
        pass
    report = Report()
    config = Config(Path.cwd(), features=features)
    schemas = [SchemaPath(path, shown_path(path))]
    modules = pipeline.read(schemas, config, report, version=version)
    return Schema(path, modules[0] if modules else None, tuple(report), features)


def check(*schemas: Schema) -> list[Diagnostic]:
    """Everything that is wrong with schemas, by file and place: what reading them found,
    what the rules find in each, and what they have in common and shouldn't."""
    return _judged(schemas, Config(Path.cwd()))[0]


def lay_out(schema: Schema) -> Layouts:
    """The layouts of a schema's types on all of its targets. Raises `Refused` where the
    schema has an error."""
    findings, checked = _judged([schema], Config(Path.cwd()))
    for one in checked:
        if one.module is schema.module and not _errors(findings):
            return one.layouts
    raise Refused(findings)


def diff(old: Layouts, new: Layouts) -> list[Change]:
    """What changed from one layout of a module to another: kind, class, place, numbers on
    the targets that both have, and what allows it. Raises `Incomparable` for layouts of
    two modules, or without a common target."""
    both = (of_layouts(each, each.module.path.name) for each in (old, new))
    return list(compare(sides(*both)).found)


def emit(
    *schemas: Schema,
    languages: Sequence[str] = registry.BY_DEFAULT,
    options: Mapping[str, Mapping[str, str]] = NO_OPTIONS,
) -> list[Output]:
    """The files of bindings, by languages as `--lang` names them, and of those that
    these need.

    `options` has, for languages that are set up differently, what ``[tool.vmgen.NAME]``
    would say. Raises `Refused` where a schema has an error, `LanguageError` for a
    language that isn't there or fails, `ConfigError` for an option that it doesn't take.
    """
    chosen = registry.with_needed(languages)
    given = {}
    for name, table in options.items():
        where = f"options[{name!r}]"
        given[name] = check_options(name, table, where, where + "[{!r}]")
    config = Config(Path.cwd(), languages=chosen, options=given)
    findings, checked = _judged(schemas, config)
    if _errors(findings):
        raise Refused(findings)
    return list(pipeline.emit(checked, config, chosen))


def _judged(
    schemas: Sequence[Schema], config: Config
) -> tuple[list[Diagnostic], list[pipeline.Checked]]:
    report = Report()
    for schema in schemas:
        for found in schema.found:
            report.append(found)
    modules = [s.module for s in schemas if s.module is not None]
    checked = pipeline.judge(modules, config, report)
    return list(report), checked


def _errors(findings: Sequence[Diagnostic]) -> list[Diagnostic]:
    return [f for f in findings if f.severity == "error"]
