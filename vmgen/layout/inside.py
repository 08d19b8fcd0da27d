"""The parts of records as C has them: those of what is anonymous as if they were the
record's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen.schema import model as m
from vmgen.schema.types import Named
from vmgen.targets.conditions import all_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part


def is_anonymous(part: Part) -> bool:
    """Whether a part has no name in C."""
    return isinstance(part.source, m.Field) and part.source.anonymous


def inside(part: Part, layouts: Layouts) -> Iterator[Part]:
    """The parts of a part that is a record, from the begin of what that is in."""
    assert isinstance(part.type, Named)
    for inner in layouts.parts(part.type.name):
        offsets = zip(part.offsets, inner.offsets, strict=True)
        yield replace(
            inner,
            offsets=tuple([a + b for a, b in offsets]),
            absent=inner.absent | part.absent,
            on=all_of([part.on, inner.on]),
        )


def members(name: str, layouts: Layouts) -> Iterator[Part]:
    """The parts of a record that have a name in C, in order."""
    return _named(layouts.parts(name), layouts)


def inside_named(part: Part, layouts: Layouts) -> Iterator[Part]:
    """The same of a part that is a record, from the begin of what that is in."""
    return _named(inside(part, layouts), layouts)


def _named(parts: Iterable[Part], layouts: Layouts) -> Iterator[Part]:
    waiting = [*parts][::-1]
    while waiting:
        part = waiting.pop()
        if is_anonymous(part):
            waiting += reversed([*inside(part, layouts)])
        else:
            yield part
