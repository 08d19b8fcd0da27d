"""Bit-fields: what can be one, how wide, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.bit_fields import is_signed, number_in
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, on_targets
from vmgen.schema import model as m
from vmgen.schema.types import Named, Primitive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.rules.analysis import Analysis

_TRUSTED = "a trusted enum is one of Rust's, and no other bits may be read as it"

_Holder = m.Struct | m.Union | m.Context


def _bit_fields(analysis: Analysis) -> Iterator[tuple[_Holder, m.Field, m.Given]]:
    """The bit-fields of the module's own types, and how wide each is."""
    for declared in analysis.own.values():
        if isinstance(declared, _Holder):
            for field in declared.fields:
                if field.bits is not None:
                    yield declared, field, field.bits


@rule("VM275", "bits-of-no-integer", "A bit-field of a type that isn't an integer.")
def bits_of_no_integer(analysis: Analysis) -> Iterator[Finding]:
    """`bits` takes some bits of an integer: of `u8` to `u64`, `i8` to `i64`, `usize`, `isize`,
    of one of C's with a sign that is the same on all targets, of `bool`, or of an enum
    without payloads. Pointers, atomics, arrays and records have no part of a byte, 128-bit
    integers are no bit-fields for MSVC, whether a bit-field of `c_char` has a sign depends on
    the target, and a trusted enum is one of Rust's, which no other bits may be read as.
    """
    types = analysis.module.types
    for _, field, bits in _bit_fields(analysis):
        if number_in(field.type, types) is None:
            inside = (
                types.get(field.type.name) if isinstance(field.type, Named) else None
            )
            trusted = isinstance(inside, m.PlainEnum)
            yield Finding(
                f"`{field.name}` is a bit-field of `{field.type}`, which isn't an integer of "
                "up to 64 bits, `bool` or a plain enum",
                bits.span,
                notes=(_TRUSTED,) if trusted else (),
                helps=(
                    f"write an integer such as `u32` for the type, or remove `bits`, {CHANGES}",
                ),
            )


@rule(
    "VM276",
    "bits-too-wide",
    "A bit-field of no bits, or of more than its type has.",
    stage="layout",
)
def bits_too_wide(analysis: Analysis) -> Iterator[Finding]:
    """A bit-field has at least one bit and at most those of its type. In C one of no bits
    has no name, and says that the next one begins a unit; how far off that is differs
    between compilers in ways of its own.
    """
    layouts = analysis.laid_out
    for _, field, bits in _bit_fields(analysis):
        number = number_in(field.type, analysis.module.types)
        if number is None:
            continue
        if bits.number == 0:
            yield Finding(
                f"`{field.name}` is a bit-field of no bits",
                bits.span,
                notes=("what C has without a name, to begin a unit, isn't described",),
                helps=(
                    "give the field before it the bits that are left in its unit, and "
                    f"remove this one, {CHANGES}",
                ),
            )
            continue
        widths = [8 * layouts.extent(number, c)[0] for c in layouts.classes]
        if number == Primitive("bool"):
            widths = [1 for _ in widths]
        narrow = [c for c in layouts.classes if bits.number > widths[c.index]]
        if narrow:
            where = on_targets([t for c in narrow for t in c.targets], analysis.module)
            yield Finding(
                f"`{field.name}` has {bits.number} bits, and `{field.type}` only "
                f"{widths[narrow[0].index]} {where}",
                bits.span,
                helps=(f"write fewer, or a wider type, {CHANGES}",),
            )


@rule("VM277", "bits-outside-struct", "A bit-field that isn't in a struct.")
def bits_outside_struct(analysis: Analysis) -> Iterator[Finding]:
    """Bit-fields are fields of structs. As members of a union they align it for some
    compilers and not for others, and the fixed fields of a context are found by compiled
    code, which needs the address of whole bytes.
    """
    for declared, field, bits in _bit_fields(analysis):
        if isinstance(declared, m.Struct):
            continue
        yield Finding(
            f"`{field.name}` is a bit-field in `{declared.name}`, which is a {declared.KIND}",
            bits.span,
            helps=(f"put it into a struct in the {declared.KIND}",),
        )


@rule("VM278", "bits-with-more", "A bit-field that asks for what only bytes have.")
def bits_with_more(analysis: Analysis) -> Iterator[Finding]:
    """A bit-field shares its bytes with others: it has no alignment or byte order of its own,
    is no load or store of its own for a compiler, and is never volatile alone. Nor can C
    align a record by a first field that is one.
    """
    for declared, field, bits in _bit_fields(analysis):
        own = declared.align if isinstance(declared, m.Struct) else None
        if own is not None and field is declared.fields[0]:
            yield Finding(
                f"`{declared.name}` is aligned to {own}, and begins with a bit-field, which "
                "C can't align",
                bits.span,
                helps=(
                    f"put a field of whole bytes first, or remove `align`, {CHANGES}",
                ),
            )
        asked = {
            "align": field.align,
            "endian": field.endian == "little",
            "volatile": field.volatile,
            "alias": field.alias,
            "atomic": field.atomic,
            "points_to": field.points_to,
        }
        keys = [key for key, said in asked.items() if said]
        if keys:
            listed = " and ".join(f"`{key}`" for key in keys)
            yield Finding(
                f"`{field.name}` is a bit-field, which can't have {listed}",
                bits.span,
                notes=("it is a part of bytes that it shares with other fields",),
                helps=(f"remove {listed}, {CHANGES}",),
            )


@rule("VM279", "bits-below-value", "A bit-field too narrow for what it always holds.")
def bits_below_value(analysis: Analysis) -> Iterator[Finding]:
    """A bit-field with a `value` has to hold that constant in its bits."""
    for _, field, bits in _bit_fields(analysis):
        number = number_in(field.type, analysis.module.types)
        if field.value is None or number is None:
            continue
        value = analysis.module.constants[field.value].value
        signed = is_signed(number)
        low = -(1 << bits.number - 1) if signed and bits.number else 0
        if not low <= value < low + (1 << bits.number):
            yield Finding(
                f"`{field.name}` always holds `{field.value}`, which is {value} and doesn't "
                f"fit {bits.number} bits",
                bits.span,
            )
