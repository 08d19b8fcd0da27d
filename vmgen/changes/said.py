"""What is said of things and changes no byte: documentation, reasons, reserved names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.changes.edit import Edit
from vmgen.rules import changes as kinds
from vmgen.rules.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from vmgen.changes.places import Places
    from vmgen.changes.saved import Record, Saved
    from vmgen.changes.side import Sides

_CHANGES = frozenset(change.name for change in kinds.CHANGES)


def said(
    sides: Sides,
    old_names: Mapping[str, str],
    places: Places,
    edits: Iterable[Edit],
) -> Iterator[Edit]:
    """Documentation and reasons that changed, one finding for each record, and names
    that are reserved no more. `old_names` are those of types on both sides.

    What is said of a part that has changed otherwise is told there: `edits` are those.
    """
    old, new = sides.old.first.declared, sides.new.first.declared
    told = {
        (edit.record, part): edit
        for edit in edits
        if edit.kind.level != "none"
        for part in (edit.part, *edit.also)
    }
    yield from _about(None, {"": old}, {"": new}, places, told)
    constants = {n: c.doc for n, c in new.constants.items() if n in old.constants}
    changed = [n for n, doc in constants.items() if doc != old.constants[n].doc]
    if changed:
        yield Edit(
            kinds.DOCUMENTATION_CHANGED,
            f"the documentation of {_names(changed)} changed",
            None,
            changed[0],
            places.span(None, changed[0]),
        )
    yield from _dropped(None, old.reserved, new.reserved, places)
    before_types = sides.old.first.types
    for name, record in sides.new.first.types.items():
        before = before_types.get(old_names.get(name, ""))
        if before is not None:
            yield from _about(name, _things(before), _things(record), places, told)
            yield from _dropped(name, before.reserved, record.reserved, places)


def _things(record: Record) -> dict[str, Saved]:
    """A record, under no name, and what in it has one. Tags and payloads have none."""
    found: dict[str, Saved] = {"": record}
    if record.kind != "enum":
        found |= {part.name: part for part in record.fields}
    found |= {region.name: region for region in record.regions}
    return found | {variant.name: variant for variant in record.variants}


def _about(
    record: str | None,
    old: Mapping[str, Saved],
    new: Mapping[str, Saved],
    places: Places,
    told: Mapping[tuple[str | None, str | None], Edit],
) -> Iterator[Edit]:
    common = [name for name in new if name in old]
    docs = [name for name in common if new[name].doc != old[name].doc]
    docs += _counts(old[""], new[""])
    reasons = [n for n in common if _reasons(new[n]) != _reasons(old[n])]
    for kind, names, what, beside in (
        (
            kinds.DOCUMENTATION_CHANGED,
            docs,
            "the documentation of {} changed",
            "its documentation changed too",
        ),
        (
            kinds.ALLOWS_CHANGED,
            reasons,
            "other things are allowed in {}, or for other reasons",
            "other things are allowed there too, or for other reasons",
        ),
    ):
        changed = []
        for name in names:
            edit = told.get((record, name or None))
            if edit is None:
                changed.append(name)
            else:
                if beside not in edit.details:
                    edit.details.append(beside)
        if changed:
            parts = [f"{record}.{n}" if n else record or "the module" for n in changed]
            where = _names(parts) if record else parts[0]
            place = changed[0] or None
            yield Edit(
                kind, what.format(where), record, place, places.span(record, place)
            )


def _counts(old: Saved, new: Saved) -> list[str]:
    """Counts that both contexts have, and say something else of."""
    before, after = getattr(old, "counts", {}), getattr(new, "counts", {})
    was, now = getattr(old, "count_docs", {}), getattr(new, "count_docs", {})
    return [n for n in after if n in before and was.get(n, "") != now.get(n, "")]


def _reasons(thing: Saved) -> dict[str, str]:
    """What is allowed, changes aside: those are for a version, and come and go."""
    return {rule: why for rule, why in thing.allow.items() if rule not in _CHANGES}


def _dropped(
    record: str | None,
    old: tuple[str, ...],
    new: tuple[str, ...],
    places: Places,
) -> Iterator[Edit]:
    dropped = [name for name in old if name not in new]
    if dropped:
        where = f" in `{record}`" if record else ""
        verb = "is" if len(dropped) == 1 else "are"
        yield Edit(
            kinds.RESERVATION_DROPPED,
            f"{_names(dropped)} {verb} not reserved any more{where}",
            record,
            None,
            places.span(record),
        )


def _names(names: list[str]) -> str:
    shown = [f"`{name}`" for name in names[:4]]
    if len(names) > 5:
        return f"{', '.join(shown)} and {len(names) - 4} more"
    return listed([f"`{name}`" for name in names])
