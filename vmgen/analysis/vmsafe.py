"""Which parts of a type VmSafe doesn't admit.

VmSafe is Wasmtime's list (`crates/wasmtime/src/runtime/vm/provenance.rs`): the
integers, `AtomicUsize` and `AtomicU64`, `VmPtr<T>` and `Option<VmPtr<T>>` of a sized
VmSafe `T`, and what is composed of those with a defined layout. `vmgen.rules.vmsafe`
and `vmgen.rules.signatures` say each refusal in words; emitters ask `is_vm_safe`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from vmgen.analysis.order import embedded
from vmgen.analysis.peel import below_names, below_newtypes
from vmgen.schema import model as m
from vmgen.schema.types import (
    Array,
    Atomic,
    CNumber,
    FnPointer,
    Int,
    Named,
    NonZero,
    Option,
    Parameter,
    Primitive,
    RawPointer,
    RustLayout,
    Type,
    Unit,
    UnsafeCell,
    Vector,
    VmPtr,
    children,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

Place = Literal["value", "pointee", "argument"]
"""Where a type stands: stored in a record, behind a pointer, or in a signature."""

SAFE_ATOMICS = frozenset({"AtomicUsize", "AtomicU64"})


class Misuse(msgspec.Struct, frozen=True):
    """A part of a type that the rule `code` refuses.

    `path` leads to the part: its position in `children` at each step, which is also
    its position in `Spelled.parts`. `defined` says whether the bindings could have it
    all the same, because Rust defines its layout; `optional` whether it stands directly in an `Option`.
    """

    code: str
    part: Type
    path: tuple[int, ...]
    defined: bool = True
    optional: bool = False


NOTHING: frozenset[str] = frozenset()


def is_vm_safe(
    type: Type, module: m.Module, not_vm_safe: frozenset[str] = NOTHING
) -> bool:
    """Whether no rule refuses `type` as a field's type, whatever is allowed."""
    return not misuses(type, module.types, not_vm_safe)


def misuses(
    type: Type,
    types: Mapping[str, m.Declaration],
    not_vm_safe: frozenset[str] = NOTHING,
) -> list[Misuse]:
    """What is wrong with `type` as the type of something stored. Of declared types those
    are VmSafe that aren't named in `not_vm_safe` and say nothing else themselves."""
    found: list[Misuse] = []
    _look(type, (), "value", types, found, not_vm_safe)
    return found


def misuses_of_signature(
    signature: FnPointer, types: Mapping[str, m.Declaration]
) -> list[Misuse]:
    """What is wrong with the parameters and the result of a function."""
    found: list[Misuse] = []
    for index, type in enumerate(children(signature)):
        if isinstance(type, RustLayout) and type.path:
            continue
        if isinstance(type, Vector):
            found.append(Misuse("VM115", type, (index,)))
        _look(type, (index,), "argument", types, found)
    return found


def _look(
    type: Type,
    path: tuple[int, ...],
    place: Place,
    types: Mapping[str, m.Declaration],
    found: list[Misuse],
    not_vm_safe: frozenset[str] = NOTHING,
) -> None:
    def refuse(code: str, *, defined: bool = True) -> None:
        found.append(Misuse(code, type, path, defined))

    match type:
        case Int():
            pass
        case CNumber():
            if type.is_float and place != "argument":
                refuse("VM103")
        case VmPtr(pointee):
            _look(pointee, (*path, 0), "pointee", types, found, not_vm_safe)
        case Named(name):
            if place == "argument" and not m.is_prefix(types.get(name)):
                _look_at_argument(type, path, types, found)
            if place != "pointee" and isinstance(
                types.get(name), (m.Opaque, m.Context)
            ):
                refuse("VM111", defined=False)
            if place != "pointee" and m.is_prefix(types.get(name)):
                refuse("VM280", defined=False)
            hidden = name in not_vm_safe or is_hidden(types.get(name))
            if place != "argument" and hidden:
                refuse("VM116")
            if type.arguments:
                _look_at_parameters(type, path, types, found, not_vm_safe)
        case Option(inner):
            _look_in_option(type, inner, path, place, types, found, not_vm_safe)
        case UnsafeCell(inner):
            inside: Place = "argument" if place == "argument" else "value"
            _look(inner, (*path, 0), inside, types, found, not_vm_safe)
        case Array(element, _):
            if place == "argument":
                refuse("VM113", defined=False)
            else:
                _look(element, (*path, 0), "value", types, found, not_vm_safe)
        case Atomic(name):
            if name not in SAFE_ATOMICS:
                refuse("VM108")
            elif place == "argument":
                refuse("VM109")
        case Primitive("char"):
            # Rust lays a char out, but has no way to pass one to C.
            refuse("VM101", defined=place != "argument")
        case Primitive(name):
            if place != "argument":
                refuse("VM103" if name.startswith("f") else "VM101")
        case Vector():
            if place != "argument":
                refuse("VM104", defined=False)
        case NonZero():
            refuse("VM106")
        case Parameter():
            if place != "pointee":
                refuse("VM245", defined=False)
        case Unit():
            if place != "pointee":
                refuse("VM112", defined=False)
        case RawPointer(_, RustLayout(unsized=True)):
            refuse("VM107", defined=False)
        case RawPointer(_, pointee):
            refuse("VM102")
            # A raw pointer can be allowed; a pointee without a spelling can't.
            behind: list[Misuse] = []
            _look(pointee, (*path, 0), "pointee", types, behind)
            found += (misuse for misuse in behind if not misuse.defined)
        case FnPointer():
            refuse("VM110")
            found += (
                msgspec.structs.replace(misuse, path=(*path, *misuse.path))
                for misuse in misuses_of_signature(type, types)
            )
        case RustLayout(unsized=unsized):
            wide = place == "pointee" and unsized
            refuse("VM107" if wide else "VM104", defined=False)


