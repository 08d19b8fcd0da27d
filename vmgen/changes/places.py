"""Where the new schema says what, and what it allows there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.members import members_of
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.reading.source import Span


class Places:
    """Looks up spans and allows of a module; without one nothing is found."""

    def __init__(self, module: m.Module | None) -> None:
        self.module = module
        self._members: dict[str, dict[str, _Member]] = {}

    def span(self, record: str | None, part: str | None = None) -> Span | None:
        """Where a part is declared, or its record, or else the module."""
        if self.module is None:
            return None
        if record is None:
            constant = self.module.constants.get(part or "")
            return constant.span if constant else self.module.span
        declared = self.module.types.get(record)
        if declared is None:
            return self.module.span
        member = self._members_of(declared).get(part or "")
        return member.span if member else declared.span

    def allows(
        self, record: str | None, part: str | None
    ) -> list[Mapping[str, m.Allow]]:
        """What is allowed there, the nearest first."""
        if self.module is None:
            return []
        found: list[Mapping[str, m.Allow]] = []
        declared = self.module.types.get(record or "")
        if declared is not None:
            member = self._members_of(declared).get(part or "")
            if member is not None:
                found.append(member.allow)
            found.append(declared.allow)
        return [*found, self.module.allow]

    def _members_of(self, declared: m.Declaration) -> dict[str, _Member]:
        members = self._members.get(declared.name)
        if members is None:
            members = {o.name: _Member(o.span, o.allow) for o in members_of(declared)}
            if isinstance(declared, m.Context):
                members |= {
                    c.name: _Member(c.span, m.NO_ALLOWS) for c in declared.counts
                }
            self._members[declared.name] = members
        return members


class _Member(msgspec.Struct, frozen=True):
    span: Span
    allow: Mapping[str, m.Allow]
