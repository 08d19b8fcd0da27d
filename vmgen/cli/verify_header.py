"""`vmgen verify --header`: hold a schema against the header that owns its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.cli.errors import UsageError
from vmgen.cli.packages import need
from vmgen.report import renderer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.cli.console import Console
    from vmgen.layout.layouts import Layouts
    from vmgen.reading.diagnostics import Report


class Question(msgspec.Struct, frozen=True):
    """What a call asks: which schema, of which version, for which target, with which flags
    of clang's, and the format of the answer."""

    schema: str | None
    version: str | None
    target: str | None
    flags: Sequence[str]
    format: str


def run(args: Question, console: Console) -> int:
    from vmgen.cli.findings import print_findings
    from vmgen.cli.one_schema import one_schema
    from vmgen.reading.diagnostics import Report

    need({"clang": "libclang"}, "verify reads headers")
    report = Report()
    checked, _ = one_schema(
        args.schema, args.version, report, "a header is held against"
    )
    if not checked:
        print_findings(report, args.format, 1, console)
        return 1
    found = Report()
    said = _held(checked[0].layouts, args, found)
    console.out(renderer(args.format)(found, colour=console.colour))
    if args.format in ("full", "concise"):
        console.out(("\n" if len(found) and args.format == "full" else "") + said)
    else:
        console.beside(said)
    return 1 if found.has_errors else 0


def _held(layouts: Layouts, args: Question, report: Report) -> str:
    """The findings go to `report`; what was compared, in words."""
    from vmgen.imports.apart import apart
    from vmgen.imports.clang_values import Asked, values
    from vmgen.imports.found import ImportFailed
    from vmgen.languages.c.owner import expression, facts, head, of
    from vmgen.rules.held import findings, refused
    from vmgen.text import plural

    module = layouts.module
    owner = module.owner
    if owner is None:
        raise UsageError(f"`{module.name}` names no header under `c`")
    target = _target(layouts, args.target)
    own = [r for r in layouts.records() if r.name not in module.used]
    index = layouts.class_of(target).index
    blocks = [
        [fact for fact in block if index not in fact.absent]
        for block in facts(layouts, own)
    ]
    asked = [Asked(expression(fact), of(fact)) for block in blocks for fact in block]
    try:
        told = apart(values, head(owner), asked, target, args.flags)
    except ImportFailed as error:
        raise UsageError(str(error)) from None
    headers = ", ".join(word.text for word in owner.headers)
    if told.refused:
        which = 0 if told.line is None else told.line - len(owner.defines)
        header = owner.headers[max(which, 0)]
        report.append(refused(header.span, told.refused, target))
        return f"nothing of `{module.name}` is compared with {headers} on {target}\n"
    for finding in findings(blocks, told.numbers, told.faults, index, target):
        report.append(finding)
    faults = f", {plural(len(report), 'difference')}" if len(report) else ""
    return (
        f"{plural(len(told.numbers), 'number')} of `{module.name}` compared with "
        f"{headers} on {target}{faults}\n"
    )


def _target(layouts: Layouts, name: str | None) -> str:
    """The target of the schema's to compare on. Raises `UsageError`."""
    from vmgen.imports.found import ImportFailed
    from vmgen.imports.host import host
    from vmgen.reading.diagnostics import did_you_mean
    from vmgen.targets.find import TARGETS

    known = [t.name for t in layouts.module.targets if t.name in TARGETS]
    if name is None:
        try:
            name = host()
        except ImportFailed as error:
            raise UsageError(str(error)) from None
        if name not in known:
            raise UsageError("name one of the schema's targets by --target")
    if name not in known:
        hint = "".join(f", {h}" for h in did_you_mean(name, known))
        raise UsageError(f"the schema has no target `{name}` that clang knows{hint}")
    return name
