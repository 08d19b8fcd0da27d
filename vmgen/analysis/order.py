"""The order in which types can be declared and laid out: by-value parts first."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from vmgen.analysis.peel import laid_out
from vmgen.schema.model import (
    Context,
    Declaration,
    Newtype,
    PlainEnum,
    Struct,
    TaggedEnum,
    Union,
)
from vmgen.schema.types import Array, Named, Option, Type, UnsafeCell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@lru_cache(maxsize=65_536)
def embedded_name(type: Type) -> str | None:
    """The declared type that a field of this type holds by value, if it holds one."""
    held = laid_out(type)
    return held.name if isinstance(held, Named) else None


def held_types(declaration: Declaration) -> list[Type]:
    """The types that the layout of a declared type is made of, in order."""
    match declaration:
        case Struct(fields=fields) | Union(fields=fields):
            return [f.text.type for f in fields]
        case TaggedEnum(tag=tag, variants=variants):
            return [tag, *(v.text.type for v in variants if v.text)]
        case PlainEnum(tag=inner) | Newtype(inner=inner):
            return [inner]
        case Context(fields=fields, regions=regions):
            return [*(f.text.type for f in fields), *(r.element for r in regions)]
        case _:
            return []


def embedded(declaration: Declaration) -> list[str]:
    """Names of the declared types that a declaration holds by value, in order."""
    names = map(embedded_name, held_types(declaration))
    return [name for name in names if name is not None]


def first_held(
    type: Type,
    types: Mapping[str, Declaration],
    asked: Callable[[Type, Mapping[str, Declaration]], bool],
) -> Type | None:
    """The first type of those that a type is made of, by value, of which something holds;
    `asked` gets it and the declared types."""
    seen: set[Type] = set()
    pending = [type]
    while pending:
        part = pending.pop(0)
        if part in seen:
            continue
        seen.add(part)
        if asked(part, types):
            return part
        match part:
            case Named(name):
                pending += held_types(types[name])
            case Array(inner) | UnsafeCell(inner) | Option(inner):
                pending.append(inner)
    return None


def by_value_order(
    types: Mapping[str, Declaration],
) -> tuple[list[str], list[list[str]]]:
    """All names, each after what it holds by value; and the cycles that prevent it.

    Types are otherwise in the order written. A cycle is the names along it, the
    first one written first. Iterative: a chain of records may be thousands long.
    """
    order: list[str] = []
    cycles: list[list[str]] = []
    done: set[str] = set()
    on_path: dict[str, int] = {}
    for root in types:
        if root in done:
            continue
        held = embedded(types[root])
        if done.issuperset(held):
            done.add(root)
            order.append(root)
            continue
        path = [(root, iter(held))]
        on_path[root] = 0
        while path:
            name, rest = path[-1]
            for inner in rest:
                if inner in done or inner not in types:
                    continue
                if inner in on_path:
                    cycles.append([n for n, _ in path[on_path[inner] :]])
                    continue
                on_path[inner] = len(path)
                path.append((inner, iter(embedded(types[inner]))))
                break
            else:
                path.pop()
                del on_path[name]
                done.add(name)
                order.append(name)
    return order, cycles
