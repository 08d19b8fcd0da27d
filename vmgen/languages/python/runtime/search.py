"""Records that are found by what is always in them."""

from __future__ import annotations

from .bit_fields import BitField
from .contexts import ContextBody
from .errors import NoPath, Unmapped
from .hints import TYPE_CHECKING, Callable, Final, Iterator
from .kinds import packed
from .pointers import Pointer
from .records import Body

if TYPE_CHECKING:
    from .kinds import Kind
    from .layouts import Layout
    from .paths import Places

FIRST_PAGE: Final[int] = 4096
"""No system has anything at an address below."""


Look = Callable[[bytes, int], Iterator[int]]
"""Gives every address of a pattern that is a multiple of an alignment."""


def search(places: Places, kind: Kind, look: Look) -> Iterator[int]:
    """The addresses of all that may be a record or context of a kind, out of those that
    `look` finds.

    It has to have a field of its own with a fixed value, which is looked for: NoPath. All
    other fixed values have to be there too, its pointers lead to what can be read, and be
    null only where they may be. What was freed, or is a copy, can't be told apart.
    """
    layout = _layout(kind)
    if layout is None or not any(map(_is_fixed, layout.kinds)):
        raise NoPath(f"`{kind.rust}` has no field with a fixed value to be found by")
    model = places.model
    row = layout.row(layout.source.targets.own(model))
    fixed = [
        (inside, offset)
        for inside, offset in zip(layout.kinds, row[2:], strict=False)
        if _is_fixed(inside)
    ]
    inside, offset = max(fixed, key=lambda one: one[0].size(model))
    pattern = packed(inside, inside.default, model)
    align = kind.align(model)
    starts = (found - offset for found in look(pattern, inside.align(model)))
    return (
        start
        for start in starts
        if start >= FIRST_PAGE and start % align == 0 and _may_be(places, layout, start)
    )


def _is_fixed(kind: Kind) -> bool:
    """Whether it has bytes of its own that are always the same."""
    return kind.default is not None and not isinstance(kind, BitField)


def _layout(kind: Kind) -> Layout | None:
    if isinstance(kind, ContextBody):
        return kind.layout.fixed
    if isinstance(kind, Body) and kind.layout.category in ("struct", "prefix"):
        return kind.layout
    return None


def _may_be(places: Places, layout: Layout, start: int) -> bool:
    """Whether a record can be at an address."""
    row = layout.row(layout.source.targets.own(places.model))
    try:
        return all(
            _fits(places, kind, start + offset)
            for kind, offset in zip(layout.kinds, row[2:], strict=False)
        )
    except Unmapped:
        return False


def _fits(places: Places, kind: Kind, address: int) -> bool:
    inside = _layout(kind)
    if inside is not None:
        return _may_be(places, inside, address)
    try:
        raw, word = places.word(kind, address)
    except NoPath:
        # An array, a union: what is in it isn't looked at.
        return True
    if kind.default is not None:
        return bool(raw == kind.default)
    if not isinstance(word, Pointer):
        return True
    if not raw:
        return word.optional or getattr(kind, "optional", False)
    if raw < FIRST_PAGE:
        return False
    places.space.memory.read(raw, 1)
    return True
