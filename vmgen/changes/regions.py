"""Regions of contexts, and the counts that they depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.changes.members import Member, region_of
from vmgen.changes.saved import Region
from vmgen.rules import changes as kinds
from vmgen.rules.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.changes.members import Member
    from vmgen.changes.saved import Record
    from vmgen.changes.subject import Subject


def compare_regions(
    it: Subject, where: str, old: Region, new: Region, position: int
) -> None:
    """Tell what is other about how many elements a region has, and when it is there."""
    said = []
    counts = it.whole.renamed_counts.get(it.name, {})
    length = counts.get(str(old.length), old.length)
    when = counts.get(old.when or "", old.when)
    if length != new.length:
        said.append(f"has `{new.length}` elements instead of `{old.length}`")
    if when != new.when:
        before = f"when `{old.when}` is set" if old.when else "always there"
        after = f"when `{new.when}` is set" if new.when else "always there"
        said.append(f"is {after} instead of {before}")
    if said:
        it.edit(
            kinds.REGION_MOVED,
            f"{where} {' and '.join(said)}",
            new.name,
            position=position,
            moves=True,
        )


def compare_roundings(it: Subject, pairs: Sequence[tuple[int, Member, Member]]) -> None:
    """Tell of regions that ask for another rounding, those that do so alike in one finding.
    Each pair has the position of the new one."""
    found: dict[str, list[tuple[int, str]]] = {}
    for position, one, other in pairs:
        both = isinstance(one, Region) and isinstance(other, Region)
        if both and any(_rounded_anew(it, one.name, other.name)):
            how = _rounding(it, other.name)
            found.setdefault(how, []).append((position, other.name))
    for how, regions in found.items():
        (position, first), *others = regions
        whose = f"`{it.name}.{first}`"
        if others:
            shown = [f"`{name}`" for _, name in others[:3]]
            more = [f"{len(others) - 3} more"] if others[3:] else []
            whose = f"{whose}, of {listed([*shown, *more])} too,"
        made = it.edit(
            kinds.REGION_MOVED,
            f"the begin of {whose} {how}",
            first,
            position=position - 0.25,
            moves=True,
        )
        made.also += [name for _, name in others]


def _rounded_anew(it: Subject, old: str, new: str) -> Iterator[bool]:
    """For each lane whether a region asks for another rounding, and not because its
    elements are aligned in another way."""
    for one, other in zip(it.pair.old, it.pair.new, strict=True):
        was, now = region_of(one, old), region_of(other, new)
        yield was.round_to != now.round_to and was.align == now.align


def _rounding(it: Subject, name: str) -> str:
    regions = [region_of(record, name) for record in it.pair.new]
    if all(r.round_to == 1 for r in regions):
        return "isn't rounded up any more"
    if all(r.round_to == r.align for r in regions):
        return "is rounded up to the alignment of its elements"
    to = dict.fromkeys(str(r.round_to) for r in regions)
    return f"is rounded up to {listed([*to], 'or')}"


def renamed_counts(
    old: Record, new: Record, pairs: Sequence[tuple[Member, Member]]
) -> dict[str, str]:
    """The new names of counts that are gone, where the same regions have a new one."""
    said = {was: now for now, former in new.count_was.items() for was in former[::-1]}
    said = {was: now for was, now in said.items() if was in old.counts}
    found: dict[str, set[str]] = {was: {now} for was, now in said.items()}
    for one, other in pairs:
        if isinstance(one, Region) and isinstance(other, Region):
            for was, now in ((one.length, other.length), (one.when, other.when)):
                if was in old.counts and was not in new.counts and was not in said:
                    found.setdefault(str(was), set()).add(str(now))
    new_names = [name for names in found.values() for name in names]
    return {
        was: now
        for was, (now, *more) in ((w, sorted(n)) for w, n in found.items())
        if not more
        and now in new.counts
        and now not in old.counts
        and new_names.count(now) == 1
        and (was in old.flags) == (now in new.flags)
    }


def compare_counts(it: Subject) -> None:
    renamed = it.whole.renamed_counts.get(it.name, {})
    old, new = it.old, it.new
    for name in old.counts:
        what = "flag" if name in old.flags else "count"
        if name in renamed:
            it.edit(
                kinds.RENAMED,
                f"the {what} `{name}` of `{it.name}` is called `{renamed[name]}`",
                renamed[name],
            )
        elif name not in new.counts:
            it.edit(
                kinds.COUNTS_CHANGED,
                f"the {what} `{name}` of `{it.name}` is removed",
                None,
            )
        elif (name in old.flags) != (name in new.flags):
            now = "flag" if name in new.flags else "count"
            it.edit(
                kinds.COUNTS_CHANGED,
                f"`{name}` of `{it.name}` is a {now} instead of a {what}",
                name,
            )
    for name in new.counts:
        before, after = old.count_index.get(name), new.count_index.get(name)
        if name in old.counts and before != after:
            it.edit(
                kinds.ITEM_CHANGED,
                f"what `{name}` of `{it.name}` counts is numbered by `{after or 'u32'}` "
                f"instead of `{before or 'u32'}`",
                name,
            )
        if name not in old.counts and name not in renamed.values():
            what = "flag" if name in new.flags else "count"
            it.edit(
                kinds.COUNTS_CHANGED,
                f"the {what} `{name}` of `{it.name}` is added",
                name,
            )
    kept = [n for n in old.counts if n in new.counts]
    if kept != [n for n in new.counts if n in old.counts]:
        it.edit(
            kinds.COUNTS_CHANGED,
            f"the counts of `{it.name}` are in another order",
            None,
        )
