"""What moved a number: the last edit before it, or a record that is held by value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.order import embedded_name
from vmgen.changes import numbers
from vmgen.changes.change import Number
from vmgen.changes.edit import BEFORE_ALL, Edit
from vmgen.changes.matching import Matched
from vmgen.changes.meaning import type_of
from vmgen.changes.members import extent_of, members_of
from vmgen.rules import changes as kinds

if TYPE_CHECKING:
    from vmgen.changes.change import Number
    from vmgen.changes.edit import Edit
    from vmgen.changes.matching import Matched
    from vmgen.changes.saved import Record
    from vmgen.changes.subject import Subject


def attribute(it: Subject, matched: Matched) -> None:
    """Put every number that changed to what moved it."""
    counts = it.whole.renamed_counts.get(it.name, {})
    resizing: dict[int, Edit] = {}
    for index, (old, new) in enumerate(zip(it.pair.old, it.pair.new, strict=True)):
        for position, number in numbers.of(it.name, old, new, matched.pairs, counts):
            for edit in _movers(it, index, position, number, old, new, matched):
                edit.attach(index, number)
                if number.part is None or number.what == "stride":
                    resizing[id(edit)] = edit
    if resizing:
        it.whole.resized[it.name] = list(resizing.values())


def _movers(
    it: Subject,
    lane: int,
    position: float,
    number: Number,
    old: Record,
    new: Record,
    matched: Matched,
) -> list[Edit]:
    """What moved what is at a position: the last edit before it that moves something,
    or a part there that holds a record of another size."""
    own = [e for e in it.edits if e.moves and e.position <= position]
    last = max(own, key=lambda e: e.position) if own else None
    held = _held(it, old, new, matched, position)
    if held and (last is None or held[0] > last.position):
        return held[1]
    if last is not None:
        return [last]
    later = [e for e in it.edits if e.moves]
    if later:
        return [min(later, key=lambda edit: edit.position)]
    if it.new.kind == "enum" or it.new.of is not None:
        roots = _held_by_type(it)
        if roots:
            return roots
    return [
        it.edit(
            kinds.RECORD_RESIZED,
            f"`{it.name}` is laid out in another way",
            None,
            position=BEFORE_ALL,
            moves=True,
        )
    ]


def _held(
    it: Subject, old: Record, new: Record, matched: Matched, position: float
) -> tuple[float, list[Edit]] | None:
    """The last part up to a position that holds a record which was resized, with the
    edits that did that."""
    before, after = members_of(old), members_of(new)
    found = None
    for one, other in matched.pairs:
        if other <= position and extent_of(before[one]) != extent_of(after[other]):
            name = embedded_name(type_of(after[other].type))
            roots = it.whole.resized.get(name or "")
            if roots and (found is None or other > found[0]):
                found = float(other), roots
    return found


def _held_by_type(it: Subject) -> list[Edit]:
    """The edits that resized what a newtype wraps or an enum's payloads hold."""
    texts = [it.new.of] if it.new.of else [v.type for v in it.new.variants]
    found: dict[int, Edit] = {}
    for text in texts:
        name = embedded_name(type_of(text)) if text else None
        for edit in it.whole.resized.get(name or "", ()):
            found[id(edit)] = edit
    return list(found.values())
