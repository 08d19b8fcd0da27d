"""`vmgen layout`: show sizes, offsets and padding on any target."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from vmgen.build.config import ConfigError, find_config
from vmgen.build.project import NoSchemas, find_schemas
from vmgen.cli.arguments import Call
from vmgen.cli.chosen_targets import DEFAULT_TARGET, chosen_targets
from vmgen.cli.errors import UsageError
from vmgen.targets.data_model import U32_MAX

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from vmgen.build.config import Config
    from vmgen.build.project import SchemaPath
    from vmgen.cli.console import Console
    from vmgen.layout.layouts import Layouts
    from vmgen.reading.diagnostics import Report
    from vmgen.schema.model import Context
    from vmgen.show.columns import Column


class Arguments(Call, frozen=True, kw_only=True):
    schema: str | None = None
    types: Sequence[str] = ()
    target: Sequence[str] = ()
    set: Sequence[str] = ()
    format: str = "table"
    only_differences: bool = False
    version: Sequence[str] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "schema",
        nargs="?",
        metavar="SCHEMA",
        help="a schema; without one, those of the project's configuration",
    )
    parser.add_argument(
        "types", nargs="*", metavar="TYPE", help="the types to show, all without any"
    )
    parser.add_argument(
        "--target",
        action="append",
        metavar="T",
        help="a target of the schema, or a pattern: 'i686-*', '*' for all; may be "
        f"given again; without it only {DEFAULT_TARGET} is shown, or the schema's "
        "first target where it hasn't that one",
    )
    parser.add_argument(
        "--set",
        action="append",
        metavar="COUNT=N",
        help="what a context's count is; may be given again",
    )
    parser.add_argument(
        "--format",
        choices=["table", "json"],
        help="how to show it",
    )
    parser.add_argument(
        "--only-differences",
        action="store_true",
        help="with several targets or versions, leave out what is the same in all",
    )
    parser.add_argument(
        "--version",
        action="append",
        metavar="V",
        help="a release that the schema describes, as 48.0.6, where it describes several; "
        "may be given again; default: the newest",
    )


def run(args: Arguments, console: Console) -> int:
    from vmgen.cli.findings import print_findings
    from vmgen.reading.diagnostics import Report
    from vmgen.schema import UnknownVersion

    try:
        config = find_config(Path.cwd())
        paths, types = _schema_and_types(args, config)
        schemas = find_schemas(paths, config)
    except (ConfigError, NoSchemas) as error:
        raise UsageError(str(error)) from None
    report = Report()
    try:
        layouts = _layouts(schemas, config, report, args.version)
    except UnknownVersion as error:
        raise UsageError(str(error)) from None
    if layouts is None:
        # There is nothing to show, so that the findings are what was asked for.
        if args.format == "json":
            _print_beside(report, len(schemas), console)
        else:
            print_findings(report, "full", len(schemas), console)
        return 1
    console.out(_shown(_questions(layouts, types, args), args, console))
    if report.has_errors:
        _print_beside(report, len(schemas), console)
    return 0


def _schema_and_types(args: Arguments, config: Config) -> tuple[list[str], list[str]]:
    """Schemas that the call names, none for the project's, and types.

    Where a project says which schemas it has, the first word may be a type as well.
    """
    if args.schema is None:
        return [], list(args.types)
    if config.schemas and args.schema.isidentifier() and not _is_there(args.schema):
        return [], [args.schema, *args.types]
    return [args.schema], list(args.types)


def _is_there(name: str) -> bool:
    """Whether a word is a schema's path: a file, or a folder that holds one."""
    path = Path(name)
    return path.is_file() or any(path.rglob("*.vm.yaml"))


def _layouts(
    schemas: Sequence[SchemaPath],
    config: Config,
    report: Report,
    versions: Sequence[str],
) -> list[list[Layouts]] | None:
    """The layouts of the schemas whatever the rules find, of each the versions that are
    asked for; None if one has none. Raises `UnknownVersion`."""
    from vmgen.build.pipeline import read_each, rust_crates
    from vmgen.rules.run import judge_all

    each = read_each(schemas, config, report, versions)
    modules = [module for read in each for module in read]
    judged = judge_all(
        modules, report, rust_crates(config), config.languages, config.options
    )
    laid_out = [made.layouts for made in judged]
    if not all(each) or not all(one and _fits_a_u32(one) for one in laid_out):
        return None
    rest = iter(one for one in laid_out if one)
    return [[next(rest) for _ in read] for read in each]


