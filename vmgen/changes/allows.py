"""Changes that the new schema allows: at their place, with a reason, for one version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen import releases
from vmgen.analysis.members import members_of
from vmgen.rules.changes import CHANGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.changes.change import Found
    from vmgen.changes.places import Places
    from vmgen.changes.side import Sides
    from vmgen.reading.source import Span
    from vmgen.schema.model import Allow

_NAMES = frozenset(change.name for change in CHANGES)


def judged(
    found: Iterable[Found], places: Places, sides: Sides
) -> tuple[tuple[Found, ...], tuple[Allow, ...]]:
    """Changes with what allows each, the nearest first; and what is allowed in vain."""
    used: set[Span] = set()
    made = []
    for each in found:
        for allows in places.allows(each.record, each.part):
            allow = allows.get(each.kind.name)
            if allow is not None and _is_for(allow, sides):
                used.add(allow.span)
                each = msgspec.structs.replace(each, allow=allow)
                break
        made.append(each)
    unused = [a for a in _all(places) if a.span not in used and _is_for(a, sides)]
    return tuple(made), tuple(unused)


def _all(places: Places) -> Iterator[Allow]:
    """Every allow of a change in the new schema."""
    module = places.module
    if module is None:
        return
    allows = [module.allow]
    for declared in module.own_types.values():
        allows += [declared.allow, *(member.allow for member in members_of(declared))]
    for each in allows:
        yield from (allow for allow in each.values() if allow.rule in _NAMES)


def _is_for(allow: Allow, sides: Sides) -> bool:
    """Whether an allow is for what came between the two sides.

    That is so where its version has the new side and not the old one. Where a schema says
    nothing of its version, whatever is allowed in it is for the comparison.
    """
    terms = releases.terms(allow.version or "")
    new = releases.numbers(sides.new.version or "")
    old = releases.numbers(sides.old.version or "")
    if terms is None or new is None:
        return True
    return _has(terms, new) and (old is None or not _has(terms, old))


def _has(terms: Sequence[releases.Term], release: releases.Numbers) -> bool:
    spans = [term.span(len(release)) for term in terms]
    return any(span.holds(release, release) for span in spans)
