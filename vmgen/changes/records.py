"""One record of the old side held against the same one of the new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.order import embedded_name
from vmgen.changes import numbers
from vmgen.changes.change import Number
from vmgen.changes.edit import BEFORE_ALL, BEHIND_ALL, Edit
from vmgen.changes.matching import Matched, match
from vmgen.changes.meaning import type_of
from vmgen.changes.saved import Part, Region
from vmgen.changes.wording import on_targets
from vmgen.rules import changes as kinds
from vmgen.rules.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.changes.meaning import Aspect, Meanings
    from vmgen.changes.places import Places
    from vmgen.changes.saved import Record, Saved, Variant
    from vmgen.changes.side import Sides
    from vmgen.rules.changes import Change

Member = Part | Region

_WHAT = {"functions": "slot", "union": "member"}

_ASPECTS: tuple[tuple[Aspect, Change, str], ...] = (
    ("nullability", kinds.NULLABILITY_CHANGED, ""),
    ("atomicity", kinds.ATOMICITY_CHANGED, ""),
    ("niche", kinds.NICHE_CHANGED, ""),
    ("spelling", kinds.TYPE_RESPELLED, ", with the same bytes"),
)
"""What a difference of types in one respect is, the worst first."""


class Pair(msgspec.Struct, frozen=True):
    """A record on both sides: its name on each, and on each lane what it is there."""

    name: str
    old_name: str
    old: tuple[Record, ...]
    new: tuple[Record, ...]


class Comparison:
    """Holds records against each other, each behind those that it holds by value, since
    what those do to it is theirs to tell."""

    def __init__(self, sides: Sides, meanings: Meanings, places: Places) -> None:
        self.lanes = sides.lanes
        self.sides = sides
        self.meanings = meanings
        self.places = places
        self.edits: list[Edit] = []
        self.resized: dict[str, list[Edit]] = {}
        """The edits that gave a record another size or alignment, by its new name."""
        self.members: dict[str, list[str]] = {}
        self.renamed_counts: dict[str, dict[str, str]] = {}
        """The new names of old counts, of each context by its new name."""

    def compare(self, pair: Pair) -> None:
        """Find the edits of a record, and what they do to its numbers."""
        self.members[pair.name] = [m.name for m in _members(pair.new[0])]
        found = _OneRecord(self, pair)
        found.compare()
        self.edits += found.edits


class _OneRecord:
    """The comparison of one record."""

    def __init__(self, whole: Comparison, pair: Pair) -> None:
        self.whole = whole
        self.pair = pair
        self.name = pair.name
        self.old, self.new = pair.old[0], pair.new[0]
        self.edits: list[Edit] = []

    def compare(self) -> None:
        pair, old, new = self.pair, self.old, self.new
        if pair.name != pair.old_name:
            self.edit(
                kinds.RENAMED,
                f"`{pair.old_name}` is called `{pair.name}`",
                None,
                helps=_unless_said(
                    pair.old_name in new.was, "its parts tell that it is the same"
                ),
            )
        if (old.kind, bool(old.fields)) != (new.kind, bool(new.fields)) and (
            old.kind != new.kind or old.kind == "enum"
        ):
            self.edit(
                kinds.KIND_CHANGED,
                f"`{self.name}` is {_kind(new)} instead of {_kind(old)}",
                None,
                position=BEFORE_ALL,
                moves=True,
            )
            self._numbers(Matched((), (), (), frozenset()))
            return
        if old.tag != new.tag:
            self.edit(
                kinds.RECORD_RESIZED,
                f"the tag of `{self.name}` is `{new.tag}` instead of `{old.tag}`",
                None,
                position=BEFORE_ALL,
                moves=True,
            )
        self._inner_type()
        self._variants()
        matched = self._parts()
        self._counts()
        self._source(f"`{self.name}`", old, new, None)
        self._given_alignment()
        self._numbers(matched)

    def edit(
        self,
        kind: Change,
        message: str,
        part: str | None,
        *,
        position: float = BEHIND_ALL,
        moves: bool = False,
        helps: Sequence[str] = (),
        details: Sequence[str] = (),
    ) -> Edit:
        span = self.whole.places.span(self.name, part)
        made = Edit(
            kind,
            message,
            self.name,
            part,
            span,
            position,
            moves,
            list(details),
            list(helps),
        )
        self.edits.append(made)
        return made

    # The parts, and what each is

    def _parts(self) -> Matched:
        """Fields, slots and regions: which are there, in which order, of which types."""
        old, new = _members(self.old), _members(self.new)
        meanings = self.whole.meanings
        matched = match(
            old,
            new,
            lambda one, other: type(one) is type(other)
            and not meanings.between(one.type, other.type) - {"parameters"}
            and _same_place(one, other),
        )
        self.whole.renamed_counts[self.name] = _renamed_counts(
            self.old, self.new, [(old[i], new[j]) for i, j in matched.pairs]
        )
        for index in matched.removed:
            self._removed(old[index], index, matched)
        for index in matched.added:
            member = new[index]
            self.edit(
                kinds.PART_ADDED,
                f"`{self.name}.{member.name}` is added{self._at(index)}",
                member.name,
                position=index,
                moves=True,
            )
        self._order(matched, new)
        for one, other in matched.pairs:
            self._part(old[one], new[other], other)
        return matched

    def _removed(self, member: Member, index: int, matched: Matched) -> None:
        before = [j for i, j in matched.pairs if i < index]
        self.edit(
            kinds.PART_REMOVED,
            f"`{self.name}.{member.name}` is removed",
            None,
            position=max(before, default=-1) + 0.5,
            moves=True,
            helps=self._reserve(member.name),
        )

    def _reserve(self, name: str) -> tuple[str, ...]:
        if name in self.new.reserved:
            return ()
        return (
            f"`reserved: [{name}]` in `{self.name}` keeps the name from coming back with "
            "another meaning",
        )

    def _at(self, index: int) -> str:
        """Where a part that is added begins, if that depends on no counts."""
        if index >= len(self.new.fields):
            return ""
        whole = self.whole
        by_offset: dict[int, list[str]] = {}
        for lane, record in zip(whole.lanes, self.pair.new, strict=True):
            by_offset.setdefault(record.fields[index].offset, []).extend(lane.targets)
        compared = whole.sides.kinds
        if len(by_offset) == 1:
            return f" at {next(iter(by_offset))}"
        return " " + " and ".join(
            f"at {offset} {on_targets(targets, compared)}"
            for offset, targets in by_offset.items()
        )

    def _order(self, matched: Matched, new: Sequence[Member]) -> None:
        if not matched.reordered:
            return
        moved = sorted(matched.reordered)
        names = ", ".join(f"`{new[index].name}`" for index in moved)
        verb = "is" if len(moved) == 1 else "are"
        what = f"{names} of `{self.name}` {verb} in another place"
        if self.new.kind == "union":
            self.edit(
                kinds.TYPE_RESPELLED,
                f"{what} among the members, with the same bytes",
                new[moved[0]].name,
            )
            return
        first = min(matched.pairs, key=lambda pair: pair[1])[1]
        self.edit(
            kinds.PART_REORDERED,
            what,
            new[moved[0]].name,
            position=first - 0.25,
            moves=True,
        )

    def _part(self, old: Member, new: Member, position: int) -> None:
        where = f"`{self.name}.{new.name}`"
        if old.name != new.name:
            self.edit(
                kinds.RENAMED,
                f"`{self.name}.{old.name}` is called `{new.name}`",
                new.name,
                helps=_unless_said(
                    old.name in new.was, "it has the type and the place of the old one"
                ),
            )
        if self.new.kind != "enum":
            resized = any(
                _extent(a, self.old, old.name) != _extent(b, self.new, new.name)
                for a, b in zip(self.pair.old, self.pair.new, strict=True)
            )
            self._type(where, old.type, new.type, new.name, position, resized)
        self._access(where, old, new)
        self._source(where, old, new, new.name)
        if isinstance(old, Part) and isinstance(new, Part):
            self._byte_order(where, old, new)
            self._fixed_value(where, old, new)
        if isinstance(old, Region) and isinstance(new, Region):
            self._region(where, old, new, position)

    def _type(
        self,
        where: str,
        old: str,
        new: str,
        part: str | None,
        position: float,
        resized: bool,
        what: str = "is",
    ) -> None:
        """Tell in what two types differ. `resized` says that sizes or alignments do."""
        aspects = self.whole.meanings.between(old, new)
        if not aspects:
            return
        message = f"{where} {what} `{new}` instead of `{old}`"
        if self.new.kind == "functions" and part is not None:
            if aspects <= {"spelling", "parameters"}:
                kind = (
                    kinds.TYPE_RESPELLED
                    if "spelling" in aspects
                    else kinds.DOCUMENTATION_CHANGED
                )
                message = f"{where} takes and gives the same, spelled `{new}`"
                self.edit(kind, message, part, details=(f"it was `{old}`",))
            else:
                self.edit(kinds.SIGNATURE_CHANGED, message, part)
            return
        if "meaning" in aspects or (resized and aspects == {"spelling"}):
            self.edit(kinds.PART_RETYPED, message, part, position=position, moves=True)
            return
        worst = next(kind for aspect, kind, _ in _ASPECTS if aspect in aspects)
        for aspect, kind, more in _ASPECTS:
            if aspect in aspects and (aspect != "spelling" or kind is worst):
                self.edit(
                    kind,
                    message + more,
                    part,
                    position=position,
                    moves=resized and kind is worst,
                )

    def _access(self, where: str, old: Member, new: Member) -> None:
        for word in sorted(old.access - new.access):
            self.edit(
                kinds.ACCESS_WEAKENED, f"{where} isn't `{word}` any more", new.name
            )
        for word in sorted(new.access - old.access):
            self.edit(kinds.PROMISE_ADDED, f"{where} is `{word}`", new.name)

    def _byte_order(self, where: str, old: Part, new: Part) -> None:
        if old.endian == new.endian:
            return
        sides = self.whole.sides
        order = {"little": "little-endian on every host", "native": "in native order"}
        message = f"{where} is {order[new.endian]}"
        if sides.big:
            self.edit(
                kinds.BYTE_ORDER_CHANGED,
                f"{message}: its bytes are the other way round "
                f"{on_targets(sides.big, sides.kinds)}",
                new.name,
            )
        else:
            self.edit(kinds.TYPE_RESPELLED, f"{message}, with the same bytes", new.name)

    def _fixed_value(self, where: str, old: Part, new: Part) -> None:
        if old.value == new.value:
            return
        before = self.whole.sides.old.first.declared.constants.get(old.value or "")
        after = self.whole.sides.new.first.declared.constants.get(new.value or "")
        if old.value is None:
            self.edit(
                kinds.PROMISE_ADDED, f"{where} always holds `{new.value}`", new.name
            )
        elif new.value is None:
            self.edit(
                kinds.FIXED_VALUE_CHANGED,
                f"{where} doesn't always hold `{old.value}` any more",
                new.name,
            )
        elif before is None or after is None or before.value != after.value:
            self.edit(
                kinds.FIXED_VALUE_CHANGED,
                f"{where} always holds `{new.value}` instead of `{old.value}`",
                new.name,
            )

    def _region(self, where: str, old: Region, new: Region, position: int) -> None:
        said = []
        counts = self.whole.renamed_counts.get(self.name, {})
        length = counts.get(str(old.length), old.length)
        when = counts.get(old.when or "", old.when)
        if length != new.length:
            said.append(f"has `{new.length}` elements instead of `{old.length}`")
        if when != new.when:
            before = f"when `{old.when}` is set" if old.when else "always there"
            after = f"when `{new.when}` is set" if new.when else "always there"
            said.append(f"is {after} instead of {before}")
        if said:
            self.edit(
                kinds.REGION_MOVED,
                f"{where} {' and '.join(said)}",
                new.name,
                position=position,
                moves=True,
            )
        elif any(self._rounded_anew(old.name, new.name)):
            self.edit(
                kinds.REGION_MOVED,
                f"the begin of {where} {self._rounding(new.name)}",
                new.name,
                position=position - 0.25,
                moves=True,
            )

    def _rounded_anew(self, old: str, new: str) -> Iterator[bool]:
        """For each lane whether a region asks for another rounding, and not because its
        elements are aligned in another way."""
        for one, other in zip(self.pair.old, self.pair.new, strict=True):
            was, now = _region(one, old), _region(other, new)
            yield was.round_to != now.round_to and was.align == now.align

    def _rounding(self, name: str) -> str:
        regions = [_region(record, name) for record in self.pair.new]
        if all(r.round_to == 1 for r in regions):
            return "isn't rounded up any more"
        if all(r.round_to == r.align for r in regions):
            return "is rounded up to the alignment of its elements"
        to = dict.fromkeys(str(r.round_to) for r in regions)
        return f"is rounded up to {listed([*to], 'or')}"

    # What isn't a part

    def _inner_type(self) -> None:
        old, new = self.old, self.new
        if old.of is not None and new.of is not None:
            resized = any(
                (a.size, a.align) != (b.size, b.align)
                for a, b in zip(self.pair.old, self.pair.new, strict=True)
            )
            self._type(
                f"`{self.name}`", old.of, new.of, None, BEFORE_ALL, resized, "wraps"
            )

    def _variants(self) -> None:
        old, new = self.old.variants, self.new.variants
        if not old and not new:
            return
        meanings = self.whole.meanings
        matched = match(
            old,
            new,
            lambda one, other: one.value == other.value
            and _same_payload(meanings, one, other),
        )
        gone: dict[int, Edit] = {}
        come: dict[int, Edit] = {}
        for index in matched.removed:
            variant = old[index]
            gone[index] = self.edit(
                kinds.VARIANT_REMOVED,
                f"`{self.name}::{variant.name}` is removed, which is {variant.value}",
                None,
                position=BEFORE_ALL,
                moves=variant.type is not None,
                helps=self._reserve(variant.name),
            )
        for index in matched.added:
            variant = new[index]
            come[index] = self.edit(
                kinds.VARIANT_ADDED,
                f"`{self.name}::{variant.name}` is added, which is {variant.value}",
                variant.name,
                position=BEFORE_ALL,
                moves=variant.type is not None,
            )
        changed = []
        for one, other in matched.pairs:
            was, now = old[one], new[other]
            if was.value == now.value:
                continue
            text = f"`{self.name}::{now.name}` is {now.value} instead of {was.value}"
            arrived = [edit for index, edit in come.items() if index < other]
            left = [edit for index, edit in gone.items() if index < one]
            # What was counted on from a variant that is gone or new follows from that.
            if now.value - was.value == len(arrived) - len(left):
                (arrived or left)[-1].details.append(text)
            else:
                changed.append((now.name, text))
        if changed:
            (name, text), *others = changed
            more = [text for _, text in others]
            self.edit(kinds.TAG_VALUE_CHANGED, text, name, details=more)
        for one, other in matched.pairs:
            self._variant(old[one], new[other])
        if matched.reordered:
            first = new[min(matched.reordered)]
            self.edit(
                kinds.TYPE_RESPELLED,
                f"the variants of `{self.name}` are in another order",
                first.name,
            )

    def _variant(self, old: Variant, new: Variant) -> None:
        where = f"`{self.name}::{new.name}`"
        if old.name != new.name:
            self.edit(
                kinds.RENAMED,
                f"`{self.name}::{old.name}` is called `{new.name}`",
                new.name,
                helps=_unless_said(
                    old.name in new.was, "it has the value of the old one"
                ),
            )
        if old.type is None and new.type is None:
            return
        if old.type is None or new.type is None:
            before = f"`{old.type}`" if old.type else "nothing"
            after = f"`{new.type}`" if new.type else "nothing"
            self.edit(
                kinds.PART_RETYPED,
                f"{where} holds {after} instead of {before}",
                new.name,
                position=BEFORE_ALL,
                moves=True,
            )
        else:
            resized = any(
                _payload(a) != _payload(b)
                for a, b in zip(self.pair.old, self.pair.new, strict=True)
            )
            self._type(
                where, old.type, new.type, new.name, BEFORE_ALL, resized, "holds"
            )

    def _counts(self) -> None:
        renamed = self.whole.renamed_counts.get(self.name, {})
        old, new = self.old, self.new
        for name in old.counts:
            what = "flag" if name in old.flags else "count"
            if name in renamed:
                self.edit(
                    kinds.RENAMED,
                    f"the {what} `{name}` of `{self.name}` is called `{renamed[name]}`",
                    renamed[name],
                )
            elif name not in new.counts:
                self.edit(
                    kinds.COUNTS_CHANGED,
                    f"the {what} `{name}` of `{self.name}` is removed",
                    None,
                )
            elif (name in old.flags) != (name in new.flags):
                now = "flag" if name in new.flags else "count"
                self.edit(
                    kinds.COUNTS_CHANGED,
                    f"`{name}` of `{self.name}` is a {now} instead of a {what}",
                    name,
                )
        for name in new.counts:
            if name not in old.counts and name not in renamed.values():
                what = "flag" if name in new.flags else "count"
                self.edit(
                    kinds.COUNTS_CHANGED,
                    f"the {what} `{name}` of `{self.name}` is added",
                    name,
                )
        kept = [n for n in old.counts if n in new.counts]
        if kept != [n for n in new.counts if n in old.counts]:
            self.edit(
                kinds.COUNTS_CHANGED,
                f"the counts of `{self.name}` are in another order",
                None,
            )

    def _source(self, where: str, old: Saved, new: Saved, part: str | None) -> None:
        """Tell what is said otherwise for the source of one language."""
        for key in sorted(old.source.keys() | new.source.keys()):
            before, after = old.source.get(key), new.source.get(key)
            if before != after:
                self.edit(
                    kinds.ITEM_CHANGED if key != "c" else kinds.C_NAME_CHANGED,
                    f"`{key}` of {where} is {_value(after)} instead of {_value(before)}",
                    part,
                )

    def _given_alignment(self) -> None:
        """An alignment that a record is given, and not its parts' own."""
        pairs = list(zip(self.pair.old, self.pair.new, strict=True))
        if self.old.kind not in ("struct", "union", "context"):
            return
        if any(_given(a) != _given(b) for a, b in pairs):
            aligned = dict.fromkeys(f"{b.align} instead of {a.align}" for a, b in pairs)
            how = f"aligned to {', '.join(aligned)}"
            if any(a.align == b.align for a, b in pairs):
                how = "given another alignment"
            self.edit(
                kinds.RECORD_RESIZED,
                f"`{self.name}` is {how}",
                None,
                moves=True,
            )

    # Numbers

    def _numbers(self, matched: Matched) -> None:
        """Put every number that changed to what moved it."""
        counts = self.whole.renamed_counts.get(self.name, {})
        resizing: dict[int, Edit] = {}
        for index, (old, new) in enumerate(
            zip(self.pair.old, self.pair.new, strict=True)
        ):
            for position, number in numbers.of(
                self.name, old, new, matched.pairs, counts
            ):
                for edit in self._movers(index, position, number, old, new, matched):
                    edit.attach(index, number)
                    if number.part is None or number.what == "stride":
                        resizing[id(edit)] = edit
        if resizing:
            self.whole.resized[self.name] = list(resizing.values())

    def _movers(
        self,
        lane: int,
        position: float,
        number: Number,
        old: Record,
        new: Record,
        matched: Matched,
    ) -> list[Edit]:
        """What moved what is at a position: the last edit before it that moves something,
        or a part there that holds a record of another size."""
        own = [e for e in self.edits if e.moves and e.position <= position]
        last = max(own, key=lambda e: e.position) if own else None
        held = self._held(old, new, matched, position)
        if held and (last is None or held[0] > last.position):
            return held[1]
        if last is not None:
            return [last]
        later = [e for e in self.edits if e.moves]
        if later:
            return later[:1]
        if self.new.kind == "enum" or self.new.of is not None:
            roots = self._held_by_type()
            if roots:
                return roots
        return [
            self.edit(
                kinds.RECORD_RESIZED,
                f"`{self.name}` is laid out in another way",
                None,
                position=BEFORE_ALL,
                moves=True,
            )
        ]

    def _held(
        self, old: Record, new: Record, matched: Matched, position: float
    ) -> tuple[float, list[Edit]] | None:
        """The last part up to a position that holds a record which was resized, with the
        edits that did that."""
        before, after = _members(old), _members(new)
        found = None
        for one, other in matched.pairs:
            if other <= position and _size(before[one]) != _size(after[other]):
                name = embedded_name(type_of(after[other].type))
                roots = self.whole.resized.get(name or "")
                if roots and (found is None or other > found[0]):
                    found = float(other), roots
        return found

    def _held_by_type(self) -> list[Edit]:
        """The edits that resized what a newtype wraps or an enum's payloads hold."""
        texts = [self.new.of] if self.new.of else [v.type for v in self.new.variants]
        found: dict[int, Edit] = {}
        for text in texts:
            name = embedded_name(type_of(text)) if text else None
            for edit in self.whole.resized.get(name or "", ()):
                found[id(edit)] = edit
        return list(found.values())


