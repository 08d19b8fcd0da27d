"""Packed records, and what single fields are aligned to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.order import first_held
from vmgen.analysis.peel import by_value, laid_out
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, on_targets
from vmgen.schema import model as m
from vmgen.schema.types import Atomic, Int, Named, UnsafeCell
from vmgen.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.rules.analysis import Analysis
    from vmgen.schema.types import Type

_INSTEAD = (
    "put a field of bytes before it for the padding, and check with `expect_offset`"
)


def _packed(analysis: Analysis) -> Iterator[tuple[m.Struct | m.Union, m.Given]]:
    """The packed records, with what they are packed to."""
    for declared in analysis.own.values():
        if isinstance(declared, (m.Struct, m.Union)) and declared.packed:
            yield declared, declared.packed


@rule("VM270", "packed-and-aligned", "A packed record that asks for an alignment.")
def packed_and_aligned(analysis: Analysis) -> Iterator[Finding]:
    """`packed` says that nothing in a record is aligned to more than so many bytes, and
    `align` that something is. Rust refuses both on one record (E0587), and in C it depends
    on the compiler which of them wins.
    """
    for declared, packed in _packed(analysis):
        if declared.align is not None:
            yield Finding(
                f"`{declared.name}` is packed, and aligned to {declared.align}",
                packed.span,
                helps=("remove one of the two",),
            )
        for field in declared.fields:
            if field.align is not None:
                yield Finding(
                    f"`{field.name}` is aligned to {field.align.number} in "
                    f"`{declared.name}`, which is packed",
                    field.align.span,
                    notes=(f"nothing in it is aligned to more than {packed.number}",),
                    helps=(_INSTEAD,),
                )


@rule("VM274", "anonymous-in-packed", "An anonymous member of a packed record.")
def anonymous_in_packed(analysis: Analysis) -> Iterator[Finding]:
    """What has no name in C is declared inside of the record. Within a `#pragma pack` that is
    packed too, and with `__attribute__((packed))` on the record it isn't.
    """
    for declared, _ in _packed(analysis):
        for field in declared.fields:
            if field.anonymous:
                yield Finding(
                    f"`{field.name}` is anonymous in `{declared.name}`, which is packed",
                    field.span,
                    helps=(
                        "give it a name, by a type of its own that is `packed` or isn't, "
                        "or remove `anonymous`",
                    ),
                )


@rule(
    "VM284",
    "aligned-anonymous",
    "An anonymous member that C++ can't align without making it larger.",
    stage="layout",
)
def aligned_anonymous(analysis: Analysis) -> Iterator[Finding]:
    """What has no name is aligned by a member in it, in C and in C++. That makes it as large
    as a multiple of its alignment, which a field that is aligned is not elsewhere; and a
    bit-field can't be aligned at all. So it is too where the first member of a record that
    is aligned has no name.
    """
    layouts = analysis.laid_out
    for declared in analysis.own.values():
        if not isinstance(declared, (m.Struct, m.Union)):
            continue
        for index, field in enumerate(declared.fields):
            whole = None if index else declared.align
            given = field.align.number if field.align else whole
            if not field.anonymous or given is None:
                continue
            extents = [layouts.extent(field.text.type, c) for c in layouts.classes]
            raised = [size for size, align in extents if align < given]
            span = field.align.span if field.align else field.span
            if any(size % given for size in raised):
                yield Finding(
                    f"`{field.name}` is anonymous and aligned to {given}, and its "
                    f"{plural(next(s for s in raised if s % given), 'byte')} are no "
                    "multiple of that",
                    span,
                    notes=("C and C++ would make it larger",),
                    helps=(
                        "give it a name, or as many bytes by a member that fills it",
                    ),
                )
            elif raised and _begins_with_bits(field, analysis.types):
                yield Finding(
                    f"`{field.name}` is anonymous and aligned to {given}, and begins with a "
                    "bit-field, which C can't align",
                    span,
                    helps=("give it a name, or begin it with whole bytes",),
                )


def _begins_with_bits(field: m.Field, types: Mapping[str, m.Declaration]) -> bool:
    """Whether the first member of what has no name is a bit-field, also of one in it."""
    while field.anonymous and isinstance(field.type, Named):
        inner = types[field.type.name]
        if not isinstance(inner, (m.Struct, m.Union)) or not inner.fields:
            return False
        field = inner.fields[0]
    return field.bits is not None


@rule(
    "VM271",
    "aligned-in-packed",
    "A packed record that holds what has an alignment of its own.",
    stage="layout",
)
def aligned_in_packed(analysis: Analysis) -> Iterator[Finding]:
    """A type that was given an alignment keeps it wherever it stands, or so Rust and MSVC
    have it: Rust refuses it inside of a packed record (E0588), MSVC doesn't pack it, gcc and
    clang do. Types with an alignment of their own are records with `align`, foreign types,
    and in C the 128-bit integers.
    """
    for declared, _ in _packed(analysis):
        for field in declared.fields:
            found = first_held(field.text.type, analysis.types, _is_aligned)
            if found is None:
                continue
            what, where = _said(found, field.text.type)
            yield Finding(
                f"`{field.name}` of `{declared.name}`, which is packed, {where}",
                field.text.span,
                notes=(f"{what} has an alignment of its own, and can't be packed",),
                helps=(
                    "declare it as bytes, or remove `packed` where padding says the same, "
                    f"{CHANGES}",
                ),
            )


@rule(
    "VM272",
    "reference-into-packed",
    "A packed record that holds what is only reached by reference.",
    stage="layout",
)
def reference_into_packed(analysis: Analysis) -> Iterator[Finding]:
    """A reference has to be aligned, and what is in a packed record need not be: Rust refuses
    to make one (E0793), and C warns. Numbers, pointers and records are read and written as a
    whole, by way of `&raw`. An atomic or an `UnsafeCell` serves nothing without a reference
    to it, and an atomic access that isn't aligned is none.
    """
    layouts = analysis.laid_out
    for declared, packed in _packed(analysis):
        for field in declared.fields:
            found = first_held(field.text.type, analysis.types, _is_shared)
            if found is None:
                continue
            over = [
                target
                for c in layouts.classes
                for target in c.targets
                if isinstance(laid_out(found), Atomic)
                or layouts.extent(found, c)[1] > packed.number
            ]
            if not over:
                continue
            what, where = _said(found, field.text.type)
            note = (
                f"{what} is used by reference, and a reference into a packed record isn't "
                f"aligned {on_targets(over, analysis.module)}"
            )
            if isinstance(found, Atomic):
                note = f"{what} is used by reference, and Rust refuses it in packed records"
            yield Finding(
                f"`{field.name}` of `{declared.name}`, which is packed, {where}",
                field.text.span,
                notes=(note,),
                helps=(f"declare the plain type, or remove `packed`, {CHANGES}",),
            )


@rule(
    "VM273",
    "field-align-too-small",
    "A field that asks for less alignment than it has.",
    stage="layout",
)
def field_align_too_small(analysis: Analysis) -> Iterator[Finding]:
    """`align` on a field asks for at least that alignment. Where its type alone needs more,
    it would say nothing, and C refuses an `alignas` of less. Less than its type needs has
    a field of a packed record.
    """
    layouts = analysis.laid_out
    for declared in analysis.own.values():
        if not isinstance(declared, (m.Struct, m.Union, m.Context)):
            continue
        for field in declared.fields:
            if field.align is None:
                continue
            natural = [layouts.extent(field.text.type, c)[1] for c in layouts.classes]
            more = [c for c in layouts.classes if natural[c.index] > field.align.number]
            if more:
                where = on_targets(
                    [t for c in more for t in c.targets], analysis.module
                )
                less = "to have it less aligned, make the record `packed`"
                helps: tuple[str, ...] = (
                    f"write `align: {max(natural)}`, or remove it, {CHANGES}",
                )
                if not isinstance(declared, m.Context):
                    helps += (less,)
                yield Finding(
                    f"`{field.name}` is aligned to {natural[more[0].index]} {where} "
                    f"anyway, more than {field.align.number}",
                    field.align.span,
                    helps=helps,
                )


def _said(found: Type, type: Type) -> tuple[str, str]:
    """What was found in a type, and that the field holds it."""
    what = f"`{found}`"
    return what, f"is `{type}`" if found == by_value(type) else f"holds {what}"


def _is_aligned(type: Type, types: Mapping[str, m.Declaration]) -> bool:
    match type:
        case Int("u128" | "i128"):
            return True
        case Named(name):
            declared = types[name]
        case _:
            return False
    match declared:
        case m.Foreign(rust=rust, c=c, align=align, cases=cases):
            aligns = [*align.values(), *(case.align for case in cases)]
            return max(aligns, default=1) > 1 and not (rust and c)
        case m.Struct(fields=fields, align=given) | m.Union(fields=fields, align=given):
            return given is not None or any(field.align for field in fields)
        case _:
            return False


def _is_shared(type: Type, types: Mapping[str, m.Declaration]) -> bool:
    return isinstance(type, (Atomic, UnsafeCell))
