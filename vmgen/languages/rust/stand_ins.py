"""What stands for a type where it isn't there, and something may point to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.rust.conditions import cfg_lines
from vmgen.languages.rust.docs import INDENT, SKIP
from vmgen.languages.rust.item import Item, in_brackets, marker, parameters, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.rust.conditions import Conditions
    from vmgen.schema import model as m

LONGEST = 58
"""Columns of a condition that rustfmt leaves on one line when it is negated."""

NO_ATOMIC = "the target lacks an atomic of it"
NOT_COMPILED = "its condition doesn't hold"


def stand_ins(
    declared: m.Declaration, needed: Sequence[str], conditions: Conditions
) -> list[Item]:
    """What stands for a declared type, one item or none. `needed` are the conditions
    without which it isn't there, its own first."""
    name, seen = declared.name, visible(declared.in_rust.visibility)
    params = parameters(declared)
    found = conditions.of(name)
    if found is None or name in conditions.standing_in:
        why = NOT_COMPILED if found else NO_ATOMIC
        return [stand_in(name, needed, seen, why, params)] if needed else []
    if len(needed) == 1:
        return []
    made = stand_in(name, needed[1:], seen, params=params)
    made.attributes = cfg_lines([found.text]) + made.attributes
    return [made]


def of_other_modules(module: m.Module, conditions: Conditions) -> list[Item]:
    """What stands for types of other modules that aren't always there."""
    names = sorted(conditions.standing_in & module.used.keys())
    found = [(module.types[name], conditions.of(name)) for name in names]
    return [
        stand_in(
            declared.name,
            [condition.text],
            why=NOT_COMPILED,
            params=parameters(declared),
        )
        for declared, condition in found
        if condition
    ]


def stand_in(
    name: str,
    needed: Sequence[str],
    seen: str = "pub ",
    why: str = NO_ATOMIC,
    params: tuple[str, ...] = (),
) -> Item:
    """What stands for a type where one of the conditions that it needs doesn't hold. That
    of a generic record has its parameters."""
    text = f"Stands for the type where {why}: all it allows is pointers."
    each = ", ".join(needed)
    one = each if len(needed) == 1 else f"all({each})"
    skip = SKIP if len(one) > LONGEST else ""
    cfg = f"{skip}#[cfg(not({one}))]\n"
    item = Item("stand_in", name, f"/// {text}\n", seen, attributes=cfg)
    if params:
        item.params = in_brackets(params)
        item.members = f"{INDENT}_about: {marker(params)},\n"
    return item
