"""Generic types of Rust's: the one declaration that several instances have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from vmgen.imports.found import Found, Member
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Mapping


class Generic(msgspec.Struct, frozen=True):
    """An instance: the key of the first one of its type, the members with parameters in
    the places of what they are about, and what stands for the parameters."""

    first: str
    params: tuple[str, ...]
    members: tuple[Member, ...]
    arguments: tuple[t.Type, ...]


def generic_types(types: Mapping[str, Found]) -> dict[str, Generic]:
    """Those instances, by key, that are alike but for what pointers lead to. A record of
    which a part is what it is about is laid out anew for each, and isn't among them."""
    families: dict[str, list[str]] = {}
    for key, found in types.items():
        if found.arguments and found.kind == "struct":
            families.setdefault(found.name, []).append(key)
    made: dict[str, Generic] = {}
    for keys in families.values():
        instances = {}
        for key in keys:
            instance = _instance(keys[0], types[key])
            if instance is not None:
                instances[key] = instance
        alike = {(i.params, i.members) for i in instances.values()}
        if len(alike) == 1 and len(instances) == len(keys):
            made |= instances
    return made


def _instance(first: str, found: Found) -> Generic | None:
    params = tuple(name for name, _ in found.arguments)
    arguments = tuple(of for _, of in found.arguments)
    if len(set(arguments)) < len(arguments):
        return None
    stands = {of: t.Parameter(name) for name, of in found.arguments}
    members = tuple(
        replace(member, type=_about(member.type, stands)) for member in found.members
    )
    pointed = {p.name for member in members for p in _parameters(member.type)}
    for name, of in found.arguments:
        # A number that is held by value, and pointed to as well, may be one by chance.
        told = isinstance(of, t.Named) or name not in pointed
        if told and any(_holds(member.type, of) for member in members):
            return None
    return Generic(first, params, members, arguments)


def _holds(type: t.Type, wanted: t.Type) -> bool:
    """Whether a type is, or has by value, the wanted one."""
    if type == wanted:
        return True
    if isinstance(type, (t.VmPtr, t.RawPointer)):
        return False
    return any(_holds(part, wanted) for part in t.children(type))


def _parameters(type: t.Type) -> list[t.Parameter]:
    if isinstance(type, t.Parameter):
        return [type]
    return [found for part in t.children(type) for found in _parameters(part)]


def _about(
    type: t.Type, stands: Mapping[t.Type, t.Parameter], *, pointee: bool = False
) -> t.Type:
    """A type with parameters where pointers lead to what stands for them."""
    if pointee and type in stands:
        return stands[type]
    match type:
        case t.VmPtr(inside):
            return t.VmPtr(_about(inside, stands, pointee=True))
        case t.RawPointer(spelling, inside):
            return t.RawPointer(spelling, _about(inside, stands, pointee=True))
        case t.Option(inside):
            return t.Option(_about(inside, stands))
        case t.UnsafeCell(inside):
            return t.UnsafeCell(_about(inside, stands))
        case t.Array(inside, length):
            return t.Array(_about(inside, stands), length)
        case _:
            return type
