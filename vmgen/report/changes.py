"""Changes as findings, and what closes a report of them."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from vmgen.changes.policy import fails, severity
from vmgen.changes.wording import on_targets
from vmgen.reading.diagnostics import Diagnostic, Report
from vmgen.report.json import finding
from vmgen.rules.changes import LEVELS, UNUSED_CHANGE_ALLOW
from vmgen.rules.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.changes.change import Found
    from vmgen.changes.compare import Compared

FOR_WHOM = {
    "compiled": "for compiled code",
    "readers": "for readers of memory",
    "source": "for source",
    "none": "for nobody",
}
"""Each class of change in words."""


def report_of(compared: Compared, policy: str) -> Report:
    """All changes as findings, and allows that find none."""
    report = Report()
    for each in compared.found:
        report.append(diagnostic(each, policy))
    for found in _unused(compared):
        report.append(found)
    return report


def diagnostic(found: Found, policy: str) -> Diagnostic:
    """A change as a finding."""
    notes = [who_breaks(found), *found.details]
    helps = found.helps
    if found.allow is not None:
        notes.append(allowance(found))
        helps = ()
    return Diagnostic(
        found.kind.code,
        found.message,
        found.span,
        tuple(notes),
        helps,
        severity(found, policy),
    )


def who_breaks(found: Found) -> str:
    """`for compiled code: breaks compiled artifacts and Python readers`."""
    breaks = found.kind.breaks
    whom = listed(breaks) if breaks else "nobody"
    return f"{FOR_WHOM[found.kind.level]}: breaks {whom}" if breaks else "breaks nobody"


def allowance(found: Found) -> str:
    """What allows a change, in words."""
    assert found.allow is not None
    version = found.allow.version
    given = f" for {version}" if version else ""
    return f"allowed{given}: {found.allow.reason}"


def _unused(compared: Compared) -> Iterator[Diagnostic]:
    rule = UNUSED_CHANGE_ALLOW
    for allow in compared.unused:
        yield Diagnostic(
            rule.code,
            f"`{allow.rule}` is allowed here and isn't a change from "
            f"{compared.sides.old.name}",
            allow.span,
            (),
            ("remove it",),
            rule.severity,
        )


def json_text(compared: Compared, policy: str) -> str:
    """The list of findings that `check --format json` prints too; those about changes
    have more keys: `rule`, `class`, `breaks`, `type`, `part`, `allowed` (the reason and
    the version, or null), and `numbers`, the old and the new ones with their targets.
    """
    objects = [
        {**finding(d), **_more(found)}
        for d, found in sorted(
            ((diagnostic(f, policy), f) for f in compared.found),
            key=lambda pair: pair[0].sort_key,
        )
    ]
    objects += [finding(d) for d in _unused(compared)]
    return json.dumps(objects, indent=2) + "\n"


def _more(found: Found) -> dict[str, object]:
    allow = found.allow
    return {
        "rule": found.kind.name,
        "class": found.kind.level,
        "breaks": list(found.kind.breaks),
        "type": found.record,
        "part": found.part,
        "allowed": (
            {"reason": allow.reason, "version": allow.version} if allow else None
        ),
        "numbers": [
            {
                "targets": list(effect.targets),
                "changed": [
                    {
                        "type": n.record,
                        "part": n.part,
                        "what": n.what,
                        "old": n.old,
                        "new": n.new,
                        "counts": n.counts or None,
                        "unless": n.unless or None,
                        "moves": n.moves or None,
                    }
                    for n in effect.numbers
                ],
            }
            for effect in found.effects
        ],
    }


def fingerprints(compared: Compared) -> list[tuple[str, str, str]]:
    """Where, the old and the new fingerprint; targets with the same two together."""
    sides = compared.sides
    grouped: dict[tuple[str, str], list[str]] = {}
    for name in sides.kinds:
        pair = sides.old.targets[name].fingerprint, sides.new.targets[name].fingerprint
        grouped.setdefault(pair, []).append(name)
    return [
        (on_targets(names, sides.kinds), old, new)
        for (old, new), names in grouped.items()
    ]


def fingerprint_lines(compared: Compared) -> list[str]:
    """The same, a line each."""
    rows = fingerprints(compared)
    width = max(len(where) for where, _, _ in rows)
    return [
        f"fingerprint {where:{width}}  {old} -> {new if new != old else 'the same'}"
        for where, old, new in rows
    ]


def summary(compared: Compared, policy: str) -> str:
    """`3 changes: 1 for compiled code, 2 for nobody; 1 fails`."""
    found = compared.found
    names = f"from {compared.sides.old.name} to {compared.sides.new.name}"
    if not found:
        return f"no changes {names}"
    counted = Counter(f.kind.level for f in found)
    parts = [
        f"{counted[level]} {FOR_WHOM[level]}" for level in LEVELS if counted[level]
    ]
    allows = sum(f.allow is not None for f in found)
    if allows:
        parts.append(f"{allows} allowed")
    failing = sum(f.allow is None and fails(f.kind.level, policy) for f in found)
    verdict = f"{failing} fail{'s' * (failing == 1)}" if failing else "none fails"
    plural = "change" if len(found) == 1 else "changes"
    return f"{len(found)} {plural} {names}: {', '.join(parts)}; {verdict}"
