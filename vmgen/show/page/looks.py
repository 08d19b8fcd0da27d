"""What a type looks like in a byte map, and which types refer to which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from vmgen.analysis.peel import innermost, run
from vmgen.schema import model as m
from vmgen.schema.types import (
    Atomic,
    FnPointer,
    Named,
    RawPointer,
    Type,
    VmPtr,
    children,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Look = Literal["number", "pointer", "atomic", "record", "code"]


def look_of(type: Type, types: Mapping[str, m.Declaration]) -> Look:
    """How a part of that type is drawn: arrays as their elements are."""
    match innermost(type, types):
        case VmPtr() | RawPointer():
            return "pointer"
        case Atomic():
            return "atomic"
        case FnPointer():
            return "code"
        case Named(name) if not isinstance(types.get(name), m.PlainEnum):
            return "record"
        case _:
            return "number"


def held_records(
    type: Type, types: Mapping[str, m.Declaration]
) -> tuple[str, int] | None:
    """The record that a part has by value, and how many of it, one after the other."""
    inside, count = run(type, types)
    if isinstance(inside, Named):
        declared = types.get(inside.name)
        if isinstance(declared, (m.Struct, m.Union, m.TaggedEnum)):
            return inside.name, count
    return None


def references(
    types: Mapping[str, m.Declaration],
) -> dict[str, list[tuple[str, str, str]]]:
    """For each declared type, who refers to it: type, part, and how, which is
    ``holds`` by value, ``points`` to or ``calls`` with. In the order written."""
    found: dict[str, list[tuple[str, str, str]]] = {name: [] for name in types}
    for name, declared in types.items():
        for part, type in _typed_parts(declared):
            seen = set()
            for target, how in _named(type, "holds"):
                if target in found and (target, how) not in seen:
                    seen.add((target, how))
                    found[target].append((name, part, how))
    return found


def _typed_parts(declared: m.Declaration) -> Iterator[tuple[str, Type]]:
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            yield from ((f.name, f.text.type) for f in fields)
        case m.TaggedEnum(variants=variants):
            yield from ((v.name, v.text.type) for v in variants if v.text)
        case m.Newtype(inner=inner):
            yield ("", inner)
        case m.Functions(slots=slots):
            yield from ((s.name, s.signature) for s in slots)
        case m.Context(fields=fields, regions=regions):
            yield from ((f.name, f.text.type) for f in fields)
            yield from ((r.name, r.element) for r in regions)
        case _:
            pass


def _named(type: Type, how: str) -> Iterator[tuple[str, str]]:
    if isinstance(type, Named):
        yield (type.name, how)
        return
    if isinstance(type, FnPointer):
        how = "calls"
    elif how == "holds" and isinstance(type, (VmPtr, RawPointer)):
        how = "points"
    for child in children(type):
        yield from _named(child, how)
