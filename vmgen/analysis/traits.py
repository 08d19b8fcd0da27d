"""Which of Rust's traits types have in the bindings, and of which all zeros are a value.

What a schema lists under `derive` decides, and otherwise what a kind of type has by
itself; the parts that don't have a trait are found by the rule that says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.order import held_types
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
    from collections.abc import Mapping

    _Types = Mapping[str, m.Declaration]

DERIVES = ("Clone", "Copy", "Debug", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash")
"""The traits that can be derived, in the order written. `Default` isn't: it is all zeros,
also where no part has it."""

CLONE = frozenset({"Clone", "Copy"})
IDENTITY = frozenset({"PartialEq", "Eq", "Hash"})
INTEGER = frozenset(DERIVES)
FLOAT = CLONE | {"PartialEq", "PartialOrd", "Debug"}
WORD = CLONE | IDENTITY | {"Debug"}
"""Those of an integer that is little-endian on every host, and of an address."""
PLAIN_ENUM = WORD
"""What an enum without payloads has in any case: its values are constants to match on."""
NOTHING: frozenset[str] = frozenset()

NEEDED = {
    "Copy": ("Clone",),
    "Eq": ("PartialEq",),
    "PartialOrd": ("PartialEq",),
    "Ord": ("Eq", "PartialOrd"),
}
"""The traits that others need, by trait."""

POSSIBLE = {
    m.Union: CLONE | {"Debug", "Default"},
    m.TaggedEnum: CLONE | {"Debug", "Default"},
    m.Functions: CLONE | {"Debug"},
}
"""What kinds of types can have at most that can't have all."""


class Traits:
    """What the types of a module have. `pointer` is what its VmPtr has."""

    def __init__(
        self, types: _Types, pointer: frozenset[str] = CLONE | {"Debug"}
    ) -> None:
        self._types = types
        self._pointer = pointer
        self._declared: dict[str, frozenset[str]] = {}
        self._open: dict[str, m.Declaration] = {}
        self._assumed = False

    def of(self, type: Type, *, little: bool = False) -> frozenset[str]:
        """The traits of `DERIVES` that a type has; with `little` if its words are
        little-endian."""
        match type:
            case Array(inner, _):
                return self.of(inner, little=little)
            case UnsafeCell():
                return frozenset({"Debug"})
            case Option(inner):
                return self.of(inner, little=little)
            case Named(name):
                declared = self._types[name]
                if little and isinstance(declared, m.Newtype):
                    return self.of(declared.inner, little=True)
                if little and isinstance(declared, m.PlainEnum):
                    return self.of(declared.tag, little=True)
                found = self.declared(declared)
                for argument in type.arguments:
                    # Rust derives a trait for those that are about what has it.
                    found &= self.of(argument)
                return found
            case Int(name):
                return WORD if little and name not in ("u8", "i8") else INTEGER
            case NonZero():
                return INTEGER
            case CNumber():
                return FLOAT if type.is_float else INTEGER
            case Primitive(name):
                return INTEGER if name in ("bool", "char") else FLOAT
            case VmPtr():
                return WORD if little else self._pointer
            case RawPointer():
                return WORD
            case FnPointer(params):
                # Rust shows those of at most 12 parameters.
                return CLONE | {"Debug"} if len(params) <= 12 else CLONE
            case Atomic():
                return frozenset({"Debug"})
            case Unit("()"):
                return INTEGER
            case _:
                return NOTHING

    def declared(self, declared: m.Declaration) -> frozenset[str]:
        """The traits of `DERIVES` that a declared type has.

        A type may be what a generic record in it is about. It has what nothing denies it
        then, as in Rust.
        """
        found = self._declared.get(declared.name)
        if found is not None:
            self._assumed = self._assumed or declared.name in self._open
            return found
        outermost = not self._open
        self._open[declared.name] = declared
        self._declared[declared.name] = INTEGER
        self._declared[declared.name] = self._of_kind(declared)
        if outermost:
            self._settle()
        return self._declared[declared.name]

    def _settle(self) -> None:
        """Take back what was assumed and turned out otherwise, and what followed."""
        opened, self._open = [*self._open.values()], {}
        assumed, self._assumed = self._assumed, False
        while assumed:
            before = {d.name: self._declared[d.name] for d in opened}
            self._declared.update({d.name: self._of_kind(d) for d in opened})
            assumed = any(self._declared[d.name] != before[d.name] for d in opened)

    def _of_kind(self, declared: m.Declaration) -> frozenset[str]:
        given = declared.in_rust.derive
        listed = declared.in_rust.derives & INTEGER
        match declared:
            case m.Struct(copy=copy):
                return listed | CLONE if copy else listed
            case m.PlainEnum(trusted=trusted):
                if trusted and given is not None:
                    return listed
                return PLAIN_ENUM | listed
            case m.Foreign(copy=copy):
                return CLONE if copy else NOTHING
            case m.Functions():
                return CLONE if given is None else listed
            case m.Newtype(inner=inner):
                return self.of(inner) if given is None else listed
            case m.Union() | m.TaggedEnum():
                if given is not None:
                    return listed
                held = held_types(declared)
                return CLONE if all("Copy" in self.of(t) for t in held) else NOTHING
            case _:
                return NOTHING


def without_zero(type: Type, types: _Types) -> Type | None:
    """The part of a type of which all zeros are no value, or may be none; None if they
    are one of all of it."""
    seen: set[str] = set()
    pending = [type]
    while pending:
        part = pending.pop()
        match part:
            case Int() | CNumber() | Atomic() | Primitive() | Unit():
                pass
            case RawPointer(spelling="*mut" | "*const"):
                pass
            case Option():
                # Only what has a niche at zero can stand in one, and None is there.
                pass
            case Array(inner, _) | UnsafeCell(inner):
                pending.append(inner)
            case Named(name):
                if name in seen:
                    continue
                seen.add(name)
                declared = types[name]
                if not zero_of(declared):
                    return part
                if isinstance(declared, (m.Struct, m.Newtype)):
                    pending += held_types(declared)
                elif isinstance(declared, m.TaggedEnum):
                    pending += [
                        v.text.type
                        for v in declared.variants
                        if v.text and v.value == 0
                    ]
            case _:
                return part
    return None


def zero_of(declared: m.Declaration) -> bool:
    """Whether all zeros can be a value of a declared type, as far as it alone says."""
    match declared:
        case m.ForeignRecord():
            return False
        case m.Struct() | m.Union() | m.Newtype():
            return True
        case m.PlainEnum(variants=variants) | m.TaggedEnum(variants=variants):
            return any(variant.value == 0 for variant in variants)
        case _:
            return False
