"""The module that the rules look at, with what several of them need, made once.

Most types occur thousands of times and are fine. So each distinct type is taken
apart once, and only places whose type has something to look at are remembered.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.order import by_value_order
from vmgen.analysis.vmsafe import Misuse, misuses, misuses_of_signature
from vmgen.rules.registry import Finding
from vmgen.schema import model as m
from vmgen.schema.types import (
    INT_BITS,
    Array,
    Atomic,
    Int,
    Named,
    NonZero,
    RawPointer,
    Type,
    VmPtr,
    children,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.layout.contexts import ContextLayout
    from vmgen.layout.layouts import Layouts
    from vmgen.reading.source import Span
    from vmgen.rules.registry import Stage

ZERO_LENGTH, LARGE_POINTEE = "VM203", "VM204"
TARGET_ATOMIC, WIDE_INTEGER = "VM303", "VM304"
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

    def finding(
        self,
        message: str,
        *,
        notes: tuple[str, ...] = (),
        helps: tuple[str, ...] = (),
    ) -> Finding:
        """A finding about the part; firm when it has no layout."""
        firm = not self.misuse.defined
        return Finding(message, self.span, self.allows, notes, helps, firm)


class Subject:
    """A module under examination.

    A `complete` module has everything that its author wrote; otherwise what contains
    an unknown name was left out of it. `layouts` is None until the rules that need
    none have passed. `stages` are those that are through, `used_allows` the spans of
    the allows that silenced something. `crates` are those that the generated Rust crate
    depends on, as paths call them; None where no crate is made.
    """

    def __init__(
        self,
        module: m.Module,
        *,
        complete: bool = True,
        crates: frozenset[str] | None = frozenset(),
    ) -> None:
        self.module = module
        self.crates = crates
        self.types = module.types
        self.complete = complete
        self.layouts: Layouts | None = None
        self.stages: set[Stage] = set()
        self.used_allows: set[Span] = set()

    def lay_out(self) -> None:
        """Make the layouts. Raises `LayoutError` unless the first rules passed."""
        from vmgen.layout.layouts import Layouts

        self.layouts = Layouts(self.module)

    @property
    def laid_out(self) -> Layouts:
        """The layouts, for rules that run when there are some."""
        assert self.layouts is not None
        return self.layouts

    @property
    def cycles(self) -> list[list[str]]:
        """Types that hold themselves by value, as the names along each cycle."""
        if self.layouts is not None:
            return self.layouts.cycles
        return by_value_order(self.types)[1]

    @cached_property
    def allows(self) -> list[m.Allow]:
        """Everything that is allowed somewhere."""
        found = list(self.module.allow.values())
        for declared in self.types.values():
            found.extend(declared.allow.values())
            for owner in _owners(declared):
                # Asking for the values of nothing takes longer than seeing that.
                if owner.allow:
                    found.extend(owner.allow.values())
        return found

    @cached_property
    def stated(self) -> list[tuple[_Record, int, m.Field]]:
        """The few fields, each with its record and its index there, of which a schema
        says more than a type: a constant, a byte order or an expected offset."""
        return [
            (declared, index, field)
            for declared in self.types.values()
            if isinstance(declared, _RECORDS)
            for index, field in enumerate(declared.fields)
            if field.value is not None
            or field.expect_offset is not None
            or field.endian != "native"
        ]

    def uses(self, code: str) -> list[Use]:
        """The places that a rule about parts of types has to look at."""
        return self._uses.get(code, [])

    @cached_property
    def _uses(self) -> dict[str, list[Use]]:
        found: dict[str, list[Use]] = {}
        known: dict[Type, tuple[Misuse, ...]] = {}
        for declaration in self.types.values():
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
        if isinstance(type, VmPtr) and isinstance(type.pointee, Named):
            # Nearly all of the different types that a large schema has.
            return ()
        found = misuses(type, self.types)
        return (*found, *_marks_of_parts(type, (), True))

    @cached_property
    def contexts(self) -> dict[str, tuple[ContextLayout, ...]]:
        """Each context's layouts, one per layout class; contexts whose alignment
        can't be proved are left out."""
        contexts = [d for d in self.types.values() if isinstance(d, m.Context)]
        if not contexts:
            return {}
        # Most schemas have none, and don't wait for what it takes to lay one out.
        from vmgen.layout.alignment import TooManyStates

        found = {}
        for context in contexts:
            try:
                found[context.name] = self.laid_out.context(context.name)
            except TooManyStates:
                continue
        return found


def _owners(
    declared: m.Declaration,
) -> tuple[m.Field | m.Variant | m.Slot | m.Region, ...]:
    """What a declaration is made of, each with allows of its own."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            return fields
        case m.PlainEnum(variants=variants) | m.TaggedEnum(variants=variants):
            return variants
        case m.Functions(slots=slots):
            return slots
        case m.Context(fields=fields, regions=regions):
            return (*fields, *regions)
        case _:
            return ()


def _marks_of_parts(
    type: Type, path: tuple[int, ...], stored: bool
) -> Iterator[Misuse]:
    """Parts that matter to rules besides VmSafe's; `stored` when not behind a pointer."""
    match type:
        case Array(_, 0):
            yield Misuse(ZERO_LENGTH, type, path)
        case Array() if not stored:
            yield Misuse(LARGE_POINTEE, type, path)
        case Atomic():
            yield Misuse(TARGET_ATOMIC, type, path)
        case Int(name) | NonZero(inner=name):
            if stored and INT_BITS[name] == 128:
                yield Misuse(WIDE_INTEGER, type, path)
    inside = stored and not isinstance(type, (VmPtr, RawPointer))
    for index, part in enumerate(children(type)):
        yield from _marks_of_parts(part, (*path, index), inside)
