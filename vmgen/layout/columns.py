"""Extents of types on all layout classes, each measured once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema.types import Type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from vmgen.layout.place import Extent

Column = tuple["Extent", ...]
"""A type's extents, one per layout class."""


class Columns(dict[Type, Column]):
    """The column of each type, measured when it is first asked for.

    Equal columns are one object, so that an id stands for all that is in a column.
    """

    def __init__(self, measure: Callable[[Type], Sequence[Extent]]) -> None:
        super().__init__()
        self._measure = measure
        self._one_of_each: dict[Column, Column] = {}

    def __missing__(self, type: Type) -> Column:
        column = tuple(self._measure(type))
        column = self[type] = self._one_of_each.setdefault(column, column)
        return column
