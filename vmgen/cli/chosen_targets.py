"""Which targets `vmgen layout` shows, of those that the versions of a module have."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from vmgen.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.schema.model import ModelTarget, Module

DEFAULT_TARGET = "x86_64-unknown-linux-gnu"


def chosen_targets(
    patterns: Sequence[str], modules: Sequence[Module]
) -> list[list[ModelTarget]]:
    """The targets to show of each module, which are one or the versions of one: those of
    its own that a pattern fits, or without patterns one that all have.

    Raises UsageError where there is none.
    """
    wanted = patterns or [_default_target(modules)]
    every = {t.name: t for module in modules for t in module.targets}
    for pattern in wanted:
        if not any(fnmatchcase(name, pattern) for name in every):
            raise UsageError(_no_target(pattern, every))
    found = []
    for module in modules:
        chosen = {
            t.name: t
            for pattern in wanted
            for t in module.targets
            if fnmatchcase(t.name, pattern)
        }
        if not chosen:
            raise UsageError(
                f"{module.version} has no target `{'` or `'.join(wanted)}`; "
                "name one of its own by --target, too"
            )
        found.append(list(chosen.values()))
    return found


def _default_target(modules: Sequence[Module]) -> str:
    """The target to show where none is named, one that all versions have."""
    first, *others = [[t.name for t in module.targets] for module in modules]
    common = [name for name in first if all(name in other for other in others)]
    if not common:
        raise UsageError(
            "these versions have no target in common; name one of each by --target"
        )
    return DEFAULT_TARGET if DEFAULT_TARGET in common else common[0]


def _no_target(name: str, own: dict[str, ModelTarget]) -> str:
    from vmgen.reading.diagnostics import did_you_mean
    from vmgen.targets.find import TARGETS

    if any(fnmatchcase(triple, name) for triple in TARGETS):
        return f"the schema has no target `{name}`; list it there under `targets`"
    hint = "".join(f", {h}" for h in did_you_mean(name, own))
    return f"the schema has no target `{name}`{hint}"
