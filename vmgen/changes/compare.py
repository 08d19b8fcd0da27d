"""Two sides compared: all changes, in the order of the new schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.changes.allows import judged
from vmgen.changes.edit import Edit
from vmgen.changes.matching import renamed_constants, renamed_types
from vmgen.changes.meaning import Meanings
from vmgen.changes.places import Places
from vmgen.changes.records import by_value, compare_record
from vmgen.changes.said import said
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
    renamed = renamed_types(lane.old, lane.new)
    places = Places(sides.new.module)
    comparison = Comparison(sides, Meanings(lane.old, lane.new, renamed), places)
    old_names = {renamed.get(name, name): name for name in lane.old}
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
        *_declarations(sides, renamed, places),
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
    sides: Sides, renamed: Mapping[str, str], places: Places
) -> list[Edit]:
    """Types that only one side has. One of another module is there because something
    is made of it, which is told where that is."""
    lane = sides.lanes[0]
    old, new = sides.old.first, sides.new.first
    found = []
    for name in old.types:
        if name not in lane.new and name not in renamed:
            helps: tuple[str, ...] = ()
            if name not in new.declared.reserved:
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
    arrived = set(renamed.values())
    for name in new.types:
        if name not in lane.old and name not in arrived:
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
    renamed = renamed_constants(old, new)
    found = []
    for name, constant in old.items():
        now = new.get(renamed.get(name, name))
        if now is None:
            reserved = name in sides.new.first.declared.reserved
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
        where = renamed.get(name, name)
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
    arrived = set(renamed.values())
    for name, constant in new.items():
        if name not in old and name not in arrived:
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
