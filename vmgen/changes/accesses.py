"""What compiled code may take for granted: promises, alias regions, atomic orderings.

A promise that is taken back breaks code which was compiled with it; one that is new breaks
nothing. So it is with alias regions: that two parts are never the same bytes is a promise
too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.peel import laid_out
from vmgen.changes.meaning import type_of
from vmgen.changes.members import members_of
from vmgen.changes.saved import Alias, Part, PointsTo
from vmgen.rules import changes as kinds
from vmgen.rules.wording import listed
from vmgen.schema.former_names import kept
from vmgen.schema.types import Atomic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.changes.meaning import Meanings
    from vmgen.changes.members import Member
    from vmgen.changes.saved import Record
    from vmgen.changes.subject import Subject

_NOTHING = PointsTo()
_ALONE = Alias()
_STRENGTH = ("relaxed", "acquire_release", "seq_cst")


def compare_accesses(it: Subject, where: str, old: Member, new: Member) -> None:
    """Tell what is other about how compiled code may load and store a part, and what
    pointers in it lead to."""
    compare_promises(it, where, old.access, new.access, new.name)
    if isinstance(old, Part) and isinstance(new, Part):
        _volatile(it, where, old, new)
    _alias(it, where, old.alias, new.alias, f"{it.name}.{new.name}", new.name)
    _ordering(it, where, _ordered(old), _ordered(new), new.name)
    before, after = old.points_to or _NOTHING, new.points_to or _NOTHING
    what = f"what {where} points to"
    compare_promises(it, what, before.access, after.access, new.name)
    own = f"{it.name}.{new.name}*"
    _alias(it, what, before.alias, after.alias, own, new.name)
    _ordering(it, what, before.atomic, after.atomic, new.name)
    _bytes(it, what, before.bytes, after.bytes, new.name)


def compare_promises(
    it: Subject,
    where: str,
    old: frozenset[str],
    new: frozenset[str],
    part: str | None,
) -> None:
    """Tell which words of `access` are gone, and which are new."""
    gone, come = sorted(old - new), sorted(new - old)
    if gone:
        words = listed([f"`{word}`" for word in gone])
        it.edit(kinds.ACCESS_WEAKENED, f"{where} isn't {words} any more", part)
    if come:
        words = listed([f"`{word}`" for word in come])
        it.edit(kinds.PROMISE_ADDED, f"{where} is {words}", part)


def _volatile(it: Subject, where: str, old: Part, new: Part) -> None:
    """Compiled code left out loads and stores of what wasn't `volatile`."""
    if new.volatile and not old.volatile:
        message = f"{where} is `volatile`: each load and store of it has to happen"
        it.edit(kinds.ACCESS_WEAKENED, message, new.name)
    if old.volatile and not new.volatile:
        it.edit(kinds.PROMISE_ADDED, f"{where} isn't `volatile` any more", new.name)


def _alias(
    it: Subject, where: str, old: Alias | None, new: Alias | None, own: str, part: str
) -> None:
    before, after = old or _ALONE, new or _ALONE
    if before.indexed and not after.indexed:
        message = f"elements of {where} are in one alias region"
        it.edit(kinds.ACCESS_WEAKENED, message, part)
    if after.indexed and not before.indexed:
        message = f"elements of {where} are alias regions of their own"
        it.edit(kinds.PROMISE_ADDED, message, part)
    if before.region == after.region:
        return
    meanings = it.whole.meanings
    parts = _renamed_parts(meanings)
    if before.region and _now(before.region, meanings.renamed, parts) == after.region:
        return
    renamed = meanings.renamed
    was = {_now(t, renamed, parts) for t in _company(meanings.old, before, own)}
    now = _company(meanings.new, after, own)
    both = {_now(text, renamed, parts) for text in _all(meanings.old)}
    both &= set(_all(meanings.new))
    joined, parted = sorted((now - was) & both), sorted((was - now) & both)
    if joined:
        words = listed([f"`{text}`" for text in joined])
        message = f"{where} can be the same bytes as {words}"
        it.edit(kinds.ACCESS_WEAKENED, message, part)
    if parted:
        words = listed([f"`{text}`" for text in parted])
        message = f"{where} is never the same bytes as {words}"
        it.edit(kinds.PROMISE_ADDED, message, part)
    if not joined and not parted:
        named = f"`{after.region}`" if after.region else "of its own"
        message = f"{where} is in the alias region {named}"
        it.edit(kinds.DOCUMENTATION_CHANGED, message, part)


