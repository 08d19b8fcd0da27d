"""`vmgen diff`: tell what changed between two layouts, for whom, on which targets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.build.config import ConfigError, find_config
from vmgen.changes.policy import DEFAULT, POLICIES
from vmgen.cli.arguments import Call
from vmgen.cli.errors import UsageError
from vmgen.report import FORMATS

if TYPE_CHECKING:
    import argparse

    from vmgen.changes.compare import Compared
    from vmgen.cli.console import Console

MARKDOWN = "markdown"


class Arguments(Call, frozen=True, kw_only=True):
    old: str
    new: str
    format: str = "full"
    policy: str = DEFAULT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = (
        "a schema, REV:path of the git repository, schema@version, or a saved "
        "`layout --format json` (a file that ends in .json)"
    )
    parser.add_argument("old", metavar="SCHEMA", help=what)
    parser.add_argument("new", metavar="SCHEMA", help="the same")
    parser.add_argument("--format", choices=[*FORMATS, MARKDOWN], help="default: full")
    policies = "; ".join(f"{name}: {what}" for name, what in POLICIES.items())
    parser.add_argument(
        "--policy", choices=list(POLICIES), help=f"{policies}. Default: {DEFAULT}"
    )


def run(args: Arguments, console: Console) -> int:
    from vmgen.build.sides import side
    from vmgen.changes.compare import compare
    from vmgen.changes.saved import Incomparable
    from vmgen.changes.side import sides
    from vmgen.cli.findings import print_findings
    from vmgen.reading.diagnostics import Report
    from vmgen.report.changes import report_of
    from vmgen.schema.versions import UnknownVersion

    try:
        config = find_config(Path.cwd())
    except ConfigError as error:
        raise UsageError(str(error)) from None
    report = Report()
    try:
        old = side(args.old, config, report)
        new = side(args.new, config, report)
        if old is None or new is None:
            # There is nothing to compare, so that the findings are what can be said.
            format = "full" if args.format == MARKDOWN else args.format
            print_findings(report, format, 1 + (args.old != args.new), console)
            return 1
        compared = compare(sides(old, new))
    except (Incomparable, UnknownVersion) as error:
        raise UsageError(str(error)) from None
    _print(compared, args, console)
    return 1 if report_of(compared, args.policy).has_errors else 0


def _print(compared: Compared, args: Arguments, console: Console) -> None:
    from vmgen.report import changes, markdown, renderer

    if args.format == MARKDOWN:
        console.out(markdown.render(compared, args.policy))
        return
    if args.format == "json":
        console.out(changes.json_text(compared, args.policy))
        return
    report = changes.report_of(compared, args.policy)
    console.out(renderer(args.format)(report, colour=console.colour))
    if args.format in ("full", "concise"):
        if len(report) and args.format == "full":
            console.out("\n")
        for line in changes.fingerprint_lines(compared):
            console.out(f"{line}\n")
        console.out(f"{changes.summary(compared, args.policy)}\n")
