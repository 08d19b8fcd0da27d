"""Layout classes that agree, as groups of their indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from vmgen.layout.place import RecordLayout

Group = tuple[int, ...]
"""Indices of layout classes that agree; the first one's numbers are those of all."""


def grouped(row: Iterable[Hashable]) -> tuple[Group, ...]:
    """Layout classes by what a row has for each, in the order of their first ones."""
    groups: dict[Hashable, list[int]] = {}
    for index, entry in enumerate(row):
        groups.setdefault(entry, []).append(index)
    return tuple(map(tuple, groups.values()))


def split(groups: Sequence[Group], row: Sequence[Hashable]) -> tuple[Group, ...]:
    """The groups again, each divided where a row tells its members apart."""
    number = {index: n for n, group in enumerate(groups) for index in group}
    return grouped((number[index], entry) for index, entry in enumerate(row))


def columns(layouts: Sequence[RecordLayout]) -> tuple[Group, ...]:
    """The layout classes on which a record looks the same: in its size, its alignment,
    and the offsets and sizes of its parts, to the bit. How parts are aligned doesn't show.

    A column of a table is for one of these groups.
    """
    looks: dict[int, Hashable] = {}
    for layout in layouts:
        if id(layout) not in looks:
            sizes = tuple([size for size, _ in layout.extents])
            shown = (layout.size, layout.align, layout.offsets, sizes, layout.bits)
            looks[id(layout)] = shown
    if len(looks) == 1:
        return (tuple(range(len(layouts))),)
    return grouped([looks[id(layout)] for layout in layouts])