def _look_at_parameters(
    type: Named,
    path: tuple[int, ...],
    types: Mapping[str, m.Declaration],
    found: list[Misuse],
    not_vm_safe: frozenset[str],
) -> None:
    """What stands for a parameter is pointed to; by a `VmPtr` if it has to be VmSafe."""
    strict = exposes_parameter(types.get(type.name))
    for index, argument in enumerate(type.arguments):
        inside: list[Misuse] = []
        _look(argument, (*path, index), "pointee", types, inside, not_vm_safe)
        found += (misuse for misuse in inside if strict or not misuse.defined)


def exposes_parameter(declared: m.Declaration | None) -> bool:
    """Whether a generic record has a `VmPtr` to one of its parameters."""
    if not isinstance(declared, m.Struct) or not declared.params:
        return False
    return any(_exposed(field.text.type) for field in declared.fields)


def parameters_of(type: Type) -> list[Parameter]:
    """The parameters that a type mentions anywhere."""
    if isinstance(type, Parameter):
        return [type]
    return [found for part in children(type) for found in parameters_of(part)]


def pointed_to(type: Type) -> set[str]:
    """The names of the parameters that a type points to by itself. Rust doesn't count those
    that it only hands on, since a record may hand them on to itself."""
    if isinstance(type, Parameter):
        return {type.name}
    if isinstance(type, Named):
        return set()
    return set().union(*map(pointed_to, children(type)))


def _exposed(type: Type) -> bool:
    if isinstance(type, VmPtr):
        return bool(parameters_of(type.pointee))
    return any(map(_exposed, children(type)))


def is_hidden(declared: m.Declaration | None) -> bool:
    """Whether a declared type is said not to be VmSafe."""
    return isinstance(declared, (m.Foreign, m.ForeignRecord)) and not declared.vm_safe


def _look_in_option(
    option: Option,
    inner: Type,
    path: tuple[int, ...],
    place: Place,
    types: Mapping[str, m.Declaration],
    found: list[Misuse],
    not_vm_safe: frozenset[str],
) -> None:
    match inner:
        case VmPtr():
            _look(inner, (*path, 0), place, types, found, not_vm_safe)
        case (
            NonZero()
            | RustLayout()
            | FnPointer()
            | RawPointer(pointee=RustLayout(unsized=True))
            | RawPointer(spelling="NonNull" | "Box" | "&" | "&mut")
        ):
            # The refusal of what is inside says more than one of the option.
            inside: list[Misuse] = []
            _look(inner, (*path, 0), place, types, inside)
            found += (
                Misuse(i.code, i.part, i.path, i.defined, optional=True) for i in inside
            )
        case _:
            defined = _has_null_niche(inner, types)
            found.append(Misuse("VM105", option, path, defined))


def _has_null_niche(type: Type, types: Mapping[str, m.Declaration]) -> bool:
    """Whether Rust promises that `Option<type>` is laid out as `type`.

    The standard library's documentation of `Option`, "Representation", lists the
    types; `repr(transparent)` wrappers of them are among these.
    """
    match below_names(type, types):
        case VmPtr() | NonZero() | FnPointer():
            return True
        case RawPointer(_, pointee) as pointer:
            return not pointer.nullable and not isinstance(pointee, RustLayout)
        case _:
            return False


def _look_at_argument(
    type: Named,
    path: tuple[int, ...],
    types: Mapping[str, m.Declaration],
    found: list[Misuse],
) -> None:
    if wraps_scalar(type, types):
        found.append(Misuse("VM109", type, path))
    elif holds_union(type.name, types):
        found.append(Misuse("VM114", type, path))


def wraps_scalar(type: Type, types: Mapping[str, m.Declaration]) -> bool:
    """Whether `type` is a struct whose only content is one scalar.

    The C ABI may pass such a struct otherwise than the scalar: on the stack, say.
    """
    seen: set[str] = set()
    inside = below_newtypes(type, types)
    while isinstance(inside, Named):
        declared = types.get(inside.name)
        if not isinstance(declared, m.Struct) or len(declared.fields) != 1:
            return bool(seen) and isinstance(declared, m.PlainEnum)
        if inside.name in seen:
            return False
        seen.add(inside.name)
        inside = below_newtypes(declared.fields[0].text.type, types)
    return bool(seen) and not isinstance(inside, (Array, RustLayout, Unit))


def holds_union(name: str, types: Mapping[str, m.Declaration]) -> bool:
    """Whether a value of the declared type has a union in it, at any depth."""
    seen: set[str] = set()
    pending = [name]
    while pending:
        name = pending.pop()
        if name in seen or name not in types:
            continue
        seen.add(name)
        if isinstance(types[name], (m.Union, m.TaggedEnum)):
            return True
        pending.extend(embedded(types[name]))
    return False
