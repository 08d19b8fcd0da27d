"""`vmgen check`: check schemas against the rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.build.config import ConfigError, find_config
from vmgen.build.project import NoSchemas, find_fragments, find_schemas
from vmgen.cli.arguments import Call, add_version
from vmgen.cli.errors import UsageError
from vmgen.cli.findings import print_findings
from vmgen.report import FORMATS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from vmgen.cli.console import Console


class Arguments(Call, frozen=True, kw_only=True):
    schemas: Sequence[str] = ()
    format: str = "full"
    strict: bool = False
    version: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("schemas", nargs="*", metavar="SCHEMA")
    parser.add_argument("--format", choices=list(FORMATS), help="default: full")
    parser.add_argument("--strict", action="store_true", help="exit 1 for warnings too")
    add_version(parser, "all")


def run(args: Arguments, console: Console) -> int:
    from vmgen.build import pipeline, unknown
    from vmgen.cli.progress import Progress
    from vmgen.reading.diagnostics import Report
    from vmgen.schema import UnknownVersion

    try:
        config = find_config(Path.cwd())
        schemas = find_schemas(args.schemas, config)
    except (ConfigError, NoSchemas) as error:
        raise UsageError(str(error)) from None
    report = Report()
    with Progress(console) as progress:
        fragments = find_fragments(args.schemas, config)
        try:
            checked = pipeline.check(
                schemas,
                config,
                report,
                progress,
                fragments,
                version=args.version,
                every=True,
            )
        except UnknownVersion as error:
            raise UsageError(str(error)) from None
    if not (args.schemas or report.has_errors):
        if config.rules.allow and not args.version:
            from vmgen.build.project_rules import find_unused

            used = frozenset(rule for each in checked for rule in each.of_project)
            find_unused(config.rules, used, report)
        try:
            unknown.refuse_unknown_features(checked, config)
            unknown.refuse_unknown_types(checked, config)
        except ConfigError as error:
            raise UsageError(str(error)) from None
    print_findings(report, args.format, len(schemas), console)
    strict = args.strict or config.strict
    return 1 if report.has_errors or (strict and len(report)) else 0
