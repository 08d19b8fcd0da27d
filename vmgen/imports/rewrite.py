"""Types with other types in the places of those that have a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Callable


def rewritten(type: t.Type, name: Callable[[t.Named], t.Type]) -> t.Type:
    """A type in which `name` says what stands for each named one."""
    match type:
        case t.Named():
            return name(type)
        case t.VmPtr(pointee):
            return t.VmPtr(rewritten(pointee, name))
        case t.RawPointer(spelling, pointee):
            return t.RawPointer(spelling, rewritten(pointee, name))
        case t.Option(inner):
            return t.Option(rewritten(inner, name))
        case t.UnsafeCell(inner):
            return t.UnsafeCell(rewritten(inner, name))
        case t.Array(element, length):
            return t.Array(rewritten(element, name), length)
        case t.FnPointer(params, result):
            return t.FnPointer(
                tuple(t.Param(p.name, rewritten(p.type, name)) for p in params),
                rewritten(result, name) if result is not None else None,
            )
        case _:
            return type