def _fits_a_u32(layouts: Layouts) -> bool:
    """Whether no type is larger than generated code could say of any.

    A context whose alignment is too much to prove has no layout to show either.
    """
    from vmgen.layout.alignment import TooManyStates
    from vmgen.layout.expr import OffsetOverflow
    from vmgen.schema.model import Context

    sizes = [r.size for name in layouts.order for r in layouts.row(name)]
    contexts = [d for d in layouts.module.types.values() if isinstance(d, Context)]
    try:
        for context in contexts:
            for placed in layouts.context(context.name):
                sizes += [placed.total({}), *(r.stride for r in placed.regions)]
    except (OffsetOverflow, TooManyStates):
        return False
    return max(sizes, default=0) <= U32_MAX


def _print_beside(report: Report, schemas: int, console: Console) -> None:
    """Print findings where they don't mix with the layouts."""
    from vmgen.cli.findings import summary
    from vmgen.report import renderer

    text = renderer("full")(report, colour=console.colour_beside)
    console.beside(f"{text}\n{summary(report, schemas)}\n")


class _Question(msgspec.Struct, frozen=True):
    """What to show of one schema; `counts` are None where the call sets none."""

    columns: Sequence[Column]
    names: Sequence[str]
    counts: dict[str, int] | None


def _questions(
    layouts: Sequence[Sequence[Layouts]], types: Sequence[str], args: Arguments
) -> list[_Question]:
    """What to show of each schema that has one of the types, in each of its versions.

    Raises UsageError for what no schema has.
    """
    from vmgen.cli.counts import counts as counts_of
    from vmgen.show.columns import Column

    asked = [
        (each, names)
        for each, names in zip(layouts, _types(types, layouts), strict=True)
        if names
    ]
    counts = counts_of(args.set, _contexts(asked)) if args.set else None
    found = []
    for each, names in asked:
        chosen = chosen_targets(args.target, [one.module for one in each])
        columns = [
            Column(one, target)
            for one, targets in zip(each, chosen, strict=True)
            for target in targets
        ]
        if args.only_differences and len(columns) == 1:
            raise UsageError(
                "--only-differences compares targets or versions; give --target or "
                "--version twice"
            )
        found.append(_Question(columns, names, counts))
    return found


def _shown(questions: Sequence[_Question], args: Arguments, console: Console) -> str:
    """The answers in the format that is asked for."""
    from vmgen.layout.expr import OffsetOverflow

    try:
        if args.format == "json":
            return _as_json(questions, args)
        return "\n".join(_as_table(question, args, console) for question in questions)
    except OffsetOverflow as error:
        raise UsageError(f"with these counts an offset overflows: {error}") from None


def _as_json(questions: Sequence[_Question], args: Arguments) -> str:
    from vmgen.show.json import describe

    described = [
        one
        for question in questions
        for one in describe(
            question.columns,
            question.names,
            question.counts or {},
            only_differences=args.only_differences,
        )
    ]
    return json.dumps(described, indent=2) + "\n"


def _as_table(question: _Question, args: Arguments, console: Console) -> str:
    from vmgen.show.table.table import table

    return table(
        question.columns,
        question.names,
        question.counts,
        only_differences=args.only_differences,
        colour=console.colour,
        width=shutil.get_terminal_size().columns if console.is_terminal else None,
    )


def _types(
    wanted: Sequence[str], layouts: Sequence[Sequence[Layouts]]
) -> list[list[str]]:
    """The types to show of each schema, all that it declares where none is named. One
    that several know is shown by those that declare it, if they are among them."""
    from vmgen.show.columns import merged

    declared = [merged([one.module.types for one in each]) for each in layouts]
    for name in wanted:
        if not any(name in types for types in declared):
            from vmgen.reading.diagnostics import did_you_mean

            known = [known for types in declared for known in types]
            hint = "".join(f", {h}" for h in did_you_mean(name, known))
            whose = "the schema has" if len(layouts) == 1 else "the schemas have"
            raise UsageError(f"{whose} no type `{name}`{hint}")
    if not wanted:
        return [merged([one.module.own_types for one in each]) for each in layouts]
    own = [merged([one.module.own_types for one in each]) for each in layouts]
    return [
        [
            name
            for name in wanted
            if name in mine
            or (name in types and not any(name in others for others in own))
        ]
        for types, mine in zip(declared, own, strict=True)
    ]


def _contexts(
    asked: Sequence[tuple[Sequence[Layouts], Sequence[str]]],
) -> Iterator[Context]:
    """The contexts among the types to show."""
    from vmgen.schema.model import Context

    for each, names in asked:
        for one in each:
            for name in names:
                declared = one.module.types.get(name)
                if isinstance(declared, Context):
                    yield declared
