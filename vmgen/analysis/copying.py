"""Which types are `Copy` in the Rust bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.peel import copied
from vmgen.schema import model as m
from vmgen.schema.types import Atomic, Named, RawPointer, Type, UnsafeCell

if TYPE_CHECKING:
    from collections.abc import Mapping


def not_copyable(type: Type, types: Mapping[str, m.Declaration]) -> Type | None:
    """The part of a type that isn't `Copy`, as its author wrote it; or None.

    Structs and foreign types are `Copy` when they say so, other types when what they
    derive says so, or else when everything in them is.
    """
    type = copied(type)
    if isinstance(type, Named):
        if not is_copy(type.name, types):
            return type
        # Rust derives it for those that are about what can be copied.
        inside = (not_copyable(argument, types) for argument in type.arguments)
        return type if any(part is not None for part in inside) else None
    return type if _never_copy(type) else None


def is_copy(name: str, types: Mapping[str, m.Declaration]) -> bool:
    """Whether a declared type is `Copy`, and everything in it that says nothing itself."""
    seen: set[str] = set()
    pending = [name]
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        held: list[Type] = []
        match types.get(name):
            case m.Struct() as struct:
                if not struct.copied or struct.prefix:
                    return False
            case m.Foreign(copy=False):
                return False
            case (
                m.Newtype() | m.Union() | m.TaggedEnum() | m.Functions()
            ) as given if (given.in_rust.derive is not None):
                if "Copy" not in given.in_rust.derives:
                    return False
            case m.Opaque() | m.Context():
                return False
            case m.Newtype(inner=inner):
                held = [inner]
            case m.Union(fields=fields):
                held = [f.text.type for f in fields]
            case m.TaggedEnum(variants=variants):
                held = [v.text.type for v in variants if v.text]
        while held:
            type = copied(held.pop())
            if isinstance(type, Named):
                pending.append(type.name)
                # Rust derives it for those that are about what can be copied.
                held += type.arguments
            elif _never_copy(type):
                return False
    return True


def _never_copy(type: Type) -> bool:
    if isinstance(type, RawPointer):
        return type.spelling in ("&mut", "Box")
    return isinstance(type, (Atomic, UnsafeCell))
