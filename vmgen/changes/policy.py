"""Which changes fail, and how severe each is then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.changes import LEVELS, Level

if TYPE_CHECKING:
    from vmgen.changes.change import Found
    from vmgen.reading.diagnostics import Severity

POLICIES = {
    "compiled": "what breaks compiled code fails",
    "readers": "what breaks readers of memory fails too",
    "source": "what breaks source fails too",
    "any": "any change fails",
    "off": "nothing fails",
}
"""What each policy is, in words. The classes are nested: each has those before it."""

DEFAULT = "readers"
_LAST: dict[str, Level] = {
    "compiled": "compiled",
    "readers": "readers",
    "source": "source",
    "any": "none",
}


def fails(level: Level, policy: str) -> bool:
    """Whether changes of a class fail under a policy."""
    last = _LAST.get(policy)
    return last is not None and LEVELS.index(level) <= LEVELS.index(last)


def severity(found: Found, policy: str) -> Severity:
    """What a change is under a policy. One that is allowed is told and no more."""
    if found.allow is not None:
        return "note"
    if fails(found.kind.level, policy):
        return "error"
    return "note" if found.kind.level == "none" else "warning"
