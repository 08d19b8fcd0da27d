"""Kinds of what is held: numbers, pointers, arrays, and what nobody knows."""

from __future__ import annotations

from .hints import TYPE_CHECKING, Any, Callable, Sequence, cast
from .llvm_access import Promises
from .llvm_held import Held
from .llvm_ir import FLOATS, WIDTHS, integer, size_of
from .llvm_numbers import Number, Unknown
from .llvm_parts import Elements, Pointer

if not TYPE_CHECKING:
    pass
else:
    from .llvm_ir import Type
    from .llvm_places import Place
    from .llvm_target import Target

POINTER_WIDE = ("usize", "isize")
OF_C = {
    "c_char": "c_char", "c_int": "c_int", "c_uint": "c_int", "c_long": "c_long",
    "c_ulong": "c_long",
}  # fmt: skip
"""C's numbers whose width or sign is the target's, by what its data model calls that."""
_ALIGNED = {1: "", 2: "u16", 4: "u32", 8: "u64", 16: "u128"}
"""Which alignment of a data model is that of an integer of so many bytes."""


class HeldNumber(Held):
    """A number, by the word that the schema language has for it."""

    def __init__(self, word: str, promises: Promises) -> None:
        self.word = word
        self.promises = promises

    def at(self, name: str, place: Place, number: int | None = None) -> Number:
        width, promises = self.size_on(place.target), self.promises
        region = promises.region
        if number is not None and region is not None and region.indexed:
            promises = promises.but(region=region.element(number))
        if self.word in FLOATS:
            return Number(name, place, promises, FLOATS[self.word][1], width)
        signed = self.signed_on(place.target)
        return Number(name, place, promises, integer(width), width, signed)

    def signed_on(self, target: Target) -> bool:
        """Whether it has a sign, being an integer."""
        return self.word[0] == "i"

    def size_on(self, target: Target) -> int:
        if self.word in FLOATS:
            return FLOATS[self.word][0]
        return WIDTHS.get(self.word) or target.pointer

    def align_on(self, target: Target) -> int:
        width = self.size_on(target)
        if self.promises.ordering is not None or width == 1:
            return width
        known = target.model.aligns
        if self.word in POINTER_WIDE:
            return known.get("pointer", 1)
        return known.get(self.word if self.word in FLOATS else _ALIGNED[width], 1)

    def other(self, type: Any, target: Target, align: int) -> Held:
        return taken_for(type, target, align)


class HeldNumberOfC(HeldNumber):
    """One of C's numbers, as wide and with the sign that the target's C has it."""

    def signed_on(self, target: Target) -> bool:
        if self.word == "c_char":
            return bool(self._fact(target))
        return not self.word.startswith("c_u")

    def size_on(self, target: Target) -> int:
        return 1 if self.word == "c_char" else self._fact(target)

    def _fact(self, target: Target) -> int:
        return target.model.aligns[OF_C[self.word]]


class Pointee:
    """What a pointer leads to: `find` finds it, when it is first asked for; `reach` is how
    many bytes there are, by the columns of the table of layouts or one number for all, and
    empty where the schema doesn't say it."""

    def __init__(self, find: Callable[[], Held], reach: Sequence[int] = ()) -> None:
        self.find = find
        self.reach = reach

    def reach_on(self, target: Target) -> int:
        """How many bytes the schema says that there are; 0 where it doesn't."""
        if not self.reach:
            return 0
        return self.reach[target.model.column if len(self.reach) > 1 else 0]


class HeldPointer(Held):
    """A pointer."""

    def __init__(self, pointee: Pointee, promises: Promises, *, nullable: bool) -> None:
        self.pointee = pointee
        self.promises = promises
        self.nullable = nullable

    def at(self, name: str, place: Place, number: int | None = None) -> Any:
        promises, region = self.promises, self.promises.region
        if number is not None and region is not None and region.indexed:
            promises = promises.but(region=region.element(number))
        pointee, reach = self.pointee.find(), self.pointee.reach_on(place.target)
        known = name, place, promises, pointee
        return Pointer[Any](*known, reach=reach, nullable=self.nullable)

    def size_on(self, target: Target) -> int:
        return target.pointer

    def align_on(self, target: Target) -> int:
        return target.model.aligns.get("pointer", 1)

    def other(self, type: Any, target: Target, align: int) -> Held:
        return taken_for(type, target, align)


class HeldArray(Held):
    """So many of something, one after the other."""

    def __init__(self, element: Held, count: int) -> None:
        self.element = element
        self.count = count

    def at(self, name: str, place: Place, number: int | None = None) -> Any:
        return Elements[Any](name, place, self.element, self.count)

    def size_on(self, target: Target) -> int:
        return self.element.size_on(target) * self.count

    def align_on(self, target: Target) -> int:
        return self.element.align_on(target)

    def reach_on(self, target: Target) -> int:
        reach = self.element.reach_on(target)
        if not reach or not self.count:
            return 0
        return self.element.size_on(target) * (self.count - 1) + reach

    def other(self, type: Any, target: Target, align: int) -> Held:
        return taken_for(type, target, align)


class HeldUnknown(Held):
    """Something that has no size, or none that is known."""

    def at(self, name: str, place: Place, number: int | None = None) -> Unknown:
        return Unknown(name, place, self.promises)

    def size_on(self, target: Target) -> int:
        raise TypeError(
            "nothing is known of what is there: take it for something by cast"
        )

    def align_on(self, target: Target) -> int:
        return 1

    def other(self, type: Any, target: Target, align: int) -> Held:
        return taken_for(type, target, align)


class HeldType(Held):
    """A type of llvmlite's, aligned to so many bytes."""

    def __init__(self, type: Type, width: int, align: int) -> None:
        self.type = type
        self.width = width
        self.align = align

    def at(self, name: str, place: Place, number: int | None = None) -> Number:
        return Number(name, place, self.promises, self.type, self.width)

    def size_on(self, target: Target) -> int:
        return self.width

    def align_on(self, target: Target) -> int:
        return self.align

    def other(self, type: Any, target: Target, align: int) -> Held:
        return taken_for(type, target, align)


def taken_for(kind: Any, target: Target, align: int) -> Held:
    """What a cast makes of a pointee. Raises TypeError."""
    of_class = getattr(kind, "_vm_held", None)
    if of_class is not None:
        return cast("Held", of_class())
    width = size_of(kind, target.pointer)
    if width is None:
        raise TypeError(f"{kind} isn't loaded in one piece")
    return HeldType(kind, width, align)
