"""Whether what is stored at a place is the same in a schema and a binary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis import peel
from vmgen.binaries.members import leaves
from vmgen.binaries.types import (
    Array,
    Composite,
    Enumeration,
    Pointer,
    Scalar,
    Tagged,
    Type,
    size_of,
)
from vmgen.binaries.types import peel as unwrapped
from vmgen.binaries.words import spoken
from vmgen.schema import model as m
from vmgen.schema import types as t
from vmgen.schema.built_in import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.layout.classes import LayoutClass


class Stored:
    """Compares types of fields on the targets of a layout class; `numbers` counts what was compared."""

    def __init__(self, types: Mapping[str, m.Declaration], on: LayoutClass) -> None:
        self._types = types
        self._pointer = on.model.pointer
        self._c_widths = dict(on.c_widths)
        self.numbers = 0

    def differs(self, ours: t.Type, theirs: Type) -> str:
        """What the binary has where that is something else, empty where it isn't."""
        self.numbers += 1
        inside = peel.below_newtypes(ours, self._types)
        if isinstance(inside, t.Array):
            return self._array_differs(inside, theirs)
        if isinstance(inside, t.Named):
            declared = self._types.get(inside.name)
            if isinstance(declared, m.PlainEnum):
                return self.differs(declared.tag, _number(theirs))
            # What is in its own record is compared by itself.
            found = unwrapped(theirs)
            several = isinstance(declared, m.TaggedEnum) or (
                isinstance(declared, m.Struct) and len(declared.fields) > 1
            )
            number = isinstance(found, (Scalar, Pointer, Enumeration))
            return spoken(found) if several and number else ""
        found = unwrapped(theirs)
        match inside:
            case t.Int(name) | t.Atomic(name) | t.NonZero(name):
                plain = name if isinstance(inside, t.Int) else inside.inner
                return self._integer_differs(plain, _number(found))
            case t.CNumber():
                if inside.plain is None:
                    return self._c_number_differs(inside, _number(found))
                return self.differs(BUILT_IN[inside.plain], found)
            case t.VmPtr() | t.RawPointer() | t.FnPointer():
                return self._pointer_differs(found)
            case t.Option(inner):
                if isinstance(found, Tagged):
                    return "" if _is_option(found) else spoken(found)
                return self.differs(inner, found)
            case t.Primitive(name):
                wanted = {"bool": "bool", "char": "char"}.get(name, "float")
                if isinstance(found, Scalar) and found.kind == wanted:
                    bits = (
                        8 if name == "bool" else 32 if name == "char" else int(name[1:])
                    )
                    return "" if found.size * 8 == bits else spoken(found)
                return spoken(found)
            case _:
                return ""

    def _array_differs(self, ours: t.Array, theirs: Type) -> str:
        found = theirs if isinstance(theirs, Array) else unwrapped(theirs)
        if isinstance(found, Composite):
            return self._row_differs(ours, found)
        if not isinstance(found, Array):
            return spoken(found)
        if found.count is not None and found.count != ours.length:
            return spoken(found)
        inner = self.differs(ours.element, found.element)
        return f"of elements that are {inner}" if inner else ""

    def _row_differs(self, ours: t.Array, theirs: Composite) -> str:
        """A struct that is laid out as an array, as `Range<*mut u8>` is as two pointers."""
        inside = list(leaves(theirs))
        stride = theirs.size // ours.length if isinstance(ours.length, int) else 0
        alike = len(inside) == ours.length and all(
            place == index * stride and not self.differs(ours.element, one)
            for index, (place, one) in enumerate(inside)
        )
        return "" if alike else spoken(theirs)

    def _integer_differs(self, name: str, found: Type) -> str:
        if name == "bool":
            return "" if size_of(found) == 1 else spoken(found)
        width = self._width(name)
        if isinstance(found, Pointer) and name in ("usize", "isize"):
            return ""
        if not isinstance(found, Scalar) or found.kind == "float":
            return spoken(found)
        if found.size != width or (found.sign and found.sign != name[0]):
            return spoken(found)
        return ""

    def _c_number_differs(self, ours: t.CNumber, found: Type) -> str:
        """Of a number that is not the same on all targets."""
        if not isinstance(found, Scalar) or found.kind == "float":
            return spoken(found)
        width = self._c_widths[ours.column] if ours.column else 1
        # The sign of `char` is the compiler's to choose, by a flag too.
        wanted = {True: "i", False: "u", None: found.sign}[ours.is_signed]
        if found.size != width or (found.sign and found.sign != wanted):
            return spoken(found)
        return ""

    def _pointer_differs(self, found: Type) -> str:
        width = self._width("usize")
        if isinstance(found, Pointer):
            return "" if found.size == width else spoken(found)
        if isinstance(found, Scalar) and found.kind == "int" and found.sign == "u":
            return "" if found.size == width else spoken(found)
        if isinstance(found, Tagged) and _is_option(found):
            return "" if found.size == width else spoken(found)
        return spoken(found)

    def _width(self, name: str) -> int:
        bits = t.INT_BITS[name]
        return bits // 8 if bits else self._pointer

    def null(self, ours: t.Type, theirs: Type) -> str:
        """What is wrong about null, empty where the two agree or one doesn't tell."""
        inside = peel.below_names(ours, self._types)
        may = isinstance(inside, t.Option)
        if not may and not isinstance(inside, t.VmPtr):
            return ""
        self.numbers += 1
        found = _may_be_null(theirs)
        if found is None or found == may:
            return ""
        return (
            "and never null in the binary" if may else "and may be null in the binary"
        )


def _number(found: Type) -> Type:
    """The integer that an enumeration is stored as, or what it was."""
    if isinstance(found, Enumeration):
        return Scalar(found.name, found.size, "int")
    return found


def _is_option(found: Tagged) -> bool:
    return {variant.name for variant in found.variants} == {"None", "Some"}


def _may_be_null(found: Type) -> bool | None:
    """Whether a pointer may be null; None where the binary doesn't tell."""
    while True:
        if isinstance(found, Tagged):
            return True if _is_option(found) else None
        if not isinstance(found, Composite):
            return None
        if found.name.startswith(("NonZero", "NonNull")):
            return False
        inside = [x for x in found.members if size_of(x.type)]
        if len(inside) != 1:
            return None
        found = inside[0].type
