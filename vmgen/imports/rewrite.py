"""Types with other types in the places of those that have a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Callable


def rewritten(
    type: t.Type,
    name: Callable[[t.Named], t.Type],
    params: Callable[[list[str]], list[str]],
) -> t.Type:
    """A type in which `name` says what stands for each named one, and `params` what the
    parameters of a function are called."""
    match type:
        case t.Named():
            return name(type)
        case t.VmPtr(pointee):
            return t.VmPtr(rewritten(pointee, name, params))
        case t.RawPointer(spelling, pointee):
            return t.RawPointer(spelling, rewritten(pointee, name, params))
        case t.Option(inner):
            return t.Option(rewritten(inner, name, params))
        case t.UnsafeCell(inner):
            return t.UnsafeCell(rewritten(inner, name, params))
        case t.Array(element, length):
            return t.Array(rewritten(element, name, params), length)
        case t.FnPointer(taken, result):
            spelled = params([each.name for each in taken])
            return t.FnPointer(
                tuple(
                    t.Param(called, rewritten(each.type, name, params))
                    for called, each in zip(spelled, taken, strict=True)
                ),
                rewritten(result, name, params) if result is not None else None,
            )
        case _:
            return type
