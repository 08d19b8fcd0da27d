"""Modules that use others: what the two have to agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.using import use_of
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import best_known, some

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.rules.analysis import Analysis
    from vmgen.schema.model import Module


@rule(
    "VM041",
    "unused-use",
    "A module that is used, and of which nothing is.",
    severity="warning",
)
def unused_use(analysis: Analysis) -> Iterator[Finding]:
    """A header that nothing is taken from is included all the same, and whoever changes
    that schema has to look at this one.
    """
    if not analysis.complete:
        return
    for use in analysis.module.uses:
        if not use.names:
            yield Finding(
                f"nothing of the module `{use.module.name}` is used",
                use.span,
                helps=("remove it",),
            )


@rule(
    "VM042",
    "different-features",
    "A feature that is on in one module and off in another that it uses.",
)
def different_features(analysis: Analysis) -> Iterator[Finding]:
    """A feature is one decision for everything that is built together. Where each of two
    schemas has its own, records of the one would have what those of the other lack.
    """
    module = analysis.module
    modules = [*module.modules_used, module]
    first_with: dict[str, Module] = {}
    for one in modules:
        for name, feature in one.features.items():
            other = first_with.setdefault(name, one)
            if other.features[name].enabled == feature.enabled:
                continue
            if one is not module and other in one.modules_used:
                # That one's own finding.
                continue
            place = other.features[name].span
            if one is module:
                span, here, there = (
                    feature.span,
                    "here",
                    f"in the module `{other.name}`",
                )
            else:
                span = use_of(module, one).span
                here = f"in the module `{one.name}`"
                there = f"in the module `{other.name}`"
            on, off = (here, there) if feature.enabled else (there, here)
            yield Finding(
                f"the feature `{name}` is on {on} and off {off}",
                span,
                notes=(f"the other is at {place.file.name}:{place.line}",),
                helps=(
                    "give both the same default, or decide it for all in "
                    "`[tool.vmgen.features]`",
                ),
            )


@rule(
    "VM307",
    "target-not-covered",
    "A target that a module is for, and one that it uses isn't.",
)
def target_not_covered(analysis: Analysis) -> Iterator[Finding]:
    """What is made of a module is right on the targets of its schema, and refuses others.
    Another module that is made of its records can't be for more targets than it. A data
    model of one's own is the same target where both describe it alike: put it into a
    fragment that both include.
    """
    module = analysis.module
    for use in module.uses:
        covered = {t.name: t.model for t in use.module.targets}
        if not covered:
            # None that it lists is one.
            continue
        missing = [t.name for t in module.targets if t.name not in covered]
        other = [
            t.name
            for t in module.targets
            if t.name in covered and covered[t.name] != t.model
        ]
        if missing:
            theirs = use.module.span.file.name
            ours = (
                "list the targets that this one is for under `targets`"
                if module.all_targets
                else "remove it here"
            )
            yield Finding(
                f"the module `{use.module.name}` is not for "
                f"{some(best_known(missing))}, and this one is",
                use.span,
                helps=(f"{ours}, or add what lacks to `targets` in {theirs}",),
            )
        for name in other:
            yield Finding(
                f"the modules `{module.name}` and `{use.module.name}` have two data "
                f"models called `{name}`",
                use.span,
                helps=("describe it once, in a fragment that both include",),
            )
