"""`profile` and `allow` of `[tool.vmgen]`: rules for all schemas of a project."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vmgen.reading.diagnostics import did_you_mean
from vmgen.reading.source import SourceFile, Span
from vmgen.schema.besides import Allow, Profile, ProjectRules
from vmgen.schema.profiles import C_ABI, VMSAFE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from vmgen.reading.diagnostics import Report


def project_rules(
    file: Path, table: Mapping[str, Any], fault: Callable[[str, str], Exception]
) -> ProjectRules:
    """What the table says of rules. Raises what `fault` makes of a key and of what was
    expected there."""
    return ProjectRules(
        _profile(table.get("profile", VMSAFE), fault),
        _allows(file, table.get("allow", {}), fault),
    )


def _profile(given: object, fault: Callable[[str, str], Exception]) -> Profile | None:
    if given == VMSAFE:
        return None
    if given == C_ABI or given == {C_ABI: ""}:
        raise fault(
            "profile", f'complete: say whose layouts these are, as `{{{C_ABI} = "…"}}`'
        )
    if isinstance(given, dict) and [*given] == [C_ABI]:
        reason = given[C_ABI]
        if isinstance(reason, str) and reason.strip():
            return Profile(C_ABI, reason)
    raise fault("profile", f'"{VMSAFE}", or `{{{C_ABI} = "a reason"}}`')


def _allows(
    file: Path, given: object, fault: Callable[[str, str], Exception]
) -> Mapping[str, Allow]:
    if not isinstance(given, dict):
        raise fault("allow", "a table of rules, each with the reason")
    from vmgen.rules.registry import all_rules

    text = file.read_bytes().decode()
    source = SourceFile(file, file.name, text)
    known = {rule.name: rule for rule in all_rules()}
    found = {}
    for name, reason in given.items():
        if not isinstance(reason, str) or not reason.strip():
            raise fault(f"allow.{name}", "a reason")
        rule = known.get(name)
        if rule is None:
            near = "".join(f", {h}" for h in did_you_mean(name, known)).rstrip("?")
            raise fault(f"allow.{name}", f"the name of a rule{near}")
        if not rule.allowable or rule.stage == "changes":
            raise fault(f"allow.{name}", "a rule that a project can allow")
        found[name] = Allow(name, reason, _place(source, name))
    return MappingProxyType(found)


def _place(source: SourceFile, name: str) -> Span:
    """Where a rule is allowed: the first key of its name behind the table's."""
    start = re.search(r"^\s*(\[tool\.vmgen\.allow\]|allow\s*=)", source.text, re.M)
    key = re.compile(rf"\b{re.escape(name)}\b(?=[\"']?\s*=)")
    found = key.search(source.text, start.end() if start else 0)
    return Span(source, found.start(), found.end()) if found else Span(source, 0, 0)


def find_unused(rules: ProjectRules, used: frozenset[str], report: Report) -> None:
    """Report what the project allows besides what was `used`, the names of rules."""
    for name, allow in rules.allow.items():
        if name not in used:
            report.add(
                "VM901",
                f"`{name}` is allowed in the whole project and finds nothing",
                allow.span,
                helps=("remove it",),
                severity="warning",
            )
