"""Fields, slots and regions: which are there, in which order, of which types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.changes.accesses import compare_accesses
from vmgen.changes.matching import Matched, match
from vmgen.changes.members import Member, extent_in, members_of
from vmgen.changes.regions import compare_regions, compare_roundings, renamed_counts
from vmgen.changes.saved import Part, Region
from vmgen.changes.source import compare_source
from vmgen.changes.subject import reserve, unless_said
from vmgen.changes.types import compare_types
from vmgen.changes.wording import on_targets
from vmgen.rules import changes as kinds
from vmgen.text import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.changes.matching import Matched
    from vmgen.changes.members import Member
    from vmgen.changes.saved import Record
    from vmgen.changes.subject import Subject


def compare_parts(it: Subject) -> Matched:
    """Fields, slots and regions: which are there, in which order, of which types."""
    old, new = members_of(it.old), members_of(it.new)
    meanings = it.whole.meanings
    matched = match(
        old,
        new,
        lambda one, other: type(one) is type(other)
        and not meanings.between(one.type, other.type) - {"parameters"}
        and _same_place(one, other),
    )
    it.whole.renamed_counts[it.name] = renamed_counts(
        it.old, it.new, [(old[i], new[j]) for i, j in matched.pairs]
    )
    for index in matched.removed:
        _removed(it, old[index], index, matched)
    for index in matched.added:
        member = new[index]
        it.edit(
            kinds.PART_ADDED,
            f"`{it.name}.{member.name}` is added{_at(it, index)}",
            member.name,
            position=index,
            moves=True,
        )
    _order(it, matched, new)
    for one, other in matched.pairs:
        _part(it, old[one], new[other], other)
    compare_roundings(it, [(j, old[i], new[j]) for i, j in matched.pairs])
    return matched


def _removed(it: Subject, member: Member, index: int, matched: Matched) -> None:
    before = [j for i, j in matched.pairs if i < index]
    it.edit(
        kinds.PART_REMOVED,
        f"`{it.name}.{member.name}` is removed",
        None,
        position=max(before, default=-1) + 0.5,
        moves=True,
        helps=reserve(it, member.name),
    )


def _at(it: Subject, index: int) -> str:
    """Where a part that is added begins, if that depends on no counts."""
    if index >= len(it.new.fields):
        return ""
    whole = it.whole
    by_offset: dict[str, list[str]] = {}
    somewhere = False
    for lane, record in zip(whole.lanes, it.pair.new, strict=True):
        part = record.fields[index]
        somewhere |= part.absent
        if not part.absent:
            by_offset.setdefault(part.shown_offset, []).extend(lane.targets)
    if not by_offset:
        return ", on none of the targets that are on both sides"
    compared = whole.sides.kinds
    if len(by_offset) == 1 and not somewhere:
        return f" at {next(iter(by_offset))}"
    return " " + " and ".join(
        f"at {offset} {on_targets(targets, compared)}"
        for offset, targets in by_offset.items()
    )


def _order(it: Subject, matched: Matched, new: Sequence[Member]) -> None:
    if not matched.reordered:
        return
    moved = sorted(matched.reordered)
    names = ", ".join(f"`{new[index].name}`" for index in moved)
    verb = "is" if len(moved) == 1 else "are"
    what = f"{names} of `{it.name}` {verb} in another place"
    if it.new.kind == "union":
        it.edit(
            kinds.TYPE_RESPELLED,
            f"{what} among the members, with the same bytes",
            new[moved[0]].name,
        )
        return
    first = min(matched.pairs, key=lambda pair: pair[1])[1]
    it.edit(
        kinds.PART_REORDERED,
        what,
        new[moved[0]].name,
        position=first - 0.25,
        moves=True,
    )


def _part(it: Subject, old: Member, new: Member, position: int) -> None:
    where = f"`{it.name}.{new.name}`"
    if old.name != new.name:
        it.edit(
            kinds.RENAMED,
            f"`{it.name}.{old.name}` is called `{new.name}`",
            new.name,
            helps=unless_said(
                old.name in new.was, "it has the type and the place of the old one"
            ),
        )
    if it.new.kind != "enum":
        resized = any(
            extent_in(a, it.old, old.name) != extent_in(b, it.new, new.name)
            for a, b in zip(it.pair.old, it.pair.new, strict=True)
            if not (_is_absent(a, it.old, old) or _is_absent(b, it.new, new))
        )
        compare_types(it, where, old.type, new.type, new.name, position, resized)
    compare_accesses(it, where, old, new)
    compare_source(it, where, old, new, new.name)
    if isinstance(old, Part) and isinstance(new, Part):
        _byte_order(it, where, old, new)
        _fixed_value(it, where, old, new)
        _bits(it, where, old, new, position)
        _targets(it, where, old, new, position)
    if isinstance(old, Region) and isinstance(new, Region):
        compare_regions(it, where, old, new, position)


def _is_absent(record: Record, like: Record, member: Member) -> bool:
    """Whether a part isn't there in a record, which has the parts of another."""
    found = members_of(record)[members_of(like).index(member)]
    return isinstance(found, Part) and found.absent


