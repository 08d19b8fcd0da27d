"""Which profile has room for what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen.imports.found import Found, Source
from vmgen.imports.order import by_value, is_table
from vmgen.schema import types as t
from vmgen.schema.profiles import C_ABI

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.build.config import Config


def is_c_abi(config: Config) -> bool:
    """Whether a project has the profile for layouts that others own already."""
    profile = config.rules.profile
    return profile is not None and profile.name == C_ABI


def need_c_abi(sources: Sequence[Source]) -> bool:
    """Whether records of C have what Wasmtime's rules refuse: pointers that are `const`,
    addresses of functions beside other members, floats, `bool`, most atomics, and what only
    has a size."""
    return any(
        _is_refused(type, source)
        for source in sources
        if not source.is_rust
        for key in by_value(source)
        for type in _stored(source.types[key])
    )


def without_c_abi(source: Source) -> Source:
    """A source of C whose pointers are spelled as Wasmtime's rules want them."""
    types = {}
    for key, found in source.types.items():
        members = tuple(replace(m, type=_exposed(m.type)) for m in found.members)
        types[key] = replace(found, members=members)
    return replace(source, types=types)


def _stored(found: Found) -> Iterator[t.Type]:
    if not is_table(found):
        yield from (member.type for member in found.members)


def _is_refused(type: t.Type, source: Source) -> bool:
    match type:
        case t.Named(name):
            found = source.types.get(name)
            return found is not None and found.kind == "hidden"
        case t.RawPointer(spelling):
            return spelling == "*const"
        case t.Primitive() | t.FnPointer():
            return True
        case t.CNumber():
            return type.is_float
        case t.Atomic(name):
            return name not in ("AtomicU64", "AtomicUsize")
        case t.Array(inside) | t.Option(inside) | t.UnsafeCell(inside):
            return _is_refused(inside, source)
        case _:
            return False


def _exposed(type: t.Type) -> t.Type:
    match type:
        case t.RawPointer(_, pointee):
            return t.Option(t.VmPtr(_exposed(pointee)))
        case t.VmPtr(pointee):
            return t.VmPtr(_exposed(pointee))
        case t.Option(inside):
            return t.Option(_exposed(inside))
        case t.Array(inside, length):
            return t.Array(_exposed(inside), length)
        case t.FnPointer(params, result):
            return t.FnPointer(
                tuple(t.Param(p.name, _exposed(p.type)) for p in params),
                _exposed(result) if result is not None else None,
            )
        case _:
            return type
