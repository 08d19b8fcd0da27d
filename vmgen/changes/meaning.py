"""What two types have in common: spelling, bytes, or what these mean.

Types are compared as trees. Old names stand for the new ones of what was renamed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from vmgen.schema.types import (
    Array,
    Atomic,
    FnPointer,
    Int,
    Named,
    NonZero,
    Option,
    Param,
    Primitive,
    RawPointer,
    Type,
    Unit,
    UnsafeCell,
    VmPtr,
)
from vmgen.schema.typetext import parse_signature, parse_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.changes.saved import Record

Aspect = Literal[
    "spelling", "parameters", "nullability", "atomicity", "niche", "meaning"
]
"""In what two types differ: how they are spelled, with the same bytes of the same meaning;
how parameters are called; whether null, atomics or zero are possible; or in what the bytes
mean at all."""

_SAME: frozenset[Aspect] = frozenset()
_SPELLING: frozenset[Aspect] = frozenset({"spelling"})
_MEANING: frozenset[Aspect] = frozenset({"meaning"})

_AS_INTEGER = {"bool": "u8", "char": "u32"}


@cache
def type_of(text: str) -> Type:
    """The type that a text of the JSON spells; it comes from types, so that it is one."""
    if text.startswith("fn("):
        return parse_signature(text).type
    return parse_type(text).type


class Meanings:
    """Compares types of an old and a new side; `renamed` has the new names of types."""

    def __init__(
        self,
        old: Mapping[str, Record],
        new: Mapping[str, Record],
        renamed: Mapping[str, str],
    ) -> None:
        self.old = old
        self.new = new
        self.renamed = renamed
        self._known: dict[tuple[str, str], frozenset[Aspect]] = {}

    def between(self, old: str, new: str) -> frozenset[Aspect]:
        """In what two types differ; nothing where they are the same. Another spelling
        comes with every other difference, and is told where it is the only one."""
        found = self._known.get((old, new))
        if found is None:
            found = self._types(type_of(old), type_of(new))
            if found - {"spelling", "parameters"}:
                found -= _SPELLING
            self._known[old, new] = found
        return found

    def named_now(self, type: Type) -> Type:
        """An old type, spelled with new names."""
        match type:
            case Named(name, arguments):
                inside = tuple(map(self.named_now, arguments))
                return Named(self.renamed.get(name, name), inside)
            case VmPtr(inner):
                return VmPtr(self.named_now(inner))
            case RawPointer(spelling, inner):
                return RawPointer(spelling, self.named_now(inner))
            case Option(inner):
                return Option(self.named_now(inner))
            case UnsafeCell(inner):
                return UnsafeCell(self.named_now(inner))
            case Array(inner, _):
                return replace(type, element=self.named_now(inner))
            case FnPointer(params, result):
                return FnPointer(
                    tuple(Param(p.name, self.named_now(p.type)) for p in params),
                    None if result is None else self.named_now(result),
                )
            case other:
                return other

    def _types(self, old: Type, new: Type) -> frozenset[Aspect]:
        if self.named_now(old) == new:
            return _SAME
        one, other = _stripped(old, self.old), _stripped(new, self.new)
        if self.named_now(one) == other:
            return _SPELLING
        found = self._pointers(one, other)
        if found is None:
            found = self._values(one, other)
        return found

    def _pointers(self, old: Type, new: Type) -> frozenset[Aspect] | None:
        """The same of two pointers; None if one is something else."""
        if isinstance(old, FnPointer) and isinstance(new, FnPointer):
            return self._signatures(old, new)
        one, other = _pointer(old, self.old), _pointer(new, self.new)
        if one is None or other is None:
            return None
        found = set(_SPELLING if type(old) is not type(new) else _SAME)
        # What a raw pointer leaves open, another type may promise later.
        if one[0] is not other[0] and one[0] is not None:
            if one[0] is False or other[0] is False:
                found.add("nullability")
            else:
                found.add("spelling")
        return frozenset(found | self._behind(one[1], other[1])) or _SPELLING

    def _behind(self, old: Type, new: Type) -> frozenset[Aspect]:
        """In what two types differ that a pointer leads to."""
        found = self._types(old, new)
        if "meaning" in found and (
            _says_nothing(old, self.old) or _says_nothing(new, self.new)
        ):
            return _SPELLING
        return found

    def _values(self, old: Type, new: Type) -> frozenset[Aspect]:
        match old, new:
            case Array(one, length), Array(other, same) if length == same:
                return self._types(one, other)
            case (Atomic(inner=one), plain) | (plain, Atomic(inner=one)):
                if str(plain) == one:
                    return frozenset({"atomicity"})
            case (Option(NonZero() as one), NonZero() as other) | (
                NonZero() as other,
                Option(NonZero() as one),
            ):
                if one == other:
                    return frozenset({"niche"})
            case (Option(NonZero(inner=one)), Int(other)) | (
                Int(other),
                Option(NonZero(inner=one)),
            ):
                if one == other:
                    return _SPELLING
            case (NonZero(inner=one), Int(other)) | (Int(other), NonZero(inner=one)):
                if one == other:
                    return frozenset({"niche"})
            case (Primitive(one), Int(other)) | (Int(other), Primitive(one)):
                if _AS_INTEGER.get(one) == other:
                    return frozenset({"niche"})
            case Named(one, before), Named(other, after) if (
                self.renamed.get(one, one) == other
            ):
                # Only pointers lead to what a generic record is about.
                pairs = zip(before, after, strict=False)
                found = {a for pair in pairs for a in self._behind(*pair)}
                return frozenset(found) or _SPELLING
            case Named(one), Int(other):
                return self._enum(self.old.get(one), other)
            case Int(other), Named(one):
                return self._enum(self.new.get(one), other)
            case Unit(), Unit():
                return _SPELLING
            case _:
                pass
        return _MEANING

    @staticmethod
    def _enum(record: Record | None, integer: str) -> frozenset[Aspect]:
        """A plain enum beside an integer: names for its values and nothing more."""
        is_names = record is not None and record.kind == "enum" and not record.fields
        return _SPELLING if is_names and record.tag == integer else _MEANING  # type: ignore[union-attr]

    def _signatures(self, old: FnPointer, new: FnPointer) -> frozenset[Aspect]:
        if len(old.params) != len(new.params):
            return _MEANING
        found: set[Aspect] = set()
        for one, other in zip(old.params, new.params, strict=True):
            found |= self._types(one.type, other.type)
            if one.name != other.name:
                found.add("parameters")
        if old.result is None or new.result is None:
            if old.result is not new.result:
                return _MEANING
        else:
            found |= self._types(old.result, new.result)
        return frozenset(found)


def _stripped(type: Type, records: Mapping[str, Record]) -> Type:
    """A type without cells and newtypes around it."""
    seen: set[str] = set()
    while True:
        if isinstance(type, UnsafeCell):
            type = type.inner
        elif isinstance(type, Named) and type.name not in seen:
            record = records.get(type.name)
            if record is None or record.of is None:
                return type
            seen.add(type.name)
            type = type_of(record.of)
        else:
            return type


def _pointer(
    type: Type, records: Mapping[str, Record]
) -> tuple[bool | None, Type] | None:
    """Whether a pointer may be null, None if that is left open, and what it points to."""
    match type:
        case VmPtr(pointee):
            return False, pointee
        case RawPointer(pointee=pointee):
            return None if type.nullable else False, pointee
        case Option(inner):
            inside = _pointer(_stripped(inner, records), records)
            return None if inside is None else (True, inside[1])
        case _:
            return None


def _says_nothing(pointee: Type, records: Mapping[str, Record]) -> bool:
    """Whether a pointee is a byte or nothing in particular."""
    match _stripped(pointee, records):
        case Unit() | Int("u8") | Int("i8"):
            return True
        case Named(name):
            record = records.get(name)
            return record is not None and record.kind == "opaque"
        case _:
            return False
