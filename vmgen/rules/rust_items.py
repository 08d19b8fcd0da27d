"""What is said of a type for Rust alone: traits, pinning, who sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.order import embedded_name
from vmgen.analysis.peel import copied
from vmgen.analysis.traits import NEEDED, POSSIBLE, Traits, without_zero, zero_of
from vmgen.layout.place import overlay
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import listed
from vmgen.schema import model as m
from vmgen.schema.mentions import mentioned_in, mentions_of
from vmgen.schema.types import FnPointer, Named, children

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.reading.source import Scalar
    from vmgen.rules.analysis import Analysis
    from vmgen.schema.types import Type

_SEEN = {"private": 0, "pub(crate)": 1, "pub": 2}
_KINDS = {
    m.Union: "a union",
    m.TaggedEnum: "an enum with payloads",
    m.Functions: "a table of functions",
}

Held = tuple[str, "Type", bool]
"""What a type holds: what that is called, its type, whether its words are
little-endian."""


@rule("VM241", "impossible-derive", "A trait that a type can't derive.", stage="layout")
def impossible_derive(analysis: Analysis) -> Iterator[Finding]:
    """Rust derives a trait if every part has it. An atomic can't be copied, since others
    write to it meanwhile; a `VmPtr` isn't compared. `Default` is all zeros here, which no
    `VmPtr` and no `NonZero` may be, nor an enum without a variant of that value. `Copy`
    needs `Clone`, `Eq` needs `PartialEq`, and so on.
    """
    traits = Traits(analysis.types)
    for declared in analysis.own.values():
        for written in declared.in_rust.derive or ():
            why = _why_not(written.value, declared, analysis, traits)
            if why is not None:
                what, instead = why
                yield Finding(
                    f"`{declared.name}` can't derive `{written.value}`: {what}",
                    written.span,
                    helps=(instead or f"leave `{written.value}` out",),
                )


def _why_not(
    trait: str, declared: m.Declaration, analysis: Analysis, traits: Traits
) -> tuple[str, str] | None:
    """Why a type can't derive a trait, and what to write, empty for nothing else."""
    has = traits.declared(declared)
    lacking = [need for need in NEEDED.get(trait, ()) if need not in has]
    if lacking:
        needed = listed([f"`{name}`" for name in lacking])
        return f"it needs {needed}", f"add {needed}"
    possible = POSSIBLE.get(type(declared))
    if isinstance(declared, m.TaggedEnum) and declared.trusted:
        possible = None
    if possible is not None and trait not in possible:
        return f"it is {_KINDS[type(declared)]}", ""
    if isinstance(declared, m.Union) and trait == "Debug" and not declared.accessors:
        return (
            "it is a union, of which nobody knows the member",
            "add `accessors: true`",
        )
    united = isinstance(declared, m.Union) or (
        isinstance(declared, m.TaggedEnum) and not declared.trusted
    )
    if united and trait == "Clone" and "Copy" not in has:
        return "a union is cloned by copying it", "add `Copy`"
    if trait == "Default" and not zero_of(declared):
        return "no variant of it is 0", ""
    if trait == "Default":
        return _why_not_zero(declared, analysis)
    packed = isinstance(declared, (m.Struct, m.Union)) and declared.packed
    for what, part, little in _held(declared):
        if packed and "Copy" not in traits.of(part, little=little):
            return (
                f"it is packed, and {what}, which isn't `Copy`, can't be looked at",
                "",
            )
        if trait not in traits.of(part, little=little) and not (
            trait != "Copy" and _is_rusts(part, analysis.types)
        ):
            return f"{what} isn't `{trait}`", ""
    return None


def _is_rusts(type: Type, types: Mapping[str, m.Declaration]) -> bool:
    """Whether a type is one of Rust's, of which rustc alone knows what it has."""
    inner = copied(type)
    declared = types.get(inner.name) if isinstance(inner, Named) else None
    if isinstance(declared, (m.Foreign, m.ForeignRecord)):
        return declared.rust is not None
    return False


