"""Paths from a record to a part of it, or to what its pointers lead to."""

from __future__ import annotations

import re

from .bit_fields import BitField
from .contexts import ContextBody
from .elements import Elements
from .errors import NoPath, Unmapped, did_you_mean
from .hints import TYPE_CHECKING, Any, Final, Mapping
from .kinds import Bodiless
from .known import Known
from .layouts import variants_of
from .pointers import Pointer
from .records import Body
from .words import Little, NonZero, Wide

if TYPE_CHECKING:
    from .kinds import Kind
    from .layouts import Layout
    from .offsets import ContextLayout, ContextOffsets
    from .space import Space


class Place:
    """Where a path leads: a kind and an address, or if `count` isn't None that many in a
    row, `stride` bytes apart. `label` is the path as it was resolved so far."""

    def __init__(
        self,
        kind: Kind,
        address: int,
        label: str = "",
        count: int | None = None,
        stride: int = 0,
    ) -> None:
        self.kind = kind
        self.address = address
        self.label = label
        self.count = count
        self.stride = stride

    @property
    def words(self) -> str:
        """What it is called in messages."""
        return f"`{self.label}`" if self.label else f"`{self.kind.rust}`"


_STEP: Final = re.compile(
    r"(\.?)([A-Za-z_]\w*)|:([A-Za-z_]\w*)|\[([0-9]+)(?::([0-9]+))?\]", re.ASCII
)

_FURTHEST: Final[int] = 1 << 63
"""What an index is below."""


