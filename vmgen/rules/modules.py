"""What the modules of one output folder have in common."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from vmgen.reading.diagnostics import Diagnostic
from vmgen.rules.collisions import declared_names
from vmgen.rules.registry import Rule
from vmgen.rules.reserved import reserved

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from vmgen.reading.diagnostics import Report
    from vmgen.reading.source import Span
    from vmgen.schema.model import Module

DECLARED_IN_TWO_MODULES = Rule(
    "VM031",
    "declared-in-two-modules",
    "A name that two modules of one output folder declare.",
    """Both headers in one C file declare the name twice, which the compiler refuses, and
    Rust has two types that can't stand for each other. So it is when two schemas include
    the same fragment with a type in it, too: what two modules need is declared by one
    that both use.

    `allow: {declared-in-two-modules: why}` at the top of one of the schemas is for modules
    that no program uses both of.""",
    severity="warning",
    allowable=True,
    stage="project",
)


def find_shared_names(modules: Collection[Module], report: Report) -> None:
    """Report each name that two of the modules declare, unless one of them allows it."""
    pairs = [pair for pair in combinations(modules, 2) if _may_meet(*pair)]
    if not pairs:
        return
    rule = DECLARED_IN_TWO_MODULES
    words = reserved()
    declared = {module.name: declared_names(module, words) for module in modules}
    # Versions of a schema have most names in common.
    told: set[tuple[str, str, str]] = set()
    for first, second in pairs:
        if rule.name in first.allow or rule.name in second.allow:
            continue
        if first in second.modules_used or second in first.modules_used:
            # No reason could make the two fit: `name-collision` is about it.
            continue
        for text, (name, span) in declared[second.name].items():
            other = declared[first.name].get(text)
            about = first.family, second.family, name
            if other is None or about in told:
                continue
            told.add(about)
            report.append(
                Diagnostic(
                    rule.code,
                    f"the modules `{first.name}` and `{second.name}` both declare `{text}`",
                    span,
                    tuple(_notes(first, second, span, other[1])),
                    (
                        f"{_how_to_share(span, other[1])}, or allow it at the top of one "
                        "schema with the reason why no program uses both",
                    ),
                    rule.severity,
                )
            )


def _may_meet(first: Module, second: Module) -> bool:
    """Whether a program may use both: it is made for one version of each schema, and for
    the same one of schemas that have versions."""
    if first.version is None or second.version is None:
        return True
    return first.path != second.path and first.version == second.version


def _how_to_share(span: Span, other: Span) -> str:
    if span == other:
        path = span.file.name
        return f"give {path} a `module`, and name it under `uses` instead of `include`"
    return "use the module of the one in the other (`uses`), or rename one of them"


def _notes(first: Module, second: Module, span: Span, other: Span) -> Iterator[str]:
    if span == other:
        schemas = f"{first.span.file.name} and {second.span.file.name}"
        yield f"{schemas} both include {span.file.name}"
    else:
        yield f"the other is at {other.file.name}:{other.line}"
