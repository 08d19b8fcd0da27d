"""Two sides compared: all changes, in the order of the new schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.changes.allows import judged
from vmgen.changes.edit import Edit
from vmgen.changes.matching import matched_constants, matched_types
from vmgen.changes.meaning import Meanings
from vmgen.changes.places import Places
from vmgen.changes.records import by_value, compare_record
from vmgen.changes.said import said
from vmgen.changes.source import changed_source, kind_of
from vmgen.changes.subject import Comparison, Pair
from vmgen.rules import changes as kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.changes.change import Found
    from vmgen.changes.side import Sides
    from vmgen.schema.model import Allow


class Compared(msgspec.Struct, frozen=True):
    """Two sides, every change from the old one to the new, and those allows of changes in
    the new schema that are for these two and find none."""

    sides: Sides
    found: tuple[Found, ...]
    unused: tuple[Allow, ...]


def compare(sides: Sides) -> Compared:
    """What changed from the old side to the new one."""
    lane = sides.lanes[0]
    new_names = matched_types(lane.old, lane.new)
    places = Places(sides.new.module)
    comparison = Comparison(sides, Meanings(lane.old, lane.new, new_names), places)
    old_names = {new: old for old, new in new_names.items()}
    common = [name for name in lane.new if name in old_names]
    for name in by_value(lane.new, common):
        old_name = old_names.get(name)
        if old_name is not None:
            compare_record(
                comparison,
                Pair(
                    name,
                    old_name,
                    tuple(lane.old[old_name] for lane in sides.lanes),
                    tuple(lane.new[name] for lane in sides.lanes),
                ),
            )
    edits = [
        *comparison.edits,
        *_declarations(sides, new_names, places),
        *_constants(sides, places),
        *said(sides, old_names, places, comparison.edits),
    ]
    found = [
        edit.finished(
            sides.lanes, sides.kinds, comparison.members.get(edit.record or "", [])
        )
        for edit in edits
    ]
    return Compared(sides, *judged(found, places, sides))


def _declarations(
    sides: Sides, new_names: Mapping[str, str], places: Places
) -> list[Edit]:
    """Types that only one side has. One of another module is there because something
    is made of it, which is told where that is."""
    old, new = sides.old.first, sides.new.first
    found = []
    for name in old.types:
        if name not in new_names:
            helps: tuple[str, ...] = ()
            if name not in new.declared.reserved and name not in new.types:
                helps = (_RESERVE.format(name),)
            found.append(
                Edit(
                    kinds.DECLARATION_REMOVED,
                    f"the type `{name}` is removed",
                    None,
                    None,
                    places.span(None),
                    helps=list(helps),
                )
            )
    there = set(new_names.values())
    for name in new.types:
        if name not in there:
            found.append(
                Edit(
                    kinds.DECLARATION_ADDED,
                    f"the type `{name}` is added",
                    name,
                    None,
                    places.span(name),
                )
            )
    return found


_RESERVE = (
    "`reserved: [{}]` at the top of the schema keeps the name from coming back with another "
    "meaning"
)


def _constants(sides: Sides, places: Places) -> list[Edit]:
    old, new = sides.old.first.declared.constants, sides.new.first.declared.constants
    new_names = matched_constants(old, new)
    found = []
    for name, constant in old.items():
        where = new_names.get(name)
        if where is None:
            reserved = name in sides.new.first.declared.reserved or name in new
            found.append(
                Edit(
                    kinds.DECLARATION_REMOVED,
                    f"the constant `{name}` is removed, which is {constant.value}",
                    None,
                    None,
                    places.span(None),
                    helps=[] if reserved else [_RESERVE.format(name)],
                )
            )
            continue
        now = new[where]
        span = places.span(None, where)
        if where != name:
            found.append(
                Edit(
                    kinds.RENAMED,
                    f"the constant `{name}` is called `{where}`",
                    None,
                    where,
                    span,
                )
            )
        if (constant.type, constant.value) != (now.type, now.value):
            what = f"{now.value} instead of {constant.value}"
            if constant.type != now.type:
                what = f"a `{now.type}` instead of a `{constant.type}`"
                if constant.value != now.value:
                    what += f", {now.value} instead of {constant.value}"
            found.append(
                Edit(
                    kinds.CONSTANT_CHANGED,
                    f"the constant `{where}` is {what}",
                    None,
                    where,
                    span,
                )
            )
        found += [
            Edit(kind_of(key), f"`{key}` of `{where}` {how}", None, where, span)
            for key, how in changed_source(constant, now)
        ]
    there = set(new_names.values())
    for name, constant in new.items():
        if name not in there:
            found.append(
                Edit(
                    kinds.DECLARATION_ADDED,
                    f"the constant `{name}` is added, which is {constant.value}",
                    None,
                    name,
                    places.span(None, name),
                )
            )
    return found
