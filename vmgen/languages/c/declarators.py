"""Type expressions as C spells them: what stands before a name, and what after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from vmgen.analysis.peel import below_newtypes, passed
from vmgen.languages.c.names import UNPREFIXED
from vmgen.languages.c.words import WORDS
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
from vmgen.text import packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.languages.c.names import Names

INTEGERS = {
    "u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "u64": "uint64_t",
    "i8": "int8_t", "i16": "int16_t", "i32": "int32_t", "i64": "int64_t",
    "u128": "vm_u128", "i128": "vm_i128", "usize": "uintptr_t", "isize": "intptr_t",
}  # fmt: skip
"""C's name of every integer type. `usize` is as wide as a pointer: `size_t` is not
where the largest object is smaller than the address space."""

_C_NUMBERS = {
    "c_char": "char", "c_schar": "signed char", "c_uchar": "unsigned char", "c_short": "short",
    "c_ushort": "unsigned short", "c_int": "int", "c_uint": "unsigned int", "c_long": "long",
    "c_ulong": "unsigned long", "c_longlong": "long long", "c_ulonglong": "unsigned long long",
    "size_t": "size_t", "ssize_t": "ptrdiff_t", "c_float": "float", "c_double": "double",
}  # fmt: skip
"""C's own names. `ssize_t` is none of the language's: POSIX alone has it."""

_PRIMITIVES = {"bool": "bool", "char": "uint32_t", "f32": "float", "f64": "double"}
_CONST = ("*const", "&")
_WIDE = {"u128": "vm_u128_value", "i128": "vm_i128_value"}


class Declarator(msgspec.Struct, frozen=True):
    """A type around a name: `before` ends with a space or a parenthesis.

    `align` is what `VM_ALIGNAS` must be given, a C expression, on a field of this
    type; empty when C aligns the type as Rust does without being told. `is_array` is
    whether there are lengths in it.
    """

    before: str
    after: str = ""
    align: str = ""
    is_array: bool = False

    def name(self, name: str) -> str:
        """The declaration of `name`, without its semicolon."""
        aligned = f"VM_ALIGNAS({self.align}) " if self.align else ""
        return f"{aligned}{self.before}{name}{self.after}"

    def abstract(self) -> str:
        """The type alone, as a parameter without a name."""
        return (self.before.rstrip() if not self.after else self.before) + self.after


class Prototype(msgspec.Struct, frozen=True):
    """A pointer to a function around a name: `before` ends behind the asterisk and its
    mark, `params` are declared each, `after` is what the result has behind all that."""

    before: str
    params: tuple[str, ...] = ()
    after: str = ""

    def declarator(self) -> Declarator:
        """The same on one line."""
        return Declarator(
            self.before, f")({', '.join(self.params) or 'void'}){self.after}"
        )

    def lines(self, name: str, width: int, indent: int) -> list[str]:
        """The declaration of `name`, with its semicolon; parameters are on lines of their
        own, indented, when it is longer than `width`."""
        whole = f"{self.declarator().name(name)};"
        if len(whole) <= width or not self.params:
            return [whole]
        *others, last = self.params
        pieces = [*(f"{param}," for param in others), f"{last}){self.after};"]
        lines = packed(pieces, width - indent)
        return [f"{self.before}{name})(", *(f"{' ' * indent}{line}" for line in lines)]


class Declarators:
    """The declarators of one module's types; each is made once.

    `early` holds the newtypes that are declared before every record, and in whose
    names pointers may be spelled.
    """

    def __init__(
        self, types: Mapping[str, m.Declaration], names: Names = UNPREFIXED
    ) -> None:
        self._types = types
        self._names = names
        self.early: set[str] = set()
        self._made: dict[Type, Declarator] = {}

    def of(self, type: Type) -> Declarator:
        """How a field of this type is declared."""
        made = self._made.get(type)
        if made is None:
            made = self._made[type] = self._make(type)
        return made

    def _make(self, type: Type) -> Declarator:
        match type:
            case Int(name):
                return Declarator(f"{INTEGERS[name]} ")
            case CNumber(name):
                return Declarator(f"{_C_NUMBERS[name]} ")
            case Primitive(name):
                return Declarator(f"{_PRIMITIVES[name]} ")
            case NonZero(inner=name):
                return Declarator(f"{INTEGERS[name]} ")
            case Atomic(inner=name):
                plain = INTEGERS.get(name, name)
                # i386 aligns a plain u64 to 4; and gcc 12 puts a struct of one
                # _Atomic u64 there at multiples of 4 unless it is told.
                return Declarator(f"VM_ATOMIC({plain}) ", "", f"sizeof({plain})")
            case Vector(name):
                return Declarator(f"vm_{name} ")
            case VmPtr(pointee):
                return self._pointer(pointee, "VM_NONNULL", False, frozenset())
            case RawPointer(spelling, pointee):
                const = spelling in _CONST
                return self._pointer(pointee, _mark(type), const, frozenset())
            case Option(inner):
                return self._optional(inner, frozenset())
            case UnsafeCell(inner):
                return self.of(inner)
            case Array(element, length):
                inside = self.of(element)
                after = f"[{length}]{inside.after}"
                return replace(inside, after=after, is_array=True)
            case FnPointer():
                return self.function(type).declarator()
            case Named(name):
                declared = self._types[name]
                align = (
                    self.of(declared.inner).align
                    if isinstance(declared, m.Newtype)
                    else ""
                )
                return Declarator(f"{self._names.type(name)} ", "", align)
            case _:
                raise ValueError(f"`{type}` has no spelling in C")

    def function(self, type: FnPointer, mark: str = "VM_NONNULL") -> Prototype:
        """A pointer to a function, with its prototype. C has no name for a type that Rust
        knows by its path; what takes one is a function to be cast before it is called.
        """
        if any(isinstance(t, RustLayout) for t in children(type)):
            return Prototype(f"void (*{mark} ")
        params = tuple(
            self._by_value(p.type).name(WORDS.spelled(p.name, "parameter")) if p.name
            else self._by_value(p.type).abstract()
            for p in type.params
        )  # fmt: skip
        result = Declarator("void ")
        if type.result is not None and not isinstance(type.result, Unit):
            result = self._by_value(type.result)
        return Prototype(f"{result.before}(*{mark} ", params, result.after)

    def _by_value(self, type: Type) -> Declarator:
        """In a prototype, where a 128-bit integer is no struct of two halves."""
        base = passed(type, self._types)
        if isinstance(base, (Int, NonZero)):
            name = base.name if isinstance(base, Int) else base.inner
            if name in _WIDE:
                return Declarator(f"{_WIDE[name]} ")
        return replace(self.of(type), align="")

    def _optional(self, inner: Type, within: frozenset[str]) -> Declarator:
        """An `Option`: null or zero is None, so the type is the one inside."""
        match below_newtypes(inner, self._types):
            case VmPtr(pointee):
                return self._pointer(pointee, "VM_NULLABLE", False, within)
            case RawPointer(spelling, pointee):
                const = spelling in _CONST
                return self._pointer(pointee, "VM_NULLABLE", const, within)
            case FnPointer() as signature:
                return self.function(signature, "VM_NULLABLE").declarator()
            case _:
                return self.of(inner)

    def _pointer(
        self, pointee: Type, mark: str, const: bool, within: frozenset[str]
    ) -> Declarator:
        before = self._pointee(pointee, within)
        if not const:
            return Declarator(f"{before}*{mark} ")
        if "*" in before:
            return Declarator(f"{before}const *{mark} ")
        return Declarator(f"const {before}*{mark} ")

    def _pointee(self, type: Type, within: frozenset[str]) -> str:
        """What is pointed to, with a space after it where one is needed.

        An array is pointed to by way of its first element, since C knows no array of
        a type that is still being declared. `within` holds the newtypes that are
        being spelled out; C has no name for one that leads back to itself.
        """
        match type:
            case Unit() | FnPointer():
                return "void "
            case Array(inner, _) | UnsafeCell(inner):
                return self._pointee(inner, within)
            case Named(name):
                declared = self._types[name]
                if not isinstance(declared, m.Newtype) or name in self.early:
                    return f"{self._names.type(name)} "
                if name in within:
                    return "void "
                return self._pointee(declared.inner, within | {name})
            case VmPtr(pointee):
                return self._pointer(pointee, "VM_NONNULL", False, within).before
            case RawPointer(spelling, pointee):
                const = spelling in _CONST
                return self._pointer(pointee, _mark(type), const, within).before
            case Option(inner):
                if isinstance(below_newtypes(inner, self._types), FnPointer):
                    return "void "
                return self._optional(inner, within).before
            case _:
                return self.of(type).before


def _mark(pointer: RawPointer) -> str:
    return "VM_NULLABLE" if pointer.nullable else "VM_NONNULL"
