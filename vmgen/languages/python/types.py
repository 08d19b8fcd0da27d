"""Types as the generated Python has them: as classes, and as trees of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.memo import Memo
from vmgen.schema import model as m
from vmgen.schema.types import (
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
    RustLayout,
    Type,
    Unit,
    UnsafeCell,
    Vector,
    VmPtr,
    children,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Tree = str | tuple["str | int | Tree", ...]
"""A type as the table has it; `runtime/kinds.py` says what there is."""

_RECORDS = (m.Struct, m.Union, m.TaggedEnum, m.Functions, m.Foreign)
_CELLS = {"bool": "u8", "char": "u32", "f32": "f32", "f64": "f64"}


class Types:
    """The types of one module. `classes` maps declared names to Python's."""

    def __init__(
        self, declared: Mapping[str, m.Declaration], classes: Mapping[str, str]
    ) -> None:
        self.declared = declared
        self.classes = classes
        self.trees = Memo(self._tree)

    def little(self, type: Type) -> Tree:
        """The tree of a type whose words are little-endian on every host."""
        match type:
            case UnsafeCell(inner):
                return self.little(inner)
            case Array(element, length):
                return ("array", self.little(element), length)
            case Named():
                inside = self.inside(type)
                if isinstance(inside, Array):
                    return self.little(inside)
                tree = self.trees[type]
                return tree if self.is_record(type) else ("little", tree)
            case _:
                return ("little", self.trees[type])

    def comment(self, type: Type) -> str:
        """The Rust type, where an annotation as `int` says less than it."""
        while isinstance(type, UnsafeCell):
            type = type.inner
        match type:
            case Int() | CNumber() | Atomic() | NonZero() | Array() | Option(NonZero()):
                return str(type)
            case Primitive():
                return str(type)
            case Named(name) if isinstance(self.declared[name], m.Newtype):
                return str(type)
            case _:
                return ""

    def is_read_only(self, type: Type) -> bool:
        """Whether the type itself, an atomic, isn't to be assigned."""
        match type:
            case Atomic():
                return True
            case UnsafeCell(inner) | Array(inner):
                return self.is_read_only(inner)
            case Named():
                inside = self.inside(type)
                return inside is not type and self.is_read_only(inside)
            case _:
                return False

    def inside(self, type: Type) -> Type:
        """What a newtype wraps, all the way down; other types themselves."""
        while isinstance(type, (Named, UnsafeCell)):
            if isinstance(type, UnsafeCell):
                type = type.inner
                continue
            declared = self.declared[type.name]
            if not isinstance(declared, m.Newtype):
                break
            type = declared.inner
        return type

    def is_record(self, type: Type) -> bool:
        """Whether reading gives an instance of a generated record class."""
        inside = self.inside(type)
        return isinstance(inside, Named) and isinstance(
            self.declared[inside.name], _RECORDS
        )

    def is_number(self, type: Type) -> bool:
        """Whether the runtime has a class for a word of this type."""
        if isinstance(type, Option):
            type = type.inner
            return isinstance(type, NonZero)
        return isinstance(type, (Int, CNumber, Atomic, Primitive, NonZero))

    def cell(self, type: Type) -> str:
        """The runtime's class for a word that a pointer leads to."""
        match type:
            case Int(name) | CNumber(name):
                return name
            case Atomic(name) if name != "AtomicBool":
                return name
            case NonZero(inner=inner) | Option(NonZero(inner=inner)):
                return inner
            case Primitive(name):
                return _CELLS[name]
            case _:
                return "u8"

    def _tree(self, type: Type) -> Tree:
        match type:
            case (
                Int(name)
                | CNumber(name)
                | Atomic(name)
                | NonZero(name)
                | Primitive(name)
            ):
                return name
            case VmPtr(pointee):
                return ("ptr", self._pointee(pointee))
            case RawPointer(_, pointee):
                word = "nullable" if type.nullable else "ptr"
                return (word, self._pointee(pointee))
            case FnPointer():
                return ("ptr", self._function(type))
            case Option(inner):
                return self._option(inner)
            case UnsafeCell(inner):
                return self.trees[inner]
            case Array(element, length):
                return ("array", self.trees[element], length)
            case Named(name):
                return self.classes[name]
            case _:
                return ("array", "u8", 0)

    def _option(self, inner: Type) -> Tree:
        while isinstance(inner, UnsafeCell):
            inner = inner.inner
        tree = self.trees[inner]
        match inner:
            case VmPtr(pointee) | RawPointer(_, pointee):
                return ("nullable", self._pointee(pointee))
            case FnPointer():
                return ("nullable", self._function(inner))
            case _:
                return tree if self.is_record(inner) else ("option", tree)

    def _function(self, signature: FnPointer) -> Tree:
        """The result, `()` for none, then the parameters: what it can be called with."""
        if any(isinstance(t, (RustLayout, Vector)) for t in children(signature)):
            return "fn"
        result = signature.result
        given = (
            "()" if result is None or isinstance(result, Unit) else self.trees[result]
        )
        return ("fn", given, *(self.trees[param.type] for param in signature.params))

    def _pointee(self, pointee: Type) -> Tree:
        match pointee:
            case (
                Int()
                | CNumber()
                | Atomic()
                | NonZero()
                | Primitive()
                | Option(NonZero())
            ):
                return self.cell(pointee)
            case UnsafeCell(inner):
                return self._pointee(inner)
            case FnPointer():
                return "fn"
            case VmPtr() | RawPointer() | Option() | Array() | Named():
                return self.trees[pointee]
            case _:
                return "()"
