"""A type's layouts that look different, each with the classes that it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.layout.contexts import ContextLayout
    from vmgen.layout.records import Layouts, RecordLayout


class Column(msgspec.Struct, frozen=True):
    """A layout, and the indices of the layout classes that have it."""

    record: RecordLayout
    classes: tuple[int, ...]


def columns(layouts: Layouts, name: str) -> list[Column]:
    """The layouts of a declared type that differ in a size, an offset or the record's
    alignment. How its parts are aligned doesn't count where it moves nothing."""
    groups: dict[object, Column] = {}
    for record, classes in layouts.distinct(name):
        sizes = tuple([size for size, _ in record.extents])
        key = (record.size, record.align, record.offsets, sizes)
        known = groups.get(key)
        merged = (*known.classes, *classes) if known else classes
        groups[key] = Column(known.record if known else record, merged)
    return list(groups.values())


def context_columns(
    per_class: Sequence[ContextLayout],
) -> list[tuple[ContextLayout, tuple[int, ...]]]:
    """The layouts of a context that differ, given one for each class."""
    groups: dict[ContextLayout, list[int]] = {}
    for index, layout in enumerate(per_class):
        groups.setdefault(layout, []).append(index)
    return [(layout, tuple(indices)) for layout, indices in groups.items()]
