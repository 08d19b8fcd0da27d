"""Parts of records: fields and regions alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.changes.saved import Part, Region

if TYPE_CHECKING:
    from vmgen.changes.saved import Record


Member = Part | Region


def members_of(record: Record) -> list[Member]:
    return [*record.fields, *record.regions]


def extent_of(member: Member) -> tuple[int, int]:
    if isinstance(member, Part):
        return member.size, member.align
    return member.stride, member.align


def extent_in(record: Record, like: Record, name: str) -> tuple[int, int]:
    index = [m.name for m in members_of(like)].index(name)
    return extent_of(members_of(record)[index])


def region_of(record: Record, name: str) -> Region:
    return next(r for r in record.regions if r.name == name)
