"""What a schema says for whoever looks into memory: where counts are, whose bits are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis import peel
from vmgen.reading.diagnostics import did_you_mean
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.schema import model as m
from vmgen.schema.types import (
    Atomic,
    CNumber,
    Int,
    Named,
    NonZero,
    Option,
    UnsafeCell,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.rules.analysis import Analysis
    from vmgen.schema.types import Type


def _fields(declared: m.Declaration | None) -> Mapping[str, m.Field]:
    """The fields of a record; a union doesn't say which of its members is meant."""
    if isinstance(declared, (m.Struct, m.Context)):
        return {field.name: field for field in declared.fields}
    return {}


def _pointee(type: Type, types: Mapping[str, m.Declaration]) -> Type:
    """What is at the end of pointers, by value below cells and newtypes."""
    seen: set[Type] = set()
    while type not in seen:
        seen.add(type)
        inside = peel.below_newtypes(type, types)
        if isinstance(inside, Option):
            inside = peel.passed(inside, types)
        if not isinstance(inside, VmPtr):
            return inside
        type = inside.pointee
    return type


def _is_integer(type: Type, types: Mapping[str, m.Declaration]) -> bool:
    inside = peel.passed(type, types)
    while isinstance(inside, UnsafeCell):
        inside = inside.inner
    return isinstance(inside, (Int, CNumber, Atomic, NonZero))


def _missing(
    name: str, declared: m.Declaration | None, where: str
) -> tuple[str, Sequence[str]]:
    known = _fields(declared)
    hints = did_you_mean(name, known)
    return f"{where} has no field `{name}`", hints


@rule("VM520", "bad-stored", "A place of a count that is none.")
def bad_stored(analysis: Analysis) -> Iterator[Finding]:
    """`stored` says where a context's count can be read: a path of fields, from one of the
    context's own on, through records and what pointers lead to, to an integer. Whoever
    looks into memory (`vmgen inspect`) reads it there.
    """
    for context in analysis.own.values():
        if not isinstance(context, m.Context):
            continue
        for count in context.counts:
            if count.stored is None:
                continue
            fault = _stored_fault(count.stored.text, context, analysis.types)
            if fault:
                message, helps = fault
                yield Finding(
                    f"`{count.name}` can't be stored there: {message}",
                    count.stored.span,
                    helps=tuple(helps),
                )


def _stored_fault(
    path: str, context: m.Context, types: Mapping[str, m.Declaration]
) -> tuple[str, Sequence[str]] | None:
    """Why a path leads to no integer, and what to do; None if it leads to one."""
    declared: m.Declaration | None = context
    where = f"`{context.name}`"
    type: Type | None = None
    for name in path.split("."):
        if type is not None:
            pointee = _pointee(type, types)
            declared = types.get(pointee.name) if isinstance(pointee, Named) else None
            where = f"`{pointee}`"
        field = _fields(declared).get(name)
        if field is None:
            return _missing(name, declared, where)
        type = field.type
    if type is None or not _is_integer(type, types):
        return f"`{path}` is `{type}`, which is no integer", ()
    return None


@rule("VM521", "bad-bit", "A constant that is a bit of nothing.")
def bad_bit(analysis: Analysis) -> Iterator[Finding]:
    """`bit_of` says of which integer field a constant is a bit, or several: whoever looks
    into memory sees the field by the names of its bits. A constant without a bit is none.
    """
    for constant in analysis.module.own_constants.values():
        if constant.bit_of is None:
            continue
        word = constant.bit_of
        name, _, path = word.text.partition(".")
        declared = analysis.types.get(name)
        field = _fields(declared).get(path)
        if declared is None:
            yield Finding(
                f"no type is named `{name}`",
                word.span,
                helps=did_you_mean(name, analysis.types),
            )
        elif field is None:
            message, helps = _missing(path, declared, f"`{name}`")
            yield Finding(message, word.span, helps=tuple(helps))
        elif not _is_integer(field.type, analysis.types):
            yield Finding(
                f"`{word.text}` is `{field.type}`, which is no integer", word.span
            )
        elif not constant.value:
            yield Finding(f"`{constant.name}` is 0, which has no bit", word.span)
