"""`vmgen layout`: show sizes, offsets and padding on any target."""

from __future__ import annotations

import json
import re
import shutil
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vmgen.build.config import ConfigError, find_config
from vmgen.build.project import NoSchemas, find_schemas
from vmgen.cli import UsageError
from vmgen.cli.arguments import Call
from vmgen.targets.data_model import U32_MAX

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from vmgen.cli.console import Console
    from vmgen.layout.layouts import Layouts
    from vmgen.schema.model import ModelTarget, Module

DEFAULT_TARGET = "x86_64-unknown-linux-gnu"


class Arguments(Call, frozen=True, kw_only=True):
    schema: str
    types: Sequence[str] = ()
    target: Sequence[str] = ()
    set: Sequence[str] = ()
    format: str = "table"
    only_differences: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from argparse import SUPPRESS

    # Said so once more, an argument that may be left out isn't among those missing.
    parser.add_argument("schema", metavar="SCHEMA")
    parser.add_argument("types", nargs="*", metavar="TYPE", default=SUPPRESS)
    parser.add_argument(
        "--target",
        action="append",
        metavar="T",
        help="a target of the schema, or a pattern as i686-*; may be given again",
    )
    parser.add_argument(
        "--set",
        action="append",
        metavar="COUNT=N",
        help="what a context's count is; may be given again",
    )
    parser.add_argument("--format", choices=["table", "json"])
    parser.add_argument(
        "--only-differences",
        action="store_true",
        help="with several targets, leave out what is the same on all",
    )


def run(args: Arguments, console: Console) -> int:
    from vmgen.build import pipeline
    from vmgen.cli.findings import print_findings
    from vmgen.layout.expr import OffsetOverflow
    from vmgen.reading.diagnostics import Report
    from vmgen.show.describe import describe

    try:
        config = find_config(Path.cwd())
        schemas = find_schemas([args.schema], config)
    except (ConfigError, NoSchemas) as error:
        raise UsageError(str(error)) from None
    if len(schemas) != 1:
        raise UsageError(f"`{args.schema}` holds {len(schemas)} schemas; name one")
    report = Report()
    checked = pipeline.check(schemas, config, report)
    if report.has_errors or not checked:
        print_findings(report, "full", len(schemas), console)
        return 1
    module, layouts = checked[0].module, checked[0].layouts
    targets = _targets(args.target, module)
    names = _types(args.types, module)
    counts = _counts(args.set, names, module)
    try:
        described = [describe(layouts, t, names, counts) for t in targets]
    except OffsetOverflow as error:
        raise UsageError(f"with these counts an offset overflows: {error}") from None
    if args.only_differences and len(described) == 1:
        raise UsageError("--only-differences compares targets; give --target twice")
    if args.format == "json":
        shown = _different(described) if args.only_differences else described
        console.out(json.dumps(shown, indent=2) + "\n")
        return 0
    console.out(_tables(described, layouts, args, console))
    return 0


def _different(described: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same objects without the types that are the same on all targets."""
    types = [one["types"] for one in described]
    names = [n for n in types[0] if any(other[n] != types[0][n] for other in types)]
    return [{**one, "types": {n: one["types"][n] for n in names}} for one in described]


def _tables(
    described: list[dict[str, Any]],
    layouts: Layouts,
    args: Arguments,
    console: Console,
) -> str:
    from vmgen.show.table import tables

    return tables(
        described,
        layouts,
        concrete=bool(args.set),
        only_differences=args.only_differences,
        colour=console.colour,
        width=shutil.get_terminal_size().columns if console.is_terminal else None,
    )


def _targets(wanted: Sequence[str], module: Module) -> list[ModelTarget]:
    by_name = {t.name: t for t in module.targets}
    if not wanted:
        default = by_name.get(DEFAULT_TARGET)
        return [default or module.targets[0]]
    chosen: dict[str, ModelTarget] = {}
    for name in wanted:
        fitting = [t for t in by_name.values() if fnmatchcase(t.name, name)]
        if not fitting:
            raise UsageError(_no_target(name, by_name))
        chosen.update((t.name, t) for t in fitting)
    return list(chosen.values())


def _no_target(name: str, own: dict[str, ModelTarget]) -> str:
    from vmgen.reading.diagnostics import did_you_mean
    from vmgen.targets.find import TARGETS

    if any(fnmatchcase(triple, name) for triple in TARGETS):
        return f"the schema has no target `{name}`; list it there under `targets`"
    hint = "".join(f", {h}" for h in did_you_mean(name, own))
    return f"the schema has no target `{name}`{hint}"


def _types(wanted: Sequence[str], module: Module) -> list[str]:
    for name in wanted:
        if name not in module.types:
            from vmgen.reading.diagnostics import did_you_mean

            hint = "".join(f", {h}" for h in did_you_mean(name, module.types))
            raise UsageError(f"the schema has no type `{name}`{hint}")
    return list(wanted or module.types)


def _counts(
    settings: Sequence[str], names: list[str], module: Module
) -> dict[str, int]:
    from vmgen.reading.diagnostics import did_you_mean
    from vmgen.schema.model import Context

    known = {
        count.name: count
        for name in names
        if isinstance(declared := module.types[name], Context)
        for count in declared.counts
    }
    counts = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not re.fullmatch(r"[0-9]{1,10}", value):
            raise UsageError(f"--set takes COUNT=N, as num_tags=3; found `{setting}`")
        if name not in known:
            hint = "".join(f", {h}" for h in did_you_mean(name, known))
            raise UsageError(f"no count is named `{name}`{hint}")
        most = 1 if known[name].flag else U32_MAX
        if int(value) > most:
            raise UsageError(f"`{name}` is at most {most}")
        counts[name] = int(value)
    return counts