def _targets(it: Subject, where: str, old: Part, new: Part, position: float) -> None:
    """The targets that a part is there on."""
    gained: list[str] = []
    lost: list[str] = []
    whole = it.whole
    for lane, a, b in zip(whole.lanes, it.pair.old, it.pair.new, strict=True):
        was_absent = _is_absent(a, it.old, old)
        if was_absent != _is_absent(b, it.new, new):
            (gained if was_absent else lost).extend(lane.targets)
    on_both = whole.sides.kinds
    added = f"added {on_targets(gained, on_both)}" if gained else ""
    if lost:
        also = f" and {added}" if added else ""
        it.edit(
            kinds.PART_REMOVED,
            f"{where} is removed {on_targets(lost, on_both)}{also}",
            new.name,
            position=position,
            moves=True,
        )
    elif gained:
        it.edit(
            kinds.PART_ADDED,
            f"{where} is {added}",
            new.name,
            position=position,
            moves=True,
        )
    elif old.on != new.on:
        said = f"`{new.on}`" if new.on else "left out"
        before = f"`{old.on}`" if old.on else "left out"
        it.edit(
            kinds.TYPE_RESPELLED,
            f"the condition of {where} is {said} instead of {before}, with the same bytes",
            new.name,
        )


def _bits(it: Subject, where: str, old: Part, new: Part, position: float) -> None:
    """The width of a bit-field, or that something is one."""
    if old.bits == new.bits:
        return
    now = "whole bytes" if new.bits is None else plural(new.bits, "bit")
    before = "whole bytes" if old.bits is None else plural(old.bits, "bit")
    it.edit(
        kinds.PART_RETYPED,
        f"{where} has {now} instead of {before}",
        new.name,
        position=position + 0.25,
        moves=True,
    )


def _byte_order(it: Subject, where: str, old: Part, new: Part) -> None:
    if old.endian == new.endian:
        return
    sides = it.whole.sides
    order = {"little": "little-endian on every host", "native": "in native order"}
    message = f"{where} is {order[new.endian]}"
    if sides.big:
        it.edit(
            kinds.BYTE_ORDER_CHANGED,
            f"{message}: its bytes are the other way round "
            f"{on_targets(sides.big, sides.kinds)}",
            new.name,
        )
    else:
        it.edit(kinds.TYPE_RESPELLED, f"{message}, with the same bytes", new.name)


def _fixed_value(it: Subject, where: str, old: Part, new: Part) -> None:
    if old.value == new.value:
        return
    before = it.whole.sides.old.first.declared.constants.get(old.value or "")
    after = it.whole.sides.new.first.declared.constants.get(new.value or "")
    if old.value is None:
        it.edit(kinds.PROMISE_ADDED, f"{where} always holds `{new.value}`", new.name)
    elif new.value is None:
        it.edit(
            kinds.FIXED_VALUE_CHANGED,
            f"{where} doesn't always hold `{old.value}` any more",
            new.name,
        )
    elif before is None or after is None or before.value != after.value:
        it.edit(
            kinds.FIXED_VALUE_CHANGED,
            f"{where} always holds `{new.value}` instead of `{old.value}`",
            new.name,
        )


def _same_place(one: Member, other: Member) -> bool:
    """Whether a part that is gone and a new one may be the same for all but the name."""
    if isinstance(one, Region) and isinstance(other, Region):
        return isinstance(one.length, str) == isinstance(other.length, str)
    return True
