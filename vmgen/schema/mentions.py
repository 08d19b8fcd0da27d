"""Which names declared types mention: by value, behind pointers and in signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import model as m
from vmgen.schema.types import Named, Type, children

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


def mentioned_types(declarations: Iterable[m.Declaration]) -> set[str]:
    """Names of the declared types that declarations mention anywhere in a type."""
    found: set[str] = set()
    looked_at: set[Type] = set()
    for declared in declarations:
        for type in _types(declared):
            if type not in looked_at:
                looked_at.add(type)
                found.update(_names(type))
    return found


def mentions_of(
    declared: m.Declaration,
) -> Iterator[tuple[m.RustItem, list[Type]]]:
    """The types that a declaration mentions, by the part that does, with what is said of
    that part for Rust."""
    match declared:
        case m.TaggedEnum(variants=variants):
            for variant in variants:
                if variant.text:
                    yield variant.in_rust, [variant.text.type]
        case m.Functions(slots=slots):
            for slot in slots:
                yield slot.in_rust, [slot.rust_signature]
        case _:
            yield m.PLAIN_ITEM, [*_types(declared)]


def conditional(
    declared: m.Declaration,
) -> Iterator[tuple[m.Declaration | m.Variant | m.Slot, m.RustItem]]:
    """A declaration and each of its parts that can be under a condition of its own, with
    what is said of it for Rust."""
    yield declared, declared.in_rust
    match declared:
        case m.PlainEnum(variants=variants) | m.TaggedEnum(variants=variants):
            yield from ((variant, variant.in_rust) for variant in variants)
        case m.Functions(slots=slots):
            yield from ((slot, slot.in_rust) for slot in slots)


def mentioned_in(types: Iterable[Type]) -> set[str]:
    """Names of the declared types that are mentioned anywhere in types."""
    return {name for type in types for name in _names(type)}


def mentioned_constants(declarations: Iterable[m.Declaration]) -> set[str]:
    """Names of the constants that fields always hold. One that is the length of an array
    or a discriminant is a number, and not mentioned."""
    return {
        field.value
        for declared in declarations
        if isinstance(declared, (m.Struct, m.Union, m.Context))
        for field in declared.fields
        if field.value is not None
    }


def reachable(
    own: Mapping[str, m.Declaration], uses: Sequence[m.Module]
) -> Iterator[tuple[m.Declaration, str]]:
    """The types of other modules that `own` mention, however far away, each with the
    name of the module that declares it, by name."""
    found: dict[str, tuple[m.Declaration, str]] = {}
    pending = sorted(mentioned_types(own.values()))
    while pending:
        name = pending.pop()
        if name in own or name in found:
            continue
        for module in uses:
            if name in module.types:
                declared = module.types[name]
                found[name] = (declared, module.used.get(name, module.name))
                pending.extend(mentioned_types([declared]))
                break
    for _, entry in sorted(found.items()):
        yield entry


def _types(declared: m.Declaration) -> Iterator[Type]:
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            yield from (f.text.type for f in fields)
            accessors = (a for f in fields for a in f.accessors or ())
            yield from (a.text.type for a in accessors if a.text)
        case m.TaggedEnum(variants=variants):
            yield from (v.text.type for v in variants if v.text)
        case m.Newtype(inner=inner):
            yield inner
        case m.Functions(slots=slots):
            yield from (s.signature for s in slots)
            yield from (s.with_rust_types for s in slots if s.with_rust_types)
        case m.Context(fields=fields, regions=regions):
            yield from (f.text.type for f in fields)
            yield from (r.element for r in regions)


def _names(type: Type) -> Iterator[str]:
    if isinstance(type, Named):
        yield type.name
    for part in children(type):
        yield from _names(part)
