"""`vmgen doc`: write a page that shows a module's layouts."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.build import write
from vmgen.build.atomic import clear_leftovers
from vmgen.build.config import ConfigError, find_config
from vmgen.build.project import NoSchemas, find_schemas, generated_name
from vmgen.cli.arguments import Call, add_version, refuse_empty
from vmgen.cli.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from vmgen.cli.console import Console


class Arguments(Call, frozen=True, kw_only=True):
    schema: str
    out: str | None = None
    check: bool = False
    version: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("schema", metavar="SCHEMA")
    parser.add_argument(
        "-o", "--out", metavar="FILE", help="the page; default: MODULE.html"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when not current"
    )
    add_version(parser, "the newest")


def run(args: Arguments, console: Console) -> int:
    from vmgen.build import pipeline
    from vmgen.cli.findings import print_findings
    from vmgen.cli.progress import Progress
    from vmgen.languages.job import Output
    from vmgen.reading.diagnostics import Report
    from vmgen.schema import UnknownVersion
    from vmgen.show.page.page import page

    refuse_empty("--out", args.out)
    try:
        config = find_config(Path.cwd())
        schemas = find_schemas([args.schema], config)
    except (ConfigError, NoSchemas) as error:
        raise UsageError(str(error)) from None
    if len(schemas) != 1:
        raise UsageError(f"`{args.schema}` holds {len(schemas)} schemas; name one")
    report = Report()
    try:
        with Progress(console) as progress:
            checked = pipeline.check(schemas, config, report, progress, every=True)
            # Another time, for the version that the page begins with.
            named = pipeline.read(schemas, config, Report(), version=args.version)
    except UnknownVersion as error:
        raise UsageError(str(error)) from None
    if report.has_errors or not checked:
        print_findings(report, "full", len(schemas), console)
        return 1
    module = named[0]
    out = Path(args.out or f"{module.family}.html")
    schema = generated_name(schemas[0].path, config)
    words = ["vmgen", "doc", schema, "-o", generated_name(out, config)]
    words += ["--version", args.version] if args.version else []
    made = [each for each in checked if each.module.path == module.path]
    versions = [
        (version.text, each.layouts)
        for version in module.versions
        for each in made
        if version in each.module.listed
    ]
    shown = module.listed[-1].text if module.listed else ""
    text = page(made[0].layouts, schema, shlex.join(words), versions, shown)
    try:
        _refuse_device(out)
        planned = write.changes(out.parent, out.parent, [Output(out.name, text)])
        if not args.check:
            write.apply(planned)
            clear_leftovers(out.parent)
    except write.NotOurs as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"can't write: {error.filename}: {reason}") from None
    kind = planned[0].kind
    if args.check and kind != "same":
        fix = ["vmgen", "doc", args.schema, *(["-o", args.out] if args.out else [])]
        fix += ["--version", args.version] if args.version else []
        console.out(f"{kind:<8} {out.as_posix()}\nfix: {shlex.join(fix)}\n")
        return 1
    console.out(f"{kind:<8} {out.as_posix()}\n")
    return 0


def _refuse_device(out: Path) -> None:
    """Refuse what is neither a file nor a folder, which has a message of its own.

    What is there is read before it is replaced, and devices may have no end.
    """
    if out.exists() and not out.is_file() and not out.is_dir():
        raise UsageError(
            f"{out} is no regular file, and the page is to be written there"
        )
