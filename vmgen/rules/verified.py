"""What came of holding a schema against a binary, as findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.reading.diagnostics import Diagnostic
from vmgen.rules import binaries as rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.binaries.verify import Candidate, Verified
    from vmgen.layout.layouts import Layouts

_RULES = {
    "size": rules.SIZE_IN_BINARY,
    "members": rules.MEMBERS_IN_BINARY,
    "name": rules.MEMBERS_IN_BINARY,
    "offset": rules.OFFSET_IN_BINARY,
    "type": rules.TYPE_IN_BINARY,
    "values": rules.VALUES_IN_BINARY,
    "null": rules.NULL_IN_BINARY,
}


def findings(verified: Verified, layouts: Layouts) -> Iterator[Diagnostic]:
    """A finding for each difference, and for each type that isn't verified."""
    for differs in verified.differs:
        difference = differs.difference
        rule = _RULES[difference.kind]
        yield Diagnostic(
            rule.code,
            difference.message,
            difference.span,
            (*difference.notes, _where(differs.candidate)),
            severity=rule.severity,
        )
    rule = rules.NOT_IN_BINARY
    for name, why in verified.unverified.items():
        span = layouts.module.types[name].span
        yield Diagnostic(
            rule.code, f"`{name}` isn't verified: {why}", span, severity=rule.severity
        )


def _where(candidate: Candidate) -> str:
    """The binary, the type there, and where its source declares it."""
    place = getattr(candidate.type, "place", None)
    source = f", declared at {place.file}:{place.line}" if place else ""
    return f"in {candidate.image} it is `{candidate.path}`{source}"
