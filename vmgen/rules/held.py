"""What came of holding a schema against the header that owns it, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.c.owner import patterns
from vmgen.reading.diagnostics import Diagnostic
from vmgen.rules import headers as rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.languages.c.owner import Fact
    from vmgen.reading.source import Span
    from vmgen.rules.registry import Rule


def refused(span: Span, why: str, target: str) -> Diagnostic:
    """A header that doesn't compile; `span` is where the schema names it."""
    message = f"the header doesn't compile for {target}: {why}"
    return _finding(rules.NOT_IN_HEADER, message, span)


def findings(
    blocks: Sequence[Sequence[Fact]],
    numbers: Mapping[int, int],
    faults: Mapping[int, str],
    index: int,
    target: str,
) -> Iterator[Diagnostic]:
    """A finding for each name that the header lacks, and for each number that it has
    otherwise. `numbers` and `faults` are by the place of a fact among all of them, `index`
    is the layout class of the target."""
    place = 0
    for block in blocks:
        lacking: set[str] = set()
        for at, fact in enumerate(block, place):
            record = fact.name.partition(".")[0] if fact.type else fact.name
            if lacking.isdisjoint((record, fact.name)):
                if at in faults:
                    lacking.add(fact.name)
                    yield _missing(fact, faults[at])
                elif numbers[at] not in patterns(fact, index):
                    yield _differs(fact, numbers[at], index, target)
        place += len(block)


def _missing(fact: Fact, why: str) -> Diagnostic:
    return _finding(
        rules.NOT_IN_HEADER,
        f"the header has no `{_in_c(fact)}`",
        fact.span,
        notes=(f"clang says: {why}",),
        helps=(
            "write its name there as `c_name`, or list "
            f"`{fact.name}` under `without` of `c`",
        ),
    )


def _differs(fact: Fact, theirs: int, index: int, target: str) -> Diagnostic:
    ours = fact.numbers[index]
    if fact.what == "value" and ours < 0 and theirs >> 63:
        theirs -= 1 << 64
    what = {
        "width": "size", "stride": "size of an element", "scalar alignment": "alignment",
        "bits": "number of bits",
    }.get(fact.what, fact.what)  # fmt: skip
    return _finding(
        rules.DIFFERS_FROM_HEADER,
        f"the {what} of `{fact.name}` is {ours}, and that of the header's "
        f"`{_in_c(fact)}` {theirs}",
        fact.span,
        notes=(f"on {target}",),
    )


def _in_c(fact: Fact) -> str:
    return ".".join(name for name in (fact.type, fact.member) if name)


def _finding(
    rule: Rule,
    message: str,
    span: Span,
    notes: tuple[str, ...] = (),
    helps: tuple[str, ...] = (),
) -> Diagnostic:
    return Diagnostic(rule.code, message, span, notes, helps, severity=rule.severity)
