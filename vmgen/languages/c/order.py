"""The order in which C can be told about types.

Every record's name is declared first, which is enough to point to it. Enums and most
newtypes need nothing else, so they follow. The rest comes in by-value order. What decides
besides is the order of names, so that moving a type to another file changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.order import embedded_name
from vmgen.analysis.peel import layers
from vmgen.schema import model as m
from vmgen.schema.types import Array, Named, Type, children

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def early_types(types: Mapping[str, m.Declaration], order: Sequence[str]) -> list[str]:
    """Enums, then the newtypes that need no record's members, each after those that
    it mentions.

    `order` has every name after what it holds by value. Where newtypes point to each
    other in a circle, the last one met comes first, unless it is made of one that is
    still to come. Iterative: chains may be long.
    """
    early = [name for name in sorted(types) if isinstance(types[name], m.PlainEnum)]
    seen: set[str] = set()
    for root in order:
        path = [(root, iter(_mentioned(types[root])))] if root not in seen else []
        seen.add(root)
        while path:
            name, rest = path[-1]
            for inner in rest:
                if inner not in seen and not _waits(inner, path, types):
                    seen.add(inner)
                    path.append((inner, iter(_mentioned(types[inner]))))
                    break
            else:
                path.pop()
                declared = types[name]
                if isinstance(declared, m.Newtype) and not _needs_members(
                    declared.inner, types
                ):
                    early.append(name)
    return early


def _waits(
    name: str,
    path: Sequence[tuple[str, Iterator[str]]],
    types: Mapping[str, m.Declaration],
) -> bool:
    """Whether a newtype is made, by value, of one that is still on the path.

    Such a one is only met by way of a pointer, which can be spelled without it.
    """
    if _held_name(name, types) is None:
        return False
    open_ = {step for step, _ in path}
    held: str | None = name
    while held is not None:
        held = _held_name(held, types)
        if held in open_:
            return True
    return False


def _held_name(name: str, types: Mapping[str, m.Declaration]) -> str | None:
    """What a newtype holds by value, by name; None for other types."""
    declared = types[name]
    return embedded_name(declared.inner) if isinstance(declared, m.Newtype) else None


def _mentioned(declared: m.Declaration) -> list[str]:
    """The declared types that a newtype names anywhere, pointees among them."""
    found: list[str] = []
    rest: list[Type] = [declared.inner] if isinstance(declared, m.Newtype) else []
    while rest:
        part = rest.pop()
        if isinstance(part, Named):
            found.append(part.name)
        rest.extend(children(part))
    return found


def _needs_members(type: Type, types: Mapping[str, m.Declaration]) -> bool:
    """Whether a typedef of this type needs a record's members: an array of it does."""
    *_, inside = wrappers = list(layers(type, types))
    if not isinstance(inside, Named) or isinstance(types[inside.name], m.PlainEnum):
        return False
    return any(isinstance(wrapper, Array) for wrapper in wrappers)
