"""Types as the generated Python spells them: in annotations, and in the table.

An annotation is what reading gives. A token of the table is what the runtime needs
to know; `templates/python/runtime/schema.py.j2` reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import model as m
from vmgen.schema.types import (
    Array,
    Atomic,
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
    from collections.abc import Mapping

    from vmgen.languages.python.names import Imports

_RECORDS = (m.Struct, m.Union, m.TaggedEnum, m.Functions, m.Foreign)
_VALUES = {"bool": "bool", "char": "int", "f32": "float", "f64": "float"}
_CELLS = {"bool": "u8", "char": "u32", "f32": "f32", "f64": "f64"}


class Speller:
    """Spells the types of one module. `classes` maps declared names to Python's."""

    def __init__(
        self,
        types: Mapping[str, m.Declaration],
        classes: Mapping[str, str],
        imports: Imports,
    ) -> None:
        self._types = types
        self._classes = classes
        self._imports = imports
        self._annotations: dict[Type, str] = {}
        self._tokens: dict[Type, str] = {}

    def annotation(self, type: Type) -> str:
        """What reading a field of this type gives."""
        known = self._annotations.get(type)
        if known is None:
            known = self._annotations[type] = self._annotation(type)
        return known

    def token(self, type: Type) -> str:
        """The type as the table has it."""
        known = self._tokens.get(type)
        if known is None:
            known = self._tokens[type] = self._token(type)
        return known

    def little(self, type: Type) -> str:
        """The token of a type whose words are little-endian on every host."""
        match type:
            case UnsafeCell(inner):
                return self.little(inner)
            case Array(element, length):
                return f"[{self.little(element)};{length}]"
            case Named():
                inside = self.inside(type)
                if isinstance(inside, Array):
                    return self.little(inside)
                record = self.is_record(type)
                return self.token(type) if record else f"<{self.token(type)}"
            case _:
                return f"<{self.token(type)}"

    def comment(self, type: Type) -> str:
        """The Rust type, where an annotation as `int` says less than it."""
        while isinstance(type, UnsafeCell):
            type = type.inner
        match type:
            case Int() | Atomic() | NonZero() | Array() | Option(NonZero()):
                return str(type)
            case Primitive():
                return str(type)
            case Named(name) if isinstance(self._types[name], m.Newtype):
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
                inner_type = self.inside(type)
                return inner_type is not type and self.is_read_only(inner_type)
            case _:
                return False

    def inside(self, type: Type) -> Type:
        """What a newtype wraps, all the way down; other types themselves."""
        while isinstance(type, (Named, UnsafeCell)):
            if isinstance(type, UnsafeCell):
                type = type.inner
                continue
            declared = self._types[type.name]
            if not isinstance(declared, m.Newtype):
                break
            type = declared.inner
        return type

    def is_record(self, type: Type) -> bool:
        """Whether reading gives an instance of a generated record class."""
        inner = self.inside(type)
        return isinstance(inner, Named) and isinstance(
            self._types[inner.name], _RECORDS
        )

    def is_number(self, type: Type) -> bool:
        """Whether the runtime has a class for a word of this type."""
        return isinstance(type, (Int, Atomic, Primitive, NonZero)) or (
            isinstance(type, Option) and isinstance(type.inner, NonZero)
        )

    def cell(self, type: Type) -> str:
        """The runtime's class for a word that a pointer leads to."""
        match type:
            case Int(name):
                return name
            case Atomic(name) if name != "AtomicBool":
                return name
            case NonZero(inner=inner):
                return inner
            case Option(NonZero(inner=inner)):
                return inner
            case Primitive(name):
                return _CELLS[name]
            case _:
                return "u8"

    def _annotation(self, type: Type) -> str:
        match type:
            case Int() | NonZero():
                return "int"
            case Atomic(inner=inner):
                return "bool" if inner == "bool" else "int"
            case Primitive(name):
                return _VALUES[name]
            case VmPtr(pointee) | RawPointer(_, pointee):
                pointer = f"{self._imports.name('VmPtr')}[{self.face(pointee)}]"
                if isinstance(type, RawPointer) and type.nullable:
                    return f"{pointer} | None"
                return pointer
            case FnPointer():
                pointer = self._imports.name("VmPtr")
                return f"{pointer}[{self._imports.name('Function')}]"
            case Option(inner):
                spelled = self.annotation(inner)
                if self.is_record(inner) or spelled.endswith("| None"):
                    return spelled
                return f"{spelled} | None"
            case UnsafeCell(inner):
                return self.annotation(inner)
            case Array(element, _):
                return f"{self._imports.name('Array')}[{self.annotation(element)}]"
            case Unit():
                return f"{self._imports.name('Array')}[int]"
            case Named(name):
                declared = self._types[name]
                if isinstance(declared, m.PlainEnum):
                    return f"{self._classes[name]} | int"
                if isinstance(declared, m.Newtype) and not self.is_record(type):
                    return self.annotation(declared.inner)
                return self._classes[name]
            case _:
                return "int"

    def face(self, pointee: Type) -> str:
        """What following a pointer to this type gives."""
        match pointee:
            case Int() | Atomic() | NonZero() | Primitive():
                return self._imports.name(self.cell(pointee))
            case Option(NonZero()):
                return self._imports.name(self.cell(pointee))
            case UnsafeCell(inner):
                return self.face(inner)
            case Named(name):
                return self._classes[name]
            case FnPointer():
                return self._imports.name("Function")
            case VmPtr() | RawPointer() | Option() | Array():
                return self.annotation(pointee)
            case _:
                return self._imports.name("unit")

    def _token(self, type: Type) -> str:
        match type:
            case Int(name) | Atomic(name) | NonZero(name) | Primitive(name):
                return name
            case VmPtr(pointee):
                return f"*{self._pointee_token(pointee)}"
            case RawPointer(_, pointee):
                mark = "?" if type.nullable else "*"
                return f"{mark}{self._pointee_token(pointee)}"
            case FnPointer():
                return "*fn"
            case Option(inner):
                spelled = self.token(inner)
                if spelled[0] in "*?":
                    return f"?{spelled[1:]}"
                return spelled if self.is_record(inner) else f"{spelled}?"
            case UnsafeCell(inner):
                return self.token(inner)
            case Array(element, length):
                return f"[{self.token(element)};{length}]"
            case Named(name):
                return self._classes[name]
            case _:
                return "[u8;0]"

    def _pointee_token(self, pointee: Type) -> str:
        match pointee:
            case Int() | Atomic() | NonZero() | Primitive() | Option(NonZero()):
                return self.cell(pointee)
            case UnsafeCell(inner_type):
                return self._pointee_token(inner_type)
            case FnPointer():
                return "fn"
            case VmPtr() | RawPointer() | Option() | Array() | Named():
                return self.token(pointee)
            case _:
                return "()"
