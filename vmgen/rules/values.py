"""What fields and variants hold: discriminants, constants, byte order, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.copying import not_copyable
from vmgen.analysis.peel import below_newtypes
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import aligned_like_atomic, on_targets, unless_aligned
from vmgen.schema import model as m
from vmgen.schema.symbols import int_range
from vmgen.schema.types import (
    INT_BITS,
    Atomic,
    CNumber,
    Int,
    Named,
    NonZero,
    Option,
    Primitive,
    RawPointer,
    Type,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.rules.analysis import Analysis


def _enums(analysis: Analysis) -> Iterator[m.PlainEnum | m.TaggedEnum]:
    for declared in analysis.own.values():
        if isinstance(declared, (m.PlainEnum, m.TaggedEnum)):
            yield declared


@rule("VM209", "discriminant-out-of-range", "An enum's value that its tag can't hold.")
def discriminant_out_of_range(analysis: Analysis) -> Iterator[Finding]:
    """The tag's type has to hold every value of the enum, on every target of the
    schema: a `usize` tag holds no more than 65535 where pointers have 16 bits.
    """
    targets = analysis.module.targets
    for declared in _enums(analysis):
        bits = INT_BITS[declared.tag.name]
        if bits is None and not targets:
            # Each that the schema lists is unknown, and so is how wide a pointer is.
            continue
        width = bits or min(t.model.pointer_width for t in targets)
        low, high = int_range(declared.tag, width)
        for variant in declared.variants:
            if low <= variant.value <= high:
                continue
            where = ""
            if bits is None:
                narrow = [t.name for t in targets if t.model.pointer_width == width]
                where = f" {on_targets(narrow, analysis.module)}"
            yield Finding(
                f"`{variant.name}` is {variant.value}, which no `{declared.tag}` "
                f"holds{where}",
                variant.span,
                notes=(f"`{declared.tag}` goes from {low} to {high}{where}",),
                helps=("choose another value or a wider `tag`",),
            )


@rule("VM210", "duplicate-discriminant", "Two variants with the same value.")
def duplicate_discriminant(analysis: Analysis) -> Iterator[Finding]:
    """Nobody could tell the two apart. A variant without a value has one more than the
    variant before it, which may be a value that another one has already.
    """
    for declared in _enums(analysis):
        seen: dict[int, m.Variant] = {}
        for variant in declared.variants:
            first = seen.setdefault(variant.value, variant)
            if first is not variant:
                yield Finding(
                    f"`{variant.name}` and `{first.name}` are both {variant.value}",
                    variant.span,
                    notes=(f"`{first.name}` is on line {first.span.line}",),
                    helps=(f"give `{variant.name}` a value of its own",),
                )


@rule("VM216", "not-copy", "`copy: true` on a struct that Rust can't copy.")
def not_copy(analysis: Analysis) -> Iterator[Finding]:
    """Rust's `Copy` is for types whose parts all have it. Atomics and `UnsafeCell` don't,
    on purpose: a copy of one would be made with a plain read while others write to it.
    """
    for declared in analysis.own.values():
        if not isinstance(declared, m.Struct) or not declared.copy:
            continue
        for field in declared.fields:
            part = not_copyable(field.text.type, analysis.types)
            if part is not None:
                span = field.text.part_span(field.text.spelled.find(part))
                yield Finding(
                    f"`{part}` can't be copied, and so neither can `{declared.name}`",
                    span,
                    notes=(_why_not(part, analysis),),
                    helps=(f"remove `copy: true` from `{declared.name}`",),
                )


def _why_not(part: Type, analysis: Analysis) -> str:
    if isinstance(part, Named):
        declared = analysis.types[part.name]
        if isinstance(declared, m.Foreign):
            return f"`{part}` isn't said to be: `copy: true` says that Rust may copy it"
        if isinstance(declared, m.Struct) and declared.copied:
            return f"`{declared.name}` can be copied if what it is about can"
        if isinstance(declared, m.Struct) and declared.pinned:
            return f"`{part}` is pinned: it stays where it is"
        if isinstance(declared, m.Struct) and not any(
            not_copyable(f.text.type, analysis.types) for f in declared.fields
        ):
            return f"`{part}` could be `copy: true` itself"
        return f"`{part}` holds something that Rust doesn't copy"
    return "Rust doesn't copy what others may write to meanwhile"


@rule("VM217", "constant-type", "A constant in a field of another type.")
def constant_type(analysis: Analysis) -> Iterator[Finding]:
    """`value:` says which constant a field always holds. A constant of another type may
    not fit, and where it does, Rust would want a conversion that the schema hides.
    """
    for _, _, field in analysis.stated:
        if field.value is None:
            continue
        constant = analysis.module.constants[field.value]
        if scalar_of(field.text.type, analysis.types) != constant.type:
            yield Finding(
                f"`{field.name}` is a `{field.text.type}`, and "
                f"`{constant.name}` a `{constant.type}`",
                field.text.span,
                helps=("give the field and its constant the same type",),
            )


@rule("VM218", "byte-order", "`endian: little` on something that has no byte order.")
def byte_order(analysis: Analysis) -> Iterator[Finding]:
    """A word that is little-endian on every host has to be swapped by those who read it
    on a big-endian one. That works for a number. A `VmPtr` or an atomic is used where
    it lies, and records and bytes have no byte order of their own.
    """
    for declared, _, field in analysis.stated:
        if field.endian == "native":
            continue
        type = field.text.type
        scalar = scalar_of(type, analysis.types)
        if isinstance(scalar, (Int, NonZero, Primitive, RawPointer)):
            continue
        if isinstance(scalar, (VmPtr, Option, Atomic)):
            why = f"`{type}` is used where it lies, in the host's byte order"
            number = scalar.inner if isinstance(scalar, Atomic) else "usize"
            alike = not isinstance(scalar, Atomic) or aligned_like_atomic(
                analysis.module, number
            )
            instead = (
                f"write `{number}` and convert it where it is read"
                f"{unless_aligned(alike)}"
            )
        else:
            why = "only numbers have a byte order"
            if isinstance(scalar, CNumber):
                why = f"a `{scalar}` is whatever the target's C has"
            instead = "remove `endian`, or mark the numbers inside"
        yield Finding(
            f"`{field.name}` can't be little-endian on every host",
            field.text.span,
            (field.allow, declared.allow),
            notes=(why,),
            helps=(instead,),
        )


def scalar_of(type: Type, types: Mapping[str, m.Declaration]) -> Type:
    """What is inside newtypes and `UnsafeCell`s; a plain enum's tag."""
    inside = below_newtypes(type, types)
    declared = types.get(inside.name) if isinstance(inside, Named) else None
    return declared.tag if isinstance(declared, m.PlainEnum) else inside