class Places:
    """What finds places in a space: layouts, `known`, and the counts of contexts.

    `counts` are those of the first context that is met and has counts of these names.
    """

    def __init__(
        self,
        space: Space,
        known: Known | None = None,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        self.space = space
        self.model = space.model
        self.known = known or Known()
        self.counts = dict(counts or {})
        self._counted: dict[str, int] = {}

    def region_offsets(
        self, layout: ContextLayout, address: int
    ) -> ContextOffsets | None:
        """Where the regions of a context are; None where its counts aren't known.

        Raises OverflowError, Unmapped and ValueError.
        """
        counts: dict[str, int] = {}
        if layout.counts:
            mine = {n: c for n, c in self.counts.items() if n in layout.counts}
            first = self._counted.setdefault(layout.name, address) == address
            stored = self.known.counts.get(layout.name, {})
            if not stored and not (mine and first):
                return None
            fixed = layout.fixed.source[layout.name]
            counts.update(
                (n, self.stored(fixed, address, p)) for n, p in stored.items()
            )
            if first:
                counts.update(mine)
        face: Any = layout.fixed.source.namespace[layout.name]
        own = layout.targets.own(self.model)
        found: ContextOffsets | None = face._offsets_for(counts, own.key)
        return found

    def stored(self, kind: Kind, address: int, path: str) -> int:
        """The number that a path leads to from a context. Raises ValueError, Unmapped."""
        place = find(self, kind, address, path)
        return int(self.word(place.kind, place.address)[0])

    def word(self, kind: Kind, address: int) -> tuple[Any, Kind]:
        """A word as a number, and the kind inside of whatever wraps it. Raises
        NoPath for what is no word, and Unmapped."""
        raw, inner = kind.raw_there(address, self.space), kind
        if isinstance(inner, NonZero):
            inner = inner.inner
        if isinstance(inner, Little):
            raw, inner = inner.word(raw, self.model), inner.inner
        if isinstance(inner, Wide):
            raw = inner.see(raw, self.model)
        if isinstance(inner, BitField):
            raw, inner = int(inner.see(raw, self.model)), inner.inner
        if isinstance(raw, (int, float)):
            return raw, inner
        raise NoPath(f"`{kind.rust}` is no word")


def find(places: Places, kind: Kind, address: int, path: str) -> Place:
    """What a path leads to from what is at an address: names of parts, and `[i]` or
    `[first:end]` for elements, as ``vmctx:VMContext.memories[0].base[0:16]``.

    A pointer on the way is followed; an index goes on from what it leads to. `:Type` takes
    what a pointer leads to, or else what is there, for another type. A name of a tagged
    enum's variant is its payload. Raises NoPath.
    """
    place = Place(kind, address)
    at = 0
    while at < len(path):
        step = _STEP.match(path, at)
        if not step or (step[2] and bool(step[1]) == (at == 0)):
            raise NoPath(f"`{path}` is no path of names, :Type, [i] and [first:end]")
        _, name, type_name, first, end = step.groups()
        if end is not None and step.end() < len(path):
            raise NoPath(f"`{path}` goes on behind a range")
        if name is not None:
            place = _named(places, _followed(places, place), name)
        elif type_name is not None:
            place = _as(places, _followed(places, place), type_name)
        elif end is None:
            place = _element(places, place, int(first))
        else:
            place = _range(places, place, int(first), int(end))
        at = step.end()
    return place


def _followed(places: Places, place: Place) -> Place:
    """What a pointer leads to; what is none is the same place."""
    kind = place.kind
    while place.count is None and not isinstance(kind, (Body, ContextBody, Elements)):
        raw, inner = _word(places, place)
        if not isinstance(inner, Pointer):
            return place
        if not raw:
            raise NoPath(f"{place.words} is null")
        kind = inner.pointee
        place = Place(kind, raw, place.label)
        if not isinstance(kind, Pointer):
            return place
    return place


def _word(places: Places, place: Place) -> tuple[int, Kind]:
    if isinstance(place.kind, Bodiless):
        raise NoPath(f"nothing is known of what {place.words} leads to")
    try:
        return places.word(place.kind, place.address)
    except Unmapped as error:
        raise NoPath(f"{place.words} can't be read: {error}") from None


def _named(places: Places, place: Place, name: str) -> Place:
    label = f"{place.label}.{name}" if place.label else name
    kind = place.kind
    if place.count is not None or not isinstance(kind, (Body, ContextBody)):
        raise NoPath(f"{place.words} has no parts with names")
    layout = kind.layout.fixed if isinstance(kind, ContextBody) else kind.layout
    if name in layout.through:
        return _named(places, _named(places, place, layout.through[name]), name)
    names = [*places.known.parts(layout)]
    if isinstance(kind, ContextBody) and name in kind.layout.regions:
        return _region(places, place, kind, name, label)
    if name in layout.names and name not in names:
        position = layout.names.index(name)
    elif name in names:
        position = names.index(name)
    else:
        payload = _payload(places, place, layout, name, label)
        if payload is not None:
            return payload
        known = [
            *names,
            *(kind.layout.regions if isinstance(kind, ContextBody) else ()),
        ]
        raise NoPath(f"`{layout.name}` has no part `{name}`{did_you_mean(name, known)}")
    own = layout.source.targets.own(places.model)
    if position in layout.absent(own):
        raise NoPath(f"`{layout.name}` has no part `{name}` on {places.model.name}")
    row = layout.row(own)
    return Place(layout.kinds[position], place.address + row[position + 2], label)


def _as(places: Places, place: Place, name: str) -> Place:
    """The same address, taken for another type."""
    kind = places.known.type(name)
    return Place(kind, place.address, f"{place.label}:{name}")


def _payload(
    places: Places, place: Place, layout: Layout, name: str, label: str
) -> Place | None:
    """The payload of a variant, if the tag says that it is this one."""
    if layout.category != "tagged" or name not in variants_of(layout).values():
        return None
    row = layout.row(layout.source.targets.own(places.model))
    tag, _ = _word(
        places, Place(layout.kinds[0], place.address + row[2], f"{label}.tag")
    )
    if variants_of(layout).get(tag) != name:
        raise NoPath(f"{place.words} isn't `{name}`, its tag is {tag}")
    payload = layout.kinds[1] if len(layout.kinds) > 1 else None
    if not isinstance(payload, Body) or name not in payload.layout.index:
        raise NoPath(f"`{name}` of {place.words} has no payload")
    return Place(payload.layout.kind_of(name), place.address + row[3], label)


def _region(
    places: Places, place: Place, kind: ContextBody, name: str, label: str
) -> Place:
    region = kind.layout.regions[name]
    try:
        offsets = places.region_offsets(kind.layout, place.address)
    except (OverflowError, Unmapped) as error:
        raise NoPath(f"`{label}` can't be placed: {error}") from None
    if offsets is None:
        raise NoPath(f"`{label}` takes counts that aren't known")
    placed = getattr(offsets, name)
    at = place.address + placed.begin
    if not region.single:
        return Place(region.kind, at, label, len(placed), placed.stride)
    if not placed:
        raise NoPath(f"`{label}` is absent")
    return Place(region.kind, at, label)


def _element(places: Places, place: Place, index: int) -> Place:
    row = _row(places, place, index)
    label = f"{place.label}[{index}]"
    return Place(row.kind, row.address + index * row.stride, label)


def _range(places: Places, place: Place, first: int, end: int) -> Place:
    row = _row(places, place, max(end - 1, 0))
    if first > end:
        raise NoPath(f"[{first}:{end}] of {place.words} ends before it begins")
    label = f"{place.label}[{first}:{end}]"
    at = row.address + first * row.stride
    return Place(row.kind, at, label, end - first, row.stride)


def _row(places: Places, place: Place, index: int) -> Place:
    """The elements that an index goes into: an array's, a region's, or those from where a
    pointer leads to on, of which nobody says how many there are."""
    if place.count is None and not isinstance(place.kind, Elements):
        followed = _followed(places, place)
        kind = followed.kind
        if followed is place:
            raise NoPath(f"{place.words} has no elements")
        open_ended = isinstance(kind, Body) and kind.goes_on
        if open_ended or isinstance(kind, (Bodiless, ContextBody)):
            raise NoPath(f"nothing says how large what {place.words} leads to is")
        if index >= _FURTHEST:
            raise NoPath(f"{index} is no index")
        size = kind.size(places.model)
        return Place(kind, followed.address, place.label, None, size)
    count, stride = place.count, place.stride
    kind = place.kind
    if count is None and isinstance(kind, Elements):
        count, kind = kind.count, kind.element
        stride = kind.size(places.model)
    if count is None or index >= count:
        raise NoPath(f"{place.words} has {_elements(count or 0)}, and no [{index}]")
    return Place(kind, place.address, place.label, count, stride)


def _elements(count: int) -> str:
    return f"{count} element{'s' * (count != 1)}"