def _all(records: Mapping[str, Record]) -> Iterator[str]:
    """All parts, and what pointers in them lead to."""
    return (text for text, _ in _regions(records))


def _regions(records: Mapping[str, Record]) -> Iterator[tuple[str, str]]:
    """Each part, and what pointers in it lead to, with the name of the region it is in."""
    for name, record in records.items():
        for member in members_of(record):
            own = f"{name}.{member.name}"
            yield own, (member.alias or _ALONE).region or own
            if member.points_to is not None and member.points_to.alias is not None:
                pointee = f"{own}*"
                yield pointee, member.points_to.alias.region or pointee


def _company(records: Mapping[str, Record], alias: Alias, own: str) -> set[str]:
    """What else is in the alias region that a part is in."""
    region = alias.region or own
    return {text for text, name in _regions(records) if name == region} - {own}


def _renamed_parts(meanings: Meanings) -> dict[tuple[str, str], str]:
    """The new names of parts that say what they were called, by the new name of the record
    and the old one of the part."""
    found: dict[tuple[str, str], str] = {}
    for name, record in meanings.old.items():
        where = meanings.renamed.get(name, name)
        if where in meanings.new:
            before = {m.name: m.was for m in members_of(record)}
            after = {m.name: m.was for m in members_of(meanings.new[where])}
            found |= {(where, old): new for old, new in kept(before, after).items()}
    return found


def _now(
    text: str, renamed: Mapping[str, str], parts: Mapping[tuple[str, str], str]
) -> str:
    """A part, or what pointers in one lead to, by the new names of it and its record."""
    record, dot, part = text.partition(".")
    if not dot:
        return text
    record = renamed.get(record, record)
    star = "*" * part.endswith("*")
    bare = part.removesuffix("*")
    return f"{record}.{parts.get((record, bare), bare)}{star}"


def _ordered(member: Member) -> str | None:
    """How a part is loaded and stored; an atomic of which nothing is said in the
    strongest order."""
    if member.atomic is not None:
        return member.atomic
    text = member.type
    is_atomic = "Atomic" in text and isinstance(laid_out(type_of(text)), Atomic)
    return _STRENGTH[-1] if is_atomic else None


def _ordering(
    it: Subject, where: str, old: str | None, new: str | None, part: str
) -> None:
    if old == new:
        return
    if old is None or new is None:
        if part_is_plain(it, part):
            how = "loaded and stored atomically" if new else "no longer atomic"
            it.edit(kinds.ATOMICITY_CHANGED, f"{where} is {how}", part)
    elif _STRENGTH.index(new) > _STRENGTH.index(old):
        message = f"{where} has to be loaded and stored `{new}`, and not `{old}`"
        it.edit(kinds.ACCESS_WEAKENED, message, part)
    else:
        message = f"{where} may be loaded and stored `{new}` instead of `{old}`"
        it.edit(kinds.PROMISE_ADDED, message, part)


def part_is_plain(it: Subject, part: str) -> bool:
    """Whether a part has types of which the comparison of types doesn't say already that
    they are atomics on one side alone."""
    old = {m.name: m.type for m in members_of(it.old)}.get(part, "")
    new = {m.name: m.type for m in members_of(it.new)}.get(part, "")
    return ("Atomic" in old) == ("Atomic" in new)


def _bytes(
    it: Subject, where: str, old: int | str | None, new: int | str | None, part: str
) -> None:
    if old == new:
        return
    more = isinstance(old, int) and isinstance(new, int) and new > old
    if old is None or more:
        it.edit(kinds.PROMISE_ADDED, f"{where} has {_sized(new)} for certain", part)
    else:
        message = f"{where} has {_sized(new)} for certain, and not {_sized(old)}"
        it.edit(kinds.ACCESS_WEAKENED, message, part)


def _sized(bytes: int | str | None) -> str:
    if bytes is None:
        return "no bytes"
    return "all bytes" if bytes == "all" else f"{bytes} bytes"
