"""A module as one language has it, where that has other names than the schema.

What writes a language asks for names and types of the module that it is given, and
knows of no others. What the schema is about, layouts and fingerprints above all, goes by
the schema's names.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from vmgen.analysis.members import Member, members_of
from vmgen.schema import model as m
from vmgen.schema.types import (
    Array,
    FnPointer,
    Named,
    Option,
    Param,
    RawPointer,
    Type,
    UnsafeCell,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.reading.source import Span

_KEYWORDS = ("struct ", "union ", "enum ")

_M = TypeVar("_M", m.Field, m.Variant, m.Slot, m.Region)


def bare(name: str) -> str:
    """A name without the keyword that C may have before it."""
    for keyword in _KEYWORDS:
        name = name.removeprefix(keyword)
    return name


def keyword_of(declared: m.Declaration) -> str:
    """The keyword without which C doesn't know a type's name; empty where there is none."""
    text = declared.called.c.text if declared.called.c else ""
    return text.partition(" ")[0] if " " in text else ""


def name_in(thing: m.Declaration | m.Constant | Member, language: str) -> str:
    """What a language calls something."""
    word = thing.called.by(language)
    return bare(word.text) if word else thing.name


def names_compiled(thing: m.Declaration | m.Constant | Member) -> list[str]:
    """What compilers know something by: its names in C and in Rust."""
    called = (name_in(thing, language) for language in ("c", "rust"))
    return list(dict.fromkeys(called))


def is_renamed(module: m.Module, language: str) -> bool:
    """Whether a language has another name for anything of a module."""
    return any(one.called.by(language) for one in _things(module))


def _things(module: m.Module) -> Iterator[m.Declaration | m.Constant | Member]:
    yield from module.constants.values()
    for declared in module.types.values():
        yield declared
        yield from members_of(declared)


def module_in(module: m.Module, language: str) -> m.Module:
    """The module with a language's names, in the order of the schema's; the same one where
    all are the schema's. No two types or constants may have one name there."""
    return (
        _Renaming(module, language).made() if is_renamed(module, language) else module
    )


class _Renaming:
    def __init__(self, module: m.Module, language: str) -> None:
        self._module = module
        self._language = language
        self._names: dict[str, str] = {
            name: name_in(one, language)
            for things in (module.types, module.constants)
            for name, one in things.items()
        }
        self._types: dict[Type, Type] = {}

    def made(self) -> m.Module:
        module, names = self._module, self._names
        types = {names[n]: self._declared(d) for n, d in module.types.items()}
        constants = {
            names[n]: self._constant(constant)
            for n, constant in module.constants.items()
        }
        used = {names[name]: other for name, other in module.used.items()}
        return replace(
            module,
            types=MappingProxyType(types),
            constants=MappingProxyType(constants),
            used=MappingProxyType(used),
        )

    def _constant(self, constant: m.Constant) -> m.Constant:
        bit_of = constant.bit_of
        if bit_of is not None:
            record, dot, path = bit_of.text.partition(".")
            text = f"{self._names.get(record, record)}{dot}{path}"
            bit_of = m.Word(text, bit_of.span)
        name, span = self._named(constant)
        return replace(constant, name=name, span=span, bit_of=bit_of)

    def _named(self, thing: m.Declaration | m.Constant | Member) -> tuple[str, Span]:
        word = thing.called.by(self._language)
        return name_in(thing, self._language), word.span if word else thing.span

    def _member(self, member: _M) -> _M:
        name, span = self._named(member)
        return replace(member, name=name, span=span)

    def _declared(self, declared: m.Declaration) -> m.Declaration:
        name, span = self._named(declared)
        declared = replace(declared, name=name, span=span)
        match declared:
            case m.Struct(fields=fields) | m.Union(fields=fields):
                return replace(declared, fields=self._fields(fields))
            case m.PlainEnum(variants=variants) | m.TaggedEnum(variants=variants):
                made = tuple([self._variant(variant) for variant in variants])
                return replace(declared, variants=made)
            case m.Newtype(of=of):
                text = self._text(of)
                return replace(declared, of=text, inner=text.type)
            case m.Functions(slots=slots):
                return replace(declared, slots=tuple([self._slot(s) for s in slots]))
            case m.Context(fields=fields, regions=regions, counts=counts):
                return replace(
                    declared,
                    fields=self._fields(fields),
                    regions=tuple([self._region(region) for region in regions]),
                    counts=tuple([self._count(count) for count in counts]),
                )
            case _:
                return declared

    def _fields(self, fields: Sequence[m.Field]) -> tuple[m.Field, ...]:
        return tuple(
            [
                replace(
                    self._member(field),
                    text=self._text(field.text),
                    value=self._names.get(field.value or "", field.value),
                    accessors=self._accessors(field.accessors),
                )
                for field in fields
            ]
        )

    def _accessors(
        self, accessors: tuple[m.Accessor, ...] | None
    ) -> tuple[m.Accessor, ...] | None:
        if not accessors:
            return accessors
        return tuple(
            [replace(a, text=self._text(a.text) if a.text else None) for a in accessors]
        )

    def _variant(self, variant: m.Variant) -> m.Variant:
        text = self._text(variant.text) if variant.text else None
        return replace(self._member(variant), text=text)

    def _slot(self, slot: m.Slot) -> m.Slot:
        text = self._text(slot.text)
        assert isinstance(text.type, FnPointer)
        rust = slot.with_rust_types
        return replace(
            self._member(slot),
            text=text,
            signature=text.type,
            with_rust_types=self._signature(rust) if rust else None,
        )

    def _region(self, region: m.Region) -> m.Region:
        return replace(
            self._member(region),
            text=self._text(region.text),
            element=self._type(region.element),
        )

    def _count(self, count: m.Count) -> m.Count:
        index = count.index
        if index is None or index.text not in self._names:
            return count
        return replace(count, index=m.Word(self._names[index.text], index.span))

    def _text(self, text: m.TypeText) -> m.TypeText:
        return replace(text, type=self._type(text.type))

    def _type(self, type: Type) -> Type:
        made = self._types.get(type)
        if made is None:
            made = self._types[type] = self._made(type)
        return made

    def _made(self, type: Type) -> Type:
        match type:
            case Named(name, arguments):
                inside = tuple([self._type(argument) for argument in arguments])
                return Named(self._names.get(name, name), inside)
            case VmPtr(pointee):
                return VmPtr(self._type(pointee))
            case RawPointer(spelling, pointee):
                return RawPointer(spelling, self._type(pointee))
            case Option(inner):
                return Option(self._type(inner))
            case UnsafeCell(inner):
                return UnsafeCell(self._type(inner))
            case Array(element, _):
                return replace(type, element=self._type(element))
            case FnPointer():
                return self._signature(type)
            case _:
                return type

    def _signature(self, type: FnPointer) -> FnPointer:
        params = tuple([Param(p.name, self._type(p.type)) for p in type.params])
        result = self._type(type.result) if type.result is not None else None
        return FnPointer(params, result)


def names_in(module: m.Module, language: str) -> Mapping[str, str]:
    """What a language calls the types of a module, by the schema's names."""
    return {name: name_in(one, language) for name, one in module.types.items()}
