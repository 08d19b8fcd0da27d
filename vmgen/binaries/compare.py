"""One record of a schema held against a type of a binary.

Nothing here knows of findings: differences are values that say what is different.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis import peel
from vmgen.analysis.called import name_in
from vmgen.binaries.bit_bytes import take_bytes
from vmgen.binaries.differences import Compared, Difference, Kind
from vmgen.binaries.members import (
    array_at_the_end,
    is_position,
    is_skipped,
    known_as,
    nameless,
    parts_by_name,
    plain,
    tags,
)
from vmgen.binaries.moved import (
    differing_bits,
    explained,
    held_before,
    moved_parts,
)
from vmgen.binaries.stored import Stored
from vmgen.binaries.types import (
    Enumeration,
    Member,
    Tagged,
    Type,
    Unknown,
    size_of,
)
from vmgen.binaries.types import peel as unwrapped
from vmgen.binaries.values import differences_of
from vmgen.binaries.words import in_bytes, spoken
from vmgen.schema import model as m
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part, Record
    from vmgen.reading.source import Span


def compare(
    record: Record,
    found: Type,
    on: LayoutClass,
    layouts: Layouts,
    nameless: Collection[str] = (),
) -> Compared:
    """Hold a record in a layout class against the binary's type of its name. Types that are
    `nameless` are declared in place, and have no type of their name there."""
    return _Comparison(record, on, layouts, nameless).run(found)


class _Comparison:
    def __init__(
        self,
        record: Record,
        on: LayoutClass,
        layouts: Layouts,
        nameless: Collection[str],
    ) -> None:
        self._record = record
        self._on, self._index = on, on.index
        self._layouts, self._nameless = layouts, nameless
        self._types = layouts.module.types
        self._stored = Stored(self._types, on)
        self._numbers = 0
        self._found: list[Difference] = []
        self._lacking: tuple[str, ...] = ()

    def run(self, found: Type) -> Compared:
        declared = self._record.declared
        told = True
        if isinstance(found, Unknown):
            return Compared(0, (), told=False)
        if isinstance(declared, m.PlainEnum):
            self._size(found)
            self._values(declared.variants, found)
        elif isinstance(declared, m.TaggedEnum) and isinstance(found, Tagged):
            self._size(found)
            self._tagged(declared, found)
        elif isinstance(declared, m.Newtype):
            self._size(found)
            self._type(declared.name, declared.span, declared.inner, found)
        elif self._record.parts:
            told = self._members(found)
        else:
            self._size(found)
        numbers = self._numbers + self._stored.numbers
        return Compared(numbers, tuple(self._found), told, self._lacking)

    def _add(
        self, kind: Kind, message: str, span: Span, *notes: str, follows: str = ""
    ) -> None:
        self._found.append(Difference(kind, message, span, notes, follows))

    def _size(self, found: Type) -> None:
        """Size and alignment, where the binary states them."""
        name, span = self._record.name, self._record.declared.span
        size, align = self._record.extents[self._index]
        theirs = size_of(found)
        self._numbers += 1
        if theirs != size:
            self._add(
                "size",
                f"`{name}` is {in_bytes(size)}, and {in_bytes(theirs)} in the binary",
                span,
                follows=held_before(self._record, self._types, None),
            )
            return
        stated = getattr(found, "align", None)
        if stated is not None:
            self._numbers += 1
            if stated != align:
                self._add(
                    "size",
                    f"`{name}` is aligned to {align}, and to {stated} in the binary",
                    span,
                    follows=held_before(self._record, self._types, None),
                )

    def _members(self, found: Type) -> bool:
        """The parts of a record; false where the binary's type has none of them."""
        record = self._record
        context = isinstance(record.declared, m.Context)
        parts, left = parts_by_name(record, found, self._layouts)
        if left is None:
            if not context:
                self._size(found)
            return False
        missing: list[Part] = []
        moved: list[tuple[Part, int]] = []
        for part in parts:
            if self._index in part.absent:
                self._nothing(part, left)
                continue
            member = next((left.pop(n) for n in known_as(part) if n in left), None)
            if member is None:
                missing.append(part)
                continue
            self._numbers += 1
            if member.offset != part.offsets[self._index]:
                moved.append((part, member.offset))
                if part.bits:
                    continue
            self._part(part, member)
        kept, wrong = take_bytes(record, self._index, missing, left)
        missing = [part for part in missing if part not in kept]
        self._numbers += len(kept)
        self._found += wrong
        if context:
            # A runtime declares what it reads itself; the rest it finds by offsets.
            self._lacking = tuple(part.name for part in missing)
            self._at_the_end(left)
            return not missing or len(missing) < len(record.parts)
        more = [] if m.is_prefix(record.declared) else [*left.values()]
        self._names(*self._without_names(missing, more, found))
        causes = [d for d in self._found if d.kind in ("members", "type")]
        if moved and causes:
            at = self._found.index(causes[0])
            self._found[at] = explained(causes[0], self._index, moved)
        elif moved:
            follows = held_before(self._record, self._types, moved[0][0])
            self._found.append(moved_parts(record, self._index, moved, follows))
        elif not causes and not m.is_prefix(record.declared):
            self._size(found)
        return True

    def _nothing(self, part: Part, left: dict[str, Member]) -> None:
        """A part that isn't there on the target: a binary may have it without bytes."""
        name = next((n for n in known_as(part) if n in left), None)
        if name is not None and size_of(left[name].type) == 0:
            del left[name]

    def _at_the_end(self, left: Mapping[str, Member]) -> None:
        """An array without a length that the binary's type ends in."""
        found = array_at_the_end(self._record, left)
        if found is None:
            return
        region, theirs, element = found
        self._numbers += 2
        layout = region.layouts[self._index]
        place, begin = f"{self._record.name}.{region.name}", layout.begin({})
        if theirs != begin:
            message = f"`{place}` is at {begin}, and at {theirs} in the binary"
            self._add("offset", message, region.span)
        self._type(place, region.span, region.type, element, layout.stride)

    def _part(self, part: Part, member: Member) -> None:
        """The type of a part, or of a bit-field its width and its place in its byte."""
        if part.bits or member.bits is not None:
            self._numbers += 2
            self._found += differing_bits(self._record, part, self._index, member)
            return
        theirs = member.type
        place = f"{self._record.name}.{part.name}"
        size = part.extents[self._index][0]
        if isinstance(part.type, t.Named) and part.type.name in self._nameless:
            inner = self._layouts.of(part.type.name)
            held = compare(inner, theirs, self._on, self._layouts, self._nameless)
            self._found += held.differences
            self._numbers += held.numbers
        else:
            self._type(place, part.span, part.type, theirs, size)

    def _without_names(
        self, missing: Sequence[Part], more: Sequence[Member], found: Type
    ) -> tuple[list[Part], list[Member]]:
        """What is left of parts and members after those for which C has no name: an
        integer that a record has for its bit-fields, bits that are skipped, what is anonymous
        there, and what the schema says that the owner's header has no name for."""
        left = []
        owner = self._layouts.module.owner
        without = {word.text for word in owner.without} if owner else set()
        for part in missing:
            named = f"{self._record.name}.{part.name}"
            if named in without or is_skipped(found, part, self._index):
                continue
            start, size = part.offsets[self._index], part.extents[self._index][0]
            kind = peel.below_newtypes(part.type, self._types)
            number = isinstance(kind, t.Int)
            inside = nameless(found, more, start, size, number=number)
            if part.bits or inside is None or not (number or isinstance(kind, t.Named)):
                left.append(part)
            else:
                self._numbers += 1
                more = [x for x in more if x not in inside]
        return left, [*more]

    def _names(self, missing: Sequence[Part], more: Sequence[Member]) -> None:
        """Members that one of the two has and the other hasn't; one at the same offset
        has another name."""
        name = self._record.name
        others = {(member.offset, member.bit): member for member in more}
        same = self._record.kind != "union"
        for part in missing:
            bit = part.bits[self._index].offset if part.bits else 0
            place = (part.offsets[self._index], bit)
            other = others.pop(place, None) if same else None
            if other is not None:
                self._part(part, other)
                if not is_position(other.name):
                    self._add(
                        "name",
                        f"`{name}.{part.name}` is called `{other.name}` in the binary",
                        part.span,
                    )
            else:
                message = f"`{name}` has no `{part.name}` in the binary"
                self._add("members", message, part.span)
        for member in others.values() if same else more:
            size = size_of(member.type)
            self._add(
                "members",
                f"the binary's `{name}` has a member `{member.name}` of {in_bytes(size)} at "
                f"{member.offset}, which the schema hasn't",
                self._record.declared.span,
            )

    def _values(self, variants: Sequence[m.Variant], found: Type) -> None:
        """The values of a plain enum's variants, where the binary has names for them."""
        inside = unwrapped(found)
        if isinstance(inside, Enumeration):
            self._compare_values(variants, dict(inside.values))
        elif isinstance(inside, Tagged):
            self._compare_values(variants, tags(inside))

    def _tagged(self, declared: m.TaggedEnum, found: Tagged) -> None:
        """A tagged enum that is one in the binary, too."""
        self._compare_values(declared.variants, tags(found))
        if found.tag is not None:
            self._numbers += 1
            tag = self._record.parts[0]
            width = tag.extents[self._index][0]
            theirs = size_of(found.tag.type)
            if (found.tag.offset, theirs) != (0, width):
                self._add(
                    "type",
                    f"the tag of `{declared.name}` is {in_bytes(width)} at 0, and "
                    f"{in_bytes(theirs)} at {found.tag.offset} in the binary",
                    declared.span,
                )
        payloads = {plain(v.name): v.payload for v in found.variants}
        for variant in declared.variants:
            payload = payloads.get(plain(name_in(variant, "rust")))
            if variant.text is None or payload is None:
                continue
            inside = [x for x in payload.members if size_of(x.type)]
            if len(inside) != 1:
                continue
            self._numbers += 1
            offset = self._record.parts[1].offsets[self._index]
            if inside[0].offset != offset:
                self._add(
                    "offset",
                    f"the payload of `{declared.name}::{variant.name}` is at {offset}, and "
                    f"at {inside[0].offset} in the binary",
                    variant.span,
                )
            place = f"{declared.name}::{variant.name}"
            self._type(place, variant.span, variant.text.type, inside[0].type)

    def _compare_values(
        self, variants: Sequence[m.Variant], values: Mapping[str, int | None]
    ) -> None:
        self._numbers += len(variants)
        self._found += differences_of(self._record.declared, variants, values)

    def _type(
        self,
        place: str,
        span: Span,
        ours: t.Type,
        theirs: Type,
        size: int | None = None,
    ) -> None:
        """Whether what is stored at a place is of the same kind and width; `size` is that
        of what the schema has there, in bytes."""
        told = self._stored.differs(ours, theirs)
        other = size_of(theirs)
        if not told and size is not None and other and other != size:
            told = spoken(theirs)
        if told:
            inside = peel.innermost(ours, self._types)
            self._add(
                "type",
                f"`{place}` is `{ours}`, and {told} in the binary",
                span,
                follows=inside.name if isinstance(inside, t.Named) else "",
            )
            return
        null = self._stored.null(ours, theirs)
        if null:
            self._add("null", f"`{place}` is `{ours}`, {null}", span)