def _value(said: str | bool | None) -> str:
    """What a key says, in words."""
    if said is None:
        return "left out"
    return str(said).lower() if isinstance(said, bool) else f"`{said}`"


def _members(record: Record) -> list[Member]:
    return [*record.fields, *record.regions]


def _size(member: Member) -> tuple[int, int]:
    if isinstance(member, Part):
        return member.size, member.align
    return member.stride, member.align


def _extent(record: Record, like: Record, name: str) -> tuple[int, int]:
    index = [m.name for m in _members(like)].index(name)
    return _size(_members(record)[index])


def _region(record: Record, name: str) -> Region:
    return next(r for r in record.regions if r.name == name)


def _renamed_counts(
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


def _payload(record: Record) -> tuple[int, int] | None:
    return _size(record.fields[1]) if len(record.fields) > 1 else None


def _given(record: Record) -> int | None:
    """The alignment of a record where its parts don't need it."""
    asked = [m.align for m in _members(record)] + [r.round_to for r in record.regions]
    needed = max(asked, default=1)
    return record.align if record.align != needed else None


def _kind(record: Record) -> str:
    words = {
        "struct": "a struct",
        "union": "a union",
        "newtype": "a newtype",
        "opaque": "an opaque type",
        "functions": "a table of functions",
        "foreign": "a foreign type",
        "context": "a context",
    }
    if record.kind == "enum":
        return "an enum with payloads" if record.fields else "a plain enum"
    return words.get(record.kind, record.kind)


def _same_place(one: Member, other: Member) -> bool:
    """Whether a part that is gone and a new one may be the same for all but the name."""
    if isinstance(one, Region) and isinstance(other, Region):
        return isinstance(one.length, str) == isinstance(other.length, str)
    return True


def _same_payload(meanings: Meanings, one: Variant, other: Variant) -> bool:
    if one.type is None or other.type is None:
        return one.type is other.type
    return not meanings.between(one.type, other.type)


def _unless_said(said: bool, why: str) -> tuple[str, ...]:
    """What to mind where the schema doesn't say that it is a new name."""
    if said:
        return ()
    return (
        f"told as a new name because {why}: if it means something else, compiled code "
        "breaks as well",
    )


def by_value(records: Mapping[str, Record], names: Sequence[str]) -> Iterator[str]:
    """Names of records, each behind those that it holds by value."""
    done: set[str] = set()
    for root in names:
        path = [(root, iter(_holds(records[root])))] if root not in done else []
        done.add(root)
        while path:
            name, rest = path[-1]
            held = next(rest, None)
            if held is None:
                path.pop()
                yield name
            elif held in records and held not in done:
                done.add(held)
                path.append((held, iter(_holds(records[held]))))


def _holds(record: Record) -> list[str]:
    texts = [m.type for m in _members(record) if record.kind != "enum"]
    texts += [v.type for v in record.variants if v.type]
    texts += [record.of] if record.of else []
    return [name for text in texts if (name := embedded_name(type_of(text)))]
