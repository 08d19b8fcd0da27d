"""`allow`: what was allowed in vain, and what can't be allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.reading.diagnostics import did_you_mean
from vmgen.rules.finding import Finding
from vmgen.rules.registry import Rule, all_rules, rule
from vmgen.schema.profiles import ADMITTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.rules.analysis import Analysis


def _allowable() -> dict[str, Rule]:
    return {r.name: r for r in all_rules() if r.allowable}


@rule(
    "VM901",
    "unused-allow",
    "An `allow` where there is nothing to allow.",
    stage="last",
    severity="warning",
)
def unused_allow(analysis: Analysis) -> Iterator[Finding]:
    """What is allowed is a promise to look at it again. When the fault is gone and the
    `allow` stays, the next fault of the kind at this place goes unseen.
    """
    rules = _allowable()
    for allow in analysis.allows:
        known = rules.get(allow.rule)
        # A rule that was not asked may yet find something.
        if (
            known is not None
            and known.stage in analysis.stages
            and allow.span not in analysis.used_allows
        ):
            yield Finding(
                f"`{allow.rule}` is allowed here and finds nothing",
                allow.span,
                notes=_admitted(analysis, known),
                helps=("remove it",),
            )


def _admitted(analysis: Analysis, rule: Rule) -> tuple[str, ...]:
    profile = analysis.module.profile
    if profile is None or rule.code not in ADMITTED:
        return ()
    return (f"the profile `{profile.name}` admits it",)


@rule(
    "VM905",
    "allowed-version",
    "An `allow` of a change without its version, or of something else with one.",
    stage="last",
)
def allowed_version(analysis: Analysis) -> Iterator[Finding]:
    """A change is there between two versions and gone with the next: what allows it is
    for one of them. What another rule finds is there as long as the schema is.
    """
    for allow in analysis.allows:
        known = _allowable().get(allow.rule)
        if known is None or (known.stage == "changes") == (allow.version is not None):
            continue
        reason = allow.reason
        if allow.version is None:
            yield Finding(
                f"`{allow.rule}` is allowed for no version",
                allow.span,
                notes=("changes are allowed for the version that they come with",),
                helps=(
                    f'write `{allow.rule}: {{reason: {reason}, version: "50"}}` with '
                    "that version",
                ),
            )
        else:
            yield Finding(
                f"`{allow.rule}` is no change, and is allowed for a version",
                allow.span,
                helps=(f"write `{allow.rule}: {reason}`",),
            )


@rule("VM902", "unknown-rule", "An `allow` of a rule that doesn't exist.", stage="last")
def unknown_rule(analysis: Analysis) -> Iterator[Finding]:
    """Rules are named in words, as `raw-pointer`. `vmgen explain` lists them."""
    rules = _allowable()
    for allow in analysis.allows:
        if allow.rule in rules:
            continue
        names = {r.name for r in all_rules()}
        if allow.rule not in names:
            yield Finding(
                f"there is no rule `{allow.rule}`",
                allow.span,
                notes=("`vmgen explain` lists the rules",),
                helps=did_you_mean(allow.rule, rules),
            )


@rule(
    "VM903",
    "rule-not-allowable",
    "An `allow` of a rule that can't be allowed.",
    stage="last",
)
def rule_not_allowable(analysis: Analysis) -> Iterator[Finding]:
    """A rule can be allowed where there is still something to emit: a raw pointer has a
    layout. It can't where there is none, as of a tuple, or where languages would
    disagree, as on an empty record.
    """
    rules = _allowable()
    for allow in analysis.allows:
        if allow.rule in rules:
            continue
        known = next((r for r in all_rules() if r.name == allow.rule), None)
        if known is not None:
            yield Finding(
                f"`{allow.rule}` can't be allowed",
                allow.span,
                notes=(f"`vmgen explain {known.code}` says why",),
                helps=("mend what it finds, and remove this",),
            )
