"""What is inside the wrappers around a type.

Arrays, `UnsafeCell`, `Option` and newtypes stand around a type that decides something:
how it is laid out, whether it is copied, what code reads. Who asks says by the name of
a function which wrappers don't matter to the answer. Those that look through newtypes
take the module's declarations; a newtype that holds itself, which a rule refuses, ends
the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.schema import model as m
from vmgen.schema.types import Array, Named, Option, Type, UnsafeCell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    _Types = Mapping[str, m.Declaration]

_CELLS: tuple[type[Any], ...] = (UnsafeCell,)
_PLACES: tuple[type[Any], ...] = (Array, UnsafeCell)
_ALL: tuple[type[Any], ...] = (Array, UnsafeCell, Option)
_NOTHING: _Types = {}


def below_cells(type: Type) -> Type:
    """`u32` of `UnsafeCell<u32>`."""
    return _innermost(type, _CELLS)


def by_value(type: Type) -> Type:
    """What a field of this type holds by value, below arrays and cells."""
    return _innermost(type, _PLACES)


def laid_out(type: Type) -> Type:
    """What decides the alignment of a field of this type, below arrays, cells and
    options: an option that has a layout has that of what is inside."""
    return _innermost(type, _ALL)


def copied(type: Type) -> Type:
    """What has to be `Copy` for this type to be, below arrays and options."""
    return _innermost(type, (Array, Option))


def below_names(type: Type, types: _Types) -> Type:
    """What newtypes wrap; a newtype has the niche of its content, a cell has none."""
    return _innermost(type, (), types)


def below_newtypes(type: Type, types: _Types) -> Type:
    """What newtypes and cells wrap, all the way down."""
    return _innermost(type, _CELLS, types)


def passed(type: Type, types: _Types) -> Type:
    """What is passed to a function that has a parameter of this type, below cells,
    options and newtypes."""
    return _innermost(type, (UnsafeCell, Option), types)


def innermost(type: Type, types: _Types) -> Type:
    """What is below all wrappers: arrays, cells, options and newtypes."""
    return _innermost(type, _ALL, types)


def layers(type: Type, types: _Types) -> Iterator[Type]:
    """The type and, one after the other, what each wrapper has inside: arrays, cells,
    options and newtypes. The last is `innermost`."""
    return _layers(type, _ALL, types)


def run(type: Type, types: _Types) -> tuple[Type, int]:
    """What a field holds by value below arrays, cells and newtypes, and how many of it
    one after the other: `Pair` and 6 of `[[Pair; 3]; 2]`."""
    count = 1
    inside = type
    for inside in _layers(type, _PLACES, types):
        if isinstance(inside, Array) and isinstance(inside.length, int):
            count *= inside.length
    return inside, count


def _innermost(
    type: Type, through: tuple[type[Any], ...], types: _Types = _NOTHING
) -> Type:
    *_, inside = _layers(type, through, types)
    return inside


def _layers(
    type: Type, through: tuple[type[Any], ...], types: _Types
) -> Iterator[Type]:
    seen: set[str] = set()
    while True:
        yield type
        if isinstance(type, Named):
            declared = types.get(type.name)
            if not isinstance(declared, m.Newtype) or type.name in seen:
                return
            seen.add(type.name)
            type = declared.inner
        elif isinstance(type, through):
            type = type.element if isinstance(type, Array) else type.inner
        else:
            return
