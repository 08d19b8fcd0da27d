"""Counts of contexts as calls set them: ``--set COUNT=N``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.cli.errors import UsageError
from vmgen.targets.data_model import U32_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.schema.model import Context


def counts(settings: Sequence[str], contexts: Iterable[Context]) -> dict[str, int]:
    """The counts that are set, by name, of contexts that have them. Raises UsageError."""
    from vmgen.reading.diagnostics import did_you_mean

    known = {count.name: count for context in contexts for count in context.counts}
    found = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not re.fullmatch(r"[0-9]{1,10}", value):
            raise UsageError(f"--set takes COUNT=N, as num_tags=3; found `{setting}`")
        if name not in known:
            hint = "".join(f", {h}" for h in did_you_mean(name, known))
            raise UsageError(f"no count is named `{name}`{hint}")
        most = 1 if known[name].flag else U32_MAX
        if int(value) > most:
            raise UsageError(f"`{name}` is at most {most}")
        found[name] = int(value)
    return found