def _why_not_zero(
    declared: m.Declaration, analysis: Analysis
) -> tuple[str, str] | None:
    """Why all zeros are no value of a type; any member of a union may have them."""
    if isinstance(declared, m.Union):
        return None
    for what, part, little in _held(declared, of_zero=True):
        lacks = None if little else without_zero(part, analysis.types)
        if lacks is not None:
            has = "" if lacks == part else f", which has a `{lacks}`"
            return f"zero is no value of {what}{has}", ""
    for field in declared.fields if isinstance(declared, m.Struct) else ():
        if field.value and analysis.module.constants[field.value].value != 0:
            return f"`{field.name}` is always `{field.value}`, which isn't 0", ""
    return None


def _held(declared: m.Declaration, *, of_zero: bool = False) -> Iterator[Held]:
    """What a type holds, or with `of_zero` what it does when it is all zeros."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            for field in fields:
                little = field.endian == "little"
                yield f"`{field.name}: {field.text.type}`", field.text.type, little
        case m.TaggedEnum(variants=variants):
            for variant in variants:
                if variant.text and not (of_zero and variant.value):
                    type = variant.text.type
                    yield f"`{variant.name}({type})`", type, False
        case m.Newtype(inner=inner):
            yield f"the `{inner}` inside", inner, False


@rule("VM242", "pinned-and-copied", "A pinned record that Rust may copy.")
def pinned_and_copied(analysis: Analysis) -> Iterator[Finding]:
    """`pinned: true` says that something else knows where a record is, so that Rust must
    not move it. A copy would be a second one that nobody knows of.
    """
    for declared in analysis.own.values():
        if isinstance(declared, m.Struct) and declared.pinned and declared.copied:
            listed_at: list[Scalar] = [
                trait
                for trait in declared.in_rust.derive or ()
                if trait.value == "Copy"
            ]
            yield Finding(
                f"`{declared.name}` is pinned and can be copied",
                listed_at[0].span if listed_at else declared.pinned,
                helps=("remove one of the two: what is copied can be anywhere",),
            )


@rule("VM243", "hidden-type", "A type that is seen by fewer than what mentions it.")
def hidden_type(analysis: Analysis) -> Iterator[Finding]:
    """Generated Rust that everybody sees mentions types by name: in fields, behind
    pointers, in signatures, in other modules. A type that fewer see can't stand there.
    Such a field can be hidden as well, by a `visibility` of its own.
    """
    hidden = {
        name: declared
        for name, declared in analysis.types.items()
        if declared.in_rust.visibility != "pub"
    }
    if not hidden:
        return
    told: set[str] = set()
    for declared in analysis.own.values():
        for what, seen, types in _mentions(declared):
            for name in sorted(mentioned_in(types) & hidden.keys() - told):
                other = hidden[name].in_rust
                elsewhere = name in analysis.module.used
                private = other.visibility == "private" and elsewhere
                if _SEEN[other.visibility] >= _SEEN[seen] and not private:
                    continue
                told.add(name)
                assert other.visible is not None
                yield Finding(
                    f"`{name}` is {_called(other.visibility)}, and {what} mentions it",
                    other.visible.span,
                    notes=(
                        (
                            (
                                f"`{what.strip('`')}` is in another module, "
                                f"`{analysis.module.name}`"
                            )
                            if private
                            else f"that is {_called(seen)}"
                        ),
                    ),
                    helps=("let as many see both",),
                )


def _called(visibility: m.Visibility) -> str:
    return "private" if visibility == "private" else f"`{visibility}`"


def _mentions(
    declared: m.Declaration,
) -> Iterator[tuple[str, m.Visibility, list[Type]]]:
    """What of a type mentions others: its name, who sees it, and the types."""
    seen = declared.in_rust.visibility
    name = declared.name
    match declared:
        case m.ForeignRecord(rust=rust) if rust is not None:
            return
        case m.Struct(fields=fields) | m.Union(fields=fields):
            for field in fields:
                least = min(seen, field.in_rust.visibility, key=_SEEN.__getitem__)
                yield f"`{name}.{field.name}`", least, [field.text.type]
        case m.TaggedEnum(variants=variants):
            for variant in variants:
                if variant.text:
                    yield f"`{name}.{variant.name}`", seen, [variant.text.type]
        case m.Newtype(inner=inner):
            least = min(seen, declared.in_rust.inner_visibility, key=_SEEN.__getitem__)
            yield f"`{name}`", least, [inner]
        case m.Functions(slots=slots):
            for slot in slots:
                yield f"`{name}.{slot.name}`", seen, [slot.rust_signature]
        case m.Context(fields=fields, regions=regions):
            # The type by which a context is used has a method for each.
            for part in fields:
                yield f"`{name}.{part.name}`", seen, [part.text.type]
            for region in regions:
                yield f"`{name}.{region.name}`", seen, [region.element]


@rule(
    "VM244",
    "condition-moves-a-byte",
    "A `cfg` condition that would change a layout.",
    stage="layout",
)
def condition_moves_a_byte(analysis: Analysis) -> Iterator[Finding]:
    """What Rust compiles under a `cfg` is not there in some builds, and C and Python know
    nothing of it. A type may be so, or a variant, or what a function is called with, as
    long as no byte of anything else depends on it. What moves a byte is `when`, which
    decides for all languages when the bindings are made.
    """
    held = {n: d for n, d in analysis.types.items() if d.in_rust.cfg is not None}
    for declared in analysis.own.values():
        if held:
            yield from _held_conditionally(declared, held)
        if isinstance(declared, m.TaggedEnum):
            yield from _conditional_variants(declared, analysis)
        if isinstance(declared, m.PlainEnum | m.TaggedEnum) and declared.trusted:
            yield from _no_variant(declared)


def _no_variant(declared: m.PlainEnum | m.TaggedEnum) -> Iterator[Finding]:
    """An enum of Rust's that may be without variants, and so without a size."""
    conditions = [v.in_rust.cfg for v in declared.variants if v.in_rust.cfg]
    if conditions and len(conditions) == len(declared.variants):
        yield Finding(
            f"no variant of `{declared.name}` is always there",
            conditions[0].span,
            notes=("Rust's enum has no size without variants",),
            helps=(
                f"give `{declared.name}` the condition, or write `when`, which decides "
                "for all languages",
            ),
        )


