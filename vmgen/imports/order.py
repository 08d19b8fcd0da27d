"""What types that were found hold by value, and in which order that makes them stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.imports.found import Found, Member, Source


def by_value(source: Source) -> list[str]:
    """The keys of what was asked for, each behind what it holds by value."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(key: str) -> None:
        if key in seen or key not in source.types:
            return
        seen.add(key)
        for _, type in held(source.types[key]):
            for inside in values_in(type):
                visit(inside)
        order.append(key)

    for key in source.wanted:
        visit(key)
    return order


def held(found: Found) -> list[tuple[str, t.Type]]:
    """What a type holds by value, with the names of the parts."""
    parts = [(m.name, m.type) for m in found.members if m.name or m.bits is None]
    return parts + [
        (v.name, v.payload) for v in found.variants if v.payload is not None
    ]


def values_in(type: t.Type) -> list[str]:
    """The keys of what a type holds or a function passes by value."""
    match type:
        case t.Named(name):
            return [name]
        case t.VmPtr() | t.RawPointer():
            return []
        case _:
            return [key for part in t.children(type) for key in values_in(part)]


def function_in(type: t.Type) -> t.FnPointer | None:
    """The function that a type is the address of."""
    inside = type.inner if isinstance(type, (t.Option, t.UnsafeCell)) else type
    return inside if isinstance(inside, t.FnPointer) else None


def is_open(type: t.Type) -> bool:
    """Whether it is an array that takes no room: C's way to say that more follows."""
    return isinstance(type, t.Array) and (type.length == 0 or is_open(type.element))


def of_any_length(type: t.Type) -> bool:
    """Whether it is such an array of elements that a schema can name."""
    if not isinstance(type, t.Array) or type.length != 0:
        return False
    return not is_open(type.element) and not isinstance(type.element, t.Unit)


def taking(members: Sequence[Member]) -> list[Member]:
    """The members that take room, or are about something."""
    return [
        member
        for member in members
        if isinstance(member.type, t.Parameter)
        or not isinstance(member.type, (t.Unit, t.RustLayout))
    ]


def is_table(found: Found) -> bool:
    """Whether a struct is nothing but addresses of functions."""
    if found.kind != "struct":
        return False
    members = taking(found.members)
    return bool(members) and all(
        function_in(m.type) and not m.volatile and not m.align for m in members
    )
