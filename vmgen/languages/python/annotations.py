"""What a class says of its attributes: what reading a field of a type gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.python.types import Types
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
    Type,
    Unit,
    UnsafeCell,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.languages.python.names import Imports

_VALUES = {"bool": "bool", "char": "int", "f32": "float", "f64": "float"}


class Choice(msgspec.Struct, frozen=True):
    """One of the classes that a value may be of: `VmPtr[u8]` is a name and an inner."""

    name: str
    inner: Annotation | None = None


class Annotation(msgspec.Struct, frozen=True):
    """The classes that a value may be of, at least one, and whether it may be None."""

    choices: tuple[Choice, ...]
    optional: bool = False

    def names(self) -> frozenset[str]:
        """Every name in it."""
        inner = [c.inner.names() for c in self.choices if c.inner]
        return frozenset(c.name for c in self.choices).union(*inner)

    def spelled(self, hidden: frozenset[str] = frozenset()) -> str:
        """As Python has it; what is hidden goes by its second name."""
        parts = [_spelled(choice, hidden) for choice in self.choices]
        return " | ".join([*parts, "None"] if self.optional else parts)

    def or_none(self) -> Annotation:
        return Annotation(self.choices, True)


def alias(name: str) -> str:
    """The second name that a module gives to something an attribute may hide."""
    return f"{name}_"


def _spelled(choice: Choice, hidden: frozenset[str]) -> str:
    name = alias(choice.name) if choice.name in hidden else choice.name
    return f"{name}[{choice.inner.spelled(hidden)}]" if choice.inner else name


class Shadowed:
    """The names that some class of a module hides with an attribute of its own: there they
    go by their second names."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def visible(self, annotation: Annotation, taken: frozenset[str]) -> str:
        """An annotation as it has to be in a class whose attributes are `taken`."""
        hidden = taken & annotation.names()
        self._names |= hidden
        return annotation.spelled(hidden)

    def aliases(self) -> list[tuple[str, str]]:
        """The second names that the module needs, each with what it is one of."""
        return [(alias(name), name) for name in sorted(self._names)]


def of(name: str, inner: Annotation | None = None) -> Annotation:
    """The annotation that is one class alone."""
    return Annotation((Choice(name, inner),))


def either(annotations: Iterable[Annotation], *, or_none: bool) -> Annotation:
    """What is one of several; each class stands once."""
    all = list(annotations)
    choices = dict.fromkeys(choice for one in all for choice in one.choices)
    return Annotation(tuple(choices), or_none or any(one.optional for one in all))


class Annotator:
    """Annotations of one module's types, whose names are `Types`'. `named` are the declared
    types that stand in one."""

    def __init__(self, types: Types, imports: Imports) -> None:
        self.named: set[str] = set()
        self._types = types
        self._imports = imports
        self._known: dict[Type, Annotation] = {}

    def of_field(
        self, type: Type, *, read_only: bool = False, on_some: bool = False
    ) -> Annotation:
        """What a class says of an attribute of this type; where it isn't on all targets it
        reads as None on others."""
        annotation = self.of(type)
        if on_some:
            annotation = annotation.or_none()
        if read_only or self._types.is_read_only(type):
            return of(self._imports.name("ReadOnly"), annotation)
        return annotation

    def of(self, type: Type) -> Annotation:
        """What reading a value of this type gives."""
        known = self._known.get(type)
        if known is None:
            known = self._known[type] = self._made(type)
        return known

    def array(self, element: Annotation) -> Annotation:
        return of(self._imports.name("Array"), element)

    def pointer(self, pointee: Annotation) -> Annotation:
        return of(self._imports.name("VmPtr"), pointee)

    def function(self) -> Annotation:
        """A pointer to code."""
        return self.pointer(of(self._imports.name("Function")))

    def _made(self, type: Type) -> Annotation:
        match type:
            case Int() | NonZero():
                return of("int")
            case CNumber():
                return of("float" if type.is_float else "int")
            case Atomic(inner=inner):
                return of("bool" if inner == "bool" else "int")
            case Primitive(name):
                return of(_VALUES[name])
            case VmPtr(pointee):
                return self.pointer(self._face(pointee))
            case RawPointer(_, pointee):
                pointer = self.pointer(self._face(pointee))
                return pointer.or_none() if type.nullable else pointer
            case FnPointer():
                return self.function()
            case Option(inner):
                known = self.of(inner)
                return known if self._types.is_record(inner) else known.or_none()
            case UnsafeCell(inner):
                return self.of(inner)
            case Array(element, _):
                return self.array(self.of(element))
            case Unit():
                return self.array(of("int"))
            case Named(name):
                return self._named(type, name)
            case _:
                return of("int")

    def _named(self, type: Type, name: str) -> Annotation:
        declared, cls = self._types.declared[name], self._types.classes[name]
        if isinstance(declared, m.PlainEnum):
            self.named.add(name)
            return Annotation((Choice(cls), Choice("int")))
        if isinstance(declared, m.Newtype) and not self._types.is_record(type):
            return self.of(declared.inner)
        self.named.add(name)
        return of(cls)

    def _face(self, pointee: Type) -> Annotation:
        """What following a pointer to this type gives."""
        match pointee:
            case (
                Int()
                | CNumber()
                | Atomic()
                | NonZero()
                | Primitive()
                | Option(NonZero())
            ):
                return of(self._imports.name(self._types.cell(pointee)))
            case UnsafeCell(inner):
                return self._face(inner)
            case Named(name):
                self.named.add(name)
                return of(self._types.classes[name])
            case FnPointer():
                return of(self._imports.name("Function"))
            case VmPtr() | RawPointer() | Option() | Array():
                return self.of(pointee)
            case _:
                return of(self._imports.name("unit"))