def _held_conditionally(
    declared: m.Declaration, held: dict[str, m.Declaration]
) -> Iterator[Finding]:
    """Types that aren't always there, in what is."""
    for item, types in _by_value(declared):
        there = declared.in_rust.conditions | item.conditions
        for name in types:
            other = held.get(name)
            if other is None or other.in_rust.conditions <= there:
                continue
            assert other.in_rust.cfg is not None
            yield Finding(
                f"`{name}` isn't always there, and `{declared.name}` holds or passes it "
                "by value",
                other.in_rust.cfg.span,
                notes=("what is pointed to may be missing, what is held may not",),
                helps=(
                    f"give `{declared.name}` the same `cfg`, or write `when` where it "
                    "holds it, which decides for all languages",
                ),
            )
            return


def _by_value(
    declared: m.Declaration,
) -> Iterator[tuple[m.RustItem, list[str]]]:
    """The names of the types that a type holds, or passes to a function, by value."""
    for item, types in mentions_of(declared):
        inside = [
            part
            for type in types
            for part in (children(type) if isinstance(type, FnPointer) else (type,))
        ]
        yield item, [n for n in map(embedded_name, inside) if n is not None]


def _conditional_variants(
    declared: m.TaggedEnum, analysis: Analysis
) -> Iterator[Finding]:
    """Variants without which the payload would be smaller or less aligned."""
    optional = [v for v in declared.variants if v.text and v.in_rust.cfg]
    if not optional:
        return
    layouts = analysis.laid_out
    always = [v for v in declared.variants if v.text and not v.in_rust.cfg]
    for variant in optional:
        assert variant.text is not None
        for layout_class in layouts.classes:
            extent = layouts.extent(variant.text.type, layout_class)
            others = [
                layouts.extent(o.text.type, layout_class) for o in always if o.text
            ]
            without, whole = overlay(others), overlay([*others, extent])
            if (without.size, without.align) != (whole.size, whole.align):
                assert variant.in_rust.cfg is not None
                yield Finding(
                    f"without `{variant.name}`, `{declared.name}` would be laid out "
                    "otherwise",
                    variant.in_rust.cfg.span,
                    notes=(
                        "no variant that is always there has a payload that is as large "
                        "and as aligned",
                    ),
                    helps=("write `when`, which decides for all languages",),
                )
                break
