"""One draft for several targets."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from vmgen.imports import numbers
from vmgen.imports.apart_parts import side_by_side, with_conditions
from vmgen.imports.draft import Declared, Draft, Part
from vmgen.imports.found import ImportFailed
from vmgen.schema import types as t
from vmgen.targets.c_types import of_target
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def merged(drafts: Sequence[Draft]) -> Draft:
    """What several drafts declare. Integers that are as wide as pointers on each target,
    and not everywhere as wide, are `usize` and `isize`.

    Raises `ImportFailed` where targets differ in what no schema can say of one type.
    """
    draft = reduce(_both, drafts)
    declared = {
        name: with_conditions(one, draft.targets)
        for name, one in draft.declared.items()
    }
    return replace(draft, declared=declared)


def _both(one: Draft, other: Draft) -> Draft:
    pair = _Pair(one.targets, other.targets, is_c=not one.is_rust)
    declared = dict(one.declared)
    for name, theirs in other.declared.items():
        ours = declared.get(name)
        declared[name] = pair.declared(ours, theirs) if ours is not None else theirs
    targets = (*dict.fromkeys((*one.targets, *other.targets)),)
    return replace(one, targets=targets, declared=declared)


class _Pair(msgspec.Struct, frozen=True):
    """Two targets whose types are made one."""

    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    is_c: bool

    @property
    def one(self) -> str:
        return self.ours[0]

    @property
    def other(self) -> str:
        return self.theirs[0]

    @property
    def _where(self) -> tuple[str, str]:
        if self.one == self.other:
            return "in one file", "in another"
        return f"on {self.one}", f"on {self.other}"

    def declared(self, ours: Declared, theirs: Declared) -> Declared:
        if ours.kind == "opaque" or theirs.kind == "opaque":
            return theirs if ours.kind == "opaque" else ours
        if ours.kind != theirs.kind:
            raise ImportFailed(
                f"`{ours.name}` is of the kind {ours.kind} {self._where[0]} and "
                f"{theirs.kind} {self._where[1]}"
            )
        parts = self._parts(ours, theirs)
        tag = ours.tag
        if ours.tag is not None and theirs.tag is not None:
            both = self._type(ours.tag, theirs.tag)
            if not isinstance(both, t.Int):
                raise self._differs(f"the tag of `{ours.name}`", ours.tag, theirs.tag)
            tag = both
        return replace(
            ours,
            parts=parts,
            tag=tag,
            doc=ours.doc or theirs.doc,
            sizes=_joined(ours.sizes, theirs.sizes),
            aligns=_joined(ours.aligns, theirs.aligns),
            payload=_joined(ours.payload, theirs.payload),
            instead=self._instead(ours, theirs),
            align=max(ours.align or 0, theirs.align or 0) or None,
        )

    def _parts(self, ours: Declared, theirs: Declared) -> tuple[Part, ...]:
        """The parts that both have. A record of C's has members on some targets alone."""

        def both(one: Part, other: Part) -> Part:
            return self._part(ours.name, one, other)

        names = [[p.name for p in d.parts] for d in (ours, theirs)]
        apart = self.is_c and set(self.ours).isdisjoint(self.theirs)
        if apart and ours.kind in ("struct", "union"):
            return side_by_side(
                ours.parts, theirs.parts, (self.ours, self.theirs), both
            )
        if names[0] != names[1]:
            odd = sorted(set(names[0]) ^ set(names[1])) or names[1]
            raise ImportFailed(
                f"`{ours.name}` has other parts {self._where[0]} than {self._where[1]}: "
                + ", ".join(f"`{name}`" for name in odd)
            )
        return tuple(both(a, b) for a, b in zip(ours.parts, theirs.parts, strict=True))

    def _instead(self, ours: Declared, theirs: Declared) -> tuple[Part, ...]:
        """Parts that bit-fields are parts of; none where the targets haven't the same."""
        try:
            return tuple(
                self._part(ours.name, a, b)
                for a, b in zip(ours.instead, theirs.instead, strict=True)
            )
        except (ImportFailed, ValueError):
            return ()

    def _part(self, owner: str, ours: Part, theirs: Part) -> Part:
        made: t.Type | None = None
        if ours.type is not None and theirs.type is not None:
            made = self._type(ours.type, theirs.type)
        if made is None and ours.type != theirs.type:
            raise self._differs(f"`{owner}.{ours.name}`", ours.type, theirs.type)
        if ours.value != theirs.value:
            raise self._differs(f"`{owner}::{ours.name}`", ours.value, theirs.value)
        if ours.bits != theirs.bits:
            said = [f"{part.bits or 'no'} bits" for part in (ours, theirs)]
            raise self._differs(f"`{owner}.{ours.name}`", *said)
        return replace(
            ours,
            type=made,
            doc=ours.doc or theirs.doc,
            offsets=_joined(ours.offsets, theirs.offsets),
            begins=_joined(ours.begins, theirs.begins),
            align=max(ours.align or 0, theirs.align or 0) or None,
            volatile=ours.volatile or theirs.volatile,
            nullable=ours.nullable or theirs.nullable,
            unnamed=ours.unnamed or theirs.unnamed,
        )

    def _differs(self, what: str, ours: object, theirs: object) -> ImportFailed:
        return ImportFailed(
            f"{what} is `{ours}` {self._where[0]} and `{theirs}` {self._where[1]}, which no "
            "schema can have as one type"
        )

    def _type(self, ours: t.Type, theirs: t.Type) -> t.Type | None:
        """The type that is both on its target; None where there is none."""
        if ours == theirs:
            return ours
        match ours, theirs:
            case t.Int() | t.CNumber(), t.Int() | t.CNumber():
                return self._number(ours, theirs)
            case t.Atomic(), t.Atomic() if "bool" not in (ours.inner, theirs.inner):
                made = self._number(t.Int(ours.inner), t.Int(theirs.inner))
                return t.Atomic(f"Atomic{str(made).capitalize()}") if made else None
            case t.Array(a, n), t.Array(b, k) if n == k:
                inside = self._type(a, b)
                return t.Array(inside, n) if inside is not None else None
            case t.Option(a), t.Option(b):
                inside = self._type(a, b)
                return t.Option(inside) if inside is not None else None
            case t.UnsafeCell(a), t.UnsafeCell(b):
                inside = self._type(a, b)
                return t.UnsafeCell(inside) if inside is not None else None
            case t.VmPtr(a), t.VmPtr(b):
                return t.VmPtr(self._type(a, b) or t.Unit())
            case t.RawPointer(spelling, a), t.RawPointer(other, b) if spelling == other:
                return t.RawPointer(spelling, self._type(a, b) or t.Unit())
            case t.FnPointer(), t.FnPointer():
                return self._function(ours, theirs)
            case _:
                return None

    def _number(
        self, ours: t.Int | t.CNumber, theirs: t.Int | t.CNumber
    ) -> t.Int | None:
        """The integer that is as wide as each on its target: of so many bits, or `usize`
        where pointers are as wide."""
        widths = []
        for number, target in ((ours, self.one), (theirs, self.other)):
            word = _int_of(number, target)
            if word is None:
                return None
            pointer = TARGETS[target].pointer_width
            widths.append((word.name[0], t.INT_BITS[word.name] or pointer, pointer))
        (sign, bits, one), (other_sign, other_bits, other) = widths
        if sign != other_sign:
            return None
        names = {str(ours), str(theirs)}
        word_only = f"{sign}size"
        if (bits, other_bits) == (one, other) and (one != other or word_only in names):
            return t.Int(word_only)
        return t.Int(f"{sign}{bits}") if bits == other_bits else None

    def _function(self, ours: t.FnPointer, theirs: t.FnPointer) -> t.FnPointer | None:
        if len(ours.params) != len(theirs.params):
            return None
        params = []
        for a, b in zip(ours.params, theirs.params, strict=True):
            made = self._type(a.type, b.type)
            if made is None:
                return None
            params.append(t.Param(a.name, made))
        result = None
        if ours.result is not None and theirs.result is not None:
            result = self._type(ours.result, theirs.result)
        if result is None and ours.result != theirs.result:
            return None
        return t.FnPointer(tuple(params), result)


def _joined(ours: Mapping[str, int], theirs: Mapping[str, int]) -> Mapping[str, int]:
    return {**ours, **theirs}


def _int_of(number: t.Int | t.CNumber, target: str) -> t.Int | None:
    """The integer that a number is on a target; None of what has no sign everywhere, and of
    floats."""
    if isinstance(number, t.Int):
        return number
    if number.is_float or number.is_signed is None:
        return None
    if number.plain is not None:
        return t.Int(number.plain)
    width = of_target(TARGETS[target]).width(number.column or "")
    return numbers.integer(width, signed=number.is_signed)
