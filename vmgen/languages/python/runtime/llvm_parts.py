"""Pointers, with the way to what they lead to, and arrays."""

from __future__ import annotations

from _operator import index as as_index

from .hints import TYPE_CHECKING, Any, Generic, Iterator, V_co, cast
from .llvm_access import mark
from .llvm_ir import POINTER, Builder, Value, ir, size_of
from .llvm_numbers import OF_NUMBERS, Number
from .llvm_places import Link, Place

if not TYPE_CHECKING:
    pass
else:
    from .llvm_access import Promises
    from .llvm_held import Held
    from .llvm_ir import Type


class Pointer(Number, Link, Generic[V_co]):
    """A pointer, and the way to what it leads to."""

    def __init__(
        self,
        name: str,
        place: Place,
        promises: Promises,
        pointee: Held,
        *,
        reach: int,
        nullable: bool,
    ) -> None:
        super().__init__(name, place, promises, POINTER, place.target.pointer)
        self._pointee = pointee
        self._reach = reach
        self._nullable = nullable

    def deref(self) -> V_co:
        """What it leads to: a load of that loads the pointer first, as `load` does. If it
        is null then, what happens is undefined. Raises TypeError where nothing is known
        of what is there."""
        return cast("V_co", self._pointee.at(f"{self._name}.*", self._there()))

    def array(self, count: int | None = None) -> Elements[V_co]:
        """What it leads to and what follows that in memory; an index is checked if it is
        told how many there are. Raises TypeError as `deref`."""
        return Elements(f"{self._name}.*", self._there(), self._pointee, count)

    def cast(self, type: Any, align: int = 1) -> Any:
        """The same pointer, taken to lead to something else: to a type of llvmlite's
        that is aligned to so many bytes, or to a class of handles. Raises TypeError."""
        pointee = self._pointee.other(type, self._place.target, align)
        known = self._name, self._place, self._promises
        return Pointer(*known, pointee, reach=self._reach, nullable=self._nullable)

    def mutable(self) -> Pointer[V_co]:
        """As of a number."""
        known = *self._without_access(), self._pointee
        return Pointer(*known, reach=self._reach, nullable=self._nullable)

    def _there(self) -> Place:
        target = self._place.target
        return Place(target, self._pointee.align_on(target), self)

    def _mark_value(self, builder: Builder, loaded: Value) -> None:
        target = self._place.target
        reach = max(self._reach, self._pointee.reach_on(target))
        if not self._nullable:
            mark(builder, loaded, "nonnull")
        if reach:
            what = "dereferenceable_or_null" if self._nullable else "dereferenceable"
            mark(builder, loaded, what, reach)
        if self._pointee.align_on(target) > 1:
            mark(builder, loaded, "align", self._pointee.align_on(target))


class Elements(Generic[V_co]):
    """An array: `elements[i]` is an element, by a number or by a value of the code's.

    A number that is no index of it is an IndexError. Nothing holds a value against the
    length: code that isn't sure of it compares before.
    """

    def __init__(
        self,
        name: str,
        place: Place,
        held: Held,
        count: int | None,
        stride: int | None = None,
    ) -> None:
        self._name = name
        self._place = place
        self._held = held
        self._count = count
        self._stride = held.size_on(place.target) if stride is None else stride

    def address(self, builder: Builder, base: Value) -> Value:
        """Where the first element is, a pointer. Raises TypeError and WrongTarget."""
        return self._place.address(builder, base)

    def __len__(self) -> int:
        if self._count is None:
            raise TypeError(f"nobody says how many {self._name} there are")
        return self._count

    def __getitem__(self, index: int | Value) -> V_co:
        if isinstance(index, ir.Constant):
            index = index.constant
        if isinstance(index, ir.Value):
            return cast("V_co", self._element(index, None))
        number = as_index(index)
        if number < 0 or (self._count is not None and number >= self._count):
            count = "" if self._count is None else f" of {self._count} elements"
            raise IndexError(f"{self._name}[{number}] is outside{count}")
        return cast("V_co", self._element(number, number))

    def __iter__(self) -> Iterator[V_co]:
        return (self[number] for number in range(len(self)))

    def cast(self, type: Type) -> Number:
        """What begins with the first element, as one value of a type of llvmlite's; no
        larger than the whole. Raises TypeError."""
        width = size_of(type, self._place.target.pointer)
        if width is None:
            raise TypeError(f"{type} isn't loaded in one piece")
        if self._count is not None and width > self._count * self._stride:
            raise TypeError(
                f"{self._name} has {self._count * self._stride} bytes, {type} {width}"
            )
        promises = self._held.promises.but(nonzero=False, ranges=None)
        return Number(self._name, self._place, promises, type, width)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name in OF_NUMBERS:
                raise TypeError(
                    f"{self._name} is an array{_of(self)}: its elements are loaded "
                    "and stored, or the whole by cast"
                )
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def _element(self, index: Any, number: int | None) -> Any:
        place = self._place.element(index, self._stride)
        shown = "…" if number is None else number
        return self._held.at(f"{self._name}[{shown}]", place, number)

    def __repr__(self) -> str:
        count = "" if self._count is None else f"; {self._count}"
        return f"<Elements {self._name}{count}>"


def _of(elements: Elements[Any]) -> str:
    return "" if elements._count is None else f" of {elements._count}"
