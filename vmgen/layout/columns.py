"""Extents of types on all layout classes, each measured once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.layout.place import LayoutError
from vmgen.schema.built_in import BUILT_IN
from vmgen.schema.types import (
    INT_BITS,
    Array,
    Atomic,
    CNumber,
    FnPointer,
    Int,
    Named,
    NonZero,
    Option,
    Primitive,
    RawPointer,
    Type,
    Unit,
    UnsafeCell,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vmgen.layout.classes import LayoutClass
    from vmgen.layout.place import Extent, Row
    from vmgen.targets.data_model import DataModel

Column = tuple["Extent", ...]
"""A type's extents, one per layout class."""


class Columns(dict[Type, Column]):
    """The column of each type, measured when it is first asked for; of a declared type by
    its row of layouts in `rows`. Raises `LayoutError` of a type that has none.

    Equal columns are one object, so that an id stands for all that is in a column.
    """

    def __init__(self, classes: Sequence[LayoutClass], rows: Mapping[str, Row]) -> None:
        super().__init__()
        self._classes, self._rows = classes, rows
        self._pointers = [(c.model.pointer, c.model.align_pointer) for c in classes]
        self._one_of_each: dict[Column, Column] = {}

    def __missing__(self, type: Type) -> Column:
        column = tuple(self._measure(type))
        column = self[type] = self._one_of_each.setdefault(column, column)
        return column

    def _measure(self, type: Type) -> Sequence[Extent]:
        match type:
            case Int(name):
                return self._integer(INT_BITS[name])
            case VmPtr() | RawPointer() | FnPointer():
                return self._pointers
            case CNumber():
                return self._c_number(type)
            case Array(element, int() as length):
                inner = self[element]
                return [(size * length, align) for size, align in inner]
            case UnsafeCell(inner_type) | Option(inner_type):
                return self[inner_type]
            case Named(name):
                if name not in self._rows:
                    raise LayoutError(f"`{name}` has no layout")
                return [(r.size, r.align) for r in self._rows[name]]
            case Atomic(inner="bool"):
                return [(1, 1)] * len(self._classes)
            case Atomic(inner=inner_name):
                return [
                    _atomic(INT_BITS[inner_name] or c.model.pointer_width, c.model)
                    for c in self._classes
                ]
            case NonZero(inner=inner_name):
                return self._integer(INT_BITS[inner_name])
            case Unit():
                return [(0, 1)] * len(self._classes)
            case Primitive("bool"):
                return [(1, 1)] * len(self._classes)
            case Primitive("char"):
                return self._integer(32)
            case Primitive(name):
                bits = int(name[1:])
                return [
                    (bits // 8, c.model.align_of_float(bits)) for c in self._classes
                ]
            case _:
                raise LayoutError(f"`{type}` has no layout")

    def _c_number(self, type: CNumber) -> Sequence[Extent]:
        if type.plain is not None:
            plain = BUILT_IN[type.plain]
            return self[plain]
        if type.column is None:
            return self._integer(8)
        widths = [c.c_width(type.column) for c in self._classes]
        return [
            (width, c.model.align_of_int(width * 8))
            for width, c in zip(widths, self._classes, strict=True)
        ]

    def _integer(self, bits: int | None) -> Sequence[Extent]:
        if bits is None:
            return self._pointers
        return [(bits // 8, c.model.align_of_int(bits)) for c in self._classes]


def _atomic(bits: int, model: DataModel) -> Extent:
    return bits // 8, model.align_of_atomic(bits)
