"""What a rule's function yields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.analysis.uses import Use
    from vmgen.reading.source import Span
    from vmgen.schema.model import Allow


class Finding(msgspec.Struct, frozen=True):
    """A fault at a place; `vmgen.rules.run` makes a `Diagnostic` of it.

    `allows` are the places that may allow it, the nearest first. A `firm` finding
    means that there is no layout to go on with: it can't be allowed, and the rules
    about layouts don't run. One `in_all_profiles` stands whatever a profile admits of its rule.
    """

    message: str
    span: Span
    allows: tuple[Mapping[str, Allow], ...] = ()
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    firm: bool = False
    in_all_profiles: bool = False


def about(
    use: Use,
    message: str,
    *,
    notes: tuple[str, ...] = (),
    helps: tuple[str, ...] = (),
    in_all_profiles: bool = False,
) -> Finding:
    """A finding about a part of a type; firm when it has no layout."""
    firm = not use.misuse.defined
    return Finding(message, use.span, use.allows, notes, helps, firm, in_all_profiles)
