"""The parts of types that rules have to look at, each at its place.

Most types occur thousands of times and are fine. So each distinct type is taken
apart once, and only places whose type has something to look at are remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.vmsafe import (
    NOTHING,
    Misuse,
    is_hidden,
    misuses,
    misuses_of_signature,
)
from vmgen.schema import model as m
from vmgen.schema.types import (
    INT_BITS,
    Array,
    Atomic,
    CNumber,
    Int,
    Named,
    NonZero,
    OpenArray,
    RawPointer,
    Type,
    VmPtr,
    children,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.reading.source import Span

ZERO_LENGTH, LARGE_POINTEE = "VM203", "VM204"
TARGET_ATOMIC, WIDE_INTEGER, C_NUMBER = "VM303", "VM304", "VM308"
"""The rules, besides VmSafe's, that look at parts of types."""

_Allows = tuple["Mapping[str, m.Allow]", ...]

_Record = m.Struct | m.Union | m.Context
_RECORDS = (m.Struct, m.Union, m.Context)


class Use(msgspec.Struct, frozen=True):
    """A part of a type at a place, which the rule `misuse.code` has to look at.

    `owner` is the field, variant, slot or region, or the newtype itself.
    """

    misuse: Misuse
    text: m.TypeText
    prefix: tuple[int, ...]
    owner: m.Field | m.Variant | m.Slot | m.Region | m.Newtype
    declaration: m.Declaration

    @property
    def part(self) -> Type:
        return self.misuse.part

    @property
    def allows(self) -> _Allows:
        return self.owner.allow, self.declaration.allow

    @property
    def span(self) -> Span:
        """The part's own characters."""
        spelled = self.text.spelled
        for index in (*self.prefix, *self.misuse.path):
            spelled = spelled.parts[index]
        return self.text.part_span(spelled)


def uses(
    own: Mapping[str, m.Declaration],
    types: Mapping[str, m.Declaration],
    not_vm_safe: frozenset[str] = NOTHING,
) -> dict[str, list[Use]]:
    """The places in `own` that rules about parts of types have to look at, by the rule's
    code; `types` are all that they name, and `not_vm_safe` those that aren't VmSafe."""
    return _Finder(own, types, not_vm_safe).all()


class _Finder:
    def __init__(
        self,
        own: Mapping[str, m.Declaration],
        types: Mapping[str, m.Declaration],
        not_vm_safe: frozenset[str],
    ) -> None:
        self.own = own
        self.types = types
        self.not_vm_safe = not_vm_safe

    def all(self) -> dict[str, list[Use]]:
        found: dict[str, list[Use]] = {}
        known: dict[Type, tuple[Misuse, ...]] = {}
        for declaration in self.own.values():
            if isinstance(declaration, _RECORDS):
                for field in declaration.fields:
                    type = field.text.type
                    marks = known.get(type)
                    if marks is None:
                        marks = known[type] = self._marks(type)
                    for mark in marks:
                        use = Use(mark, field.text, (), field, declaration)
                        found.setdefault(mark.code, []).append(use)
            if not isinstance(declaration, (m.Struct, m.Union)):
                for use in self._other_uses(declaration):
                    found.setdefault(use.misuse.code, []).append(use)
        return found

    def _other_uses(self, declaration: m.Declaration) -> Iterator[Use]:
        """What is marked outside of fields."""
        match declaration:
            case m.TaggedEnum(variants=variants):
                for variant in variants:
                    if variant.text is not None:
                        for mark in self._marks(variant.text.type):
                            yield Use(mark, variant.text, (), variant, declaration)
            case m.Newtype(of=text):
                for mark in self._marks(text.type):
                    yield Use(mark, text, (), declaration, declaration)
            case m.Functions(slots=slots):
                for slot in slots:
                    signature = slot.signature
                    for mark in (
                        *misuses_of_signature(signature, self.types),
                        *_marks_of_parts(signature, (), True),
                    ):
                        yield Use(mark, slot.text, (), slot, declaration)
            case m.Context(regions=regions):
                for region in regions:
                    prefix = () if region.count is None else (0,)
                    for mark in self._marks(region.element):
                        yield Use(mark, region.text, prefix, region, declaration)
                    if region.count == 0:
                        mark = Misuse(ZERO_LENGTH, region.text.type, ())
                        yield Use(mark, region.text, (), region, declaration)

    def _marks(self, type: Type) -> tuple[Misuse, ...]:
        pointee = type.pointee if isinstance(type, VmPtr) else None
        if (
            isinstance(pointee, Named)
            and not pointee.arguments
            and pointee.name not in self.not_vm_safe
            and not is_hidden(self.types.get(pointee.name))
        ):
            # Nearly all of the different types that a large schema has.
            return ()
        found = misuses(type, self.types, self.not_vm_safe)
        return (*found, *_marks_of_parts(type, (), True))


def _marks_of_parts(
    type: Type, path: tuple[int, ...], stored: bool
) -> Iterator[Misuse]:
    """Parts that matter to rules besides VmSafe's; `stored` when not behind a pointer."""
    match type:
        case OpenArray():
            pass
        case Array(_, 0):
            yield Misuse(ZERO_LENGTH, type, path)
        case Array() if not stored:
            yield Misuse(LARGE_POINTEE, type, path)
        case Atomic():
            yield Misuse(TARGET_ATOMIC, type, path)
        case Int(name) | NonZero(inner=name):
            if stored and INT_BITS[name] == 128:
                yield Misuse(WIDE_INTEGER, type, path)
        case CNumber(name) if stored and (type.column == "c_long" or name == "c_char"):
            yield Misuse(C_NUMBER, type, path)
    inside = stored and not isinstance(type, (VmPtr, RawPointer, Named))
    for index, part in enumerate(children(type)):
        yield from _marks_of_parts(part, (*path, index), inside)
