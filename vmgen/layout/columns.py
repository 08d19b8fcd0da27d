"""A type's layouts that look different, each with the classes that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.layout.contexts import ContextLayout
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.place import RecordLayout


class Column(msgspec.Struct, frozen=True):
    """A layout, and the indices of the layout classes that have it."""

    record: RecordLayout
    classes: tuple[int, ...]


def columns(layouts: Layouts, name: str) -> list[Column]:
    """The layouts of a declared type that differ in a size, an offset or the record's
    alignment. How its parts are aligned doesn't count where it moves nothing."""
    row = layouts.row(name)
    alike: dict[int, list[int]] = {}
    for index, known in enumerate(map(id, row)):
        if known in alike:
            alike[known].append(index)
        else:
            alike[known] = [index]
    groups: dict[tuple[object, ...], Column] = {}
    for classes in alike.values():
        record = row[classes[0]]
        look: tuple[object, ...] = (record.size, record.align, record.offsets)
        first = groups.get(look)
        if first and _sizes(first.record) != _sizes(record):
            # The rest is the same, which it seldom is; so sizes are no part of it.
            look = (*look, *_sizes(record))
            first = groups.get(look)
        groups[look] = (
            Column(first.record, (*first.classes, *classes))
            if first
            else Column(record, tuple(classes))
        )
    return list(groups.values())


def _sizes(record: RecordLayout) -> list[int]:
    return [size for size, _ in record.extents]


def context_columns(
    per_class: Sequence[ContextLayout],
) -> list[tuple[ContextLayout, tuple[int, ...]]]:
    """The layouts of a context that differ, given one for each class."""
    groups: dict[ContextLayout, list[int]] = {}
    for index, layout in enumerate(per_class):
        groups.setdefault(layout, []).append(index)
    return [(layout, tuple(indices)) for layout, indices in groups.items()]
