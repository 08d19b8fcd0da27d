"""What was found for a target as a schema's declarations."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from vmgen.imports import names
from vmgen.imports.bits import without_bits
from vmgen.imports.draft import NO_NUMBERS, Declared, Draft, Kind, Part, foreign
from vmgen.imports.found import PINNED, Found, Member, Source, Variant
from vmgen.imports.generics import generic_types
from vmgen.imports.rewrite import rewritten
from vmgen.schema import types as t
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def draft_of(source: Source) -> Draft:
    """The declarations of all that was asked for and what it holds by value, that behind
    the pointers of these as opaque types."""
    return _Conversion(source).run()


class _Conversion:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._target = source.target
        self._little = TARGETS[source.target].endian == "little"
        self._order = _by_value(source)
        self._generic = generic_types({key: source.types[key] for key in self._order})
        self._in_place = self._declared_in_place()
        self._names = self._named()
        self._known = {
            source.types[key].name: name for key, name in reversed(self._names.items())
        }
        self._made: dict[str, Declared] = {}
        self._opaque: dict[str, Declared] = {}

    def run(self) -> Draft:
        for key in self._order:
            name = self._names[key]
            if name not in self._made:
                self._made[name] = self._declared(key, name)
        return Draft((self._target,), {**self._made, **self._opaque})

    def _named(self) -> dict[str, str]:
        """The names of the types, by their keys. Instances of one generic type share
        theirs; a type without a name is called after whatever holds it."""
        wanted: dict[str, str] = {}
        holders = self._holders()
        for key in reversed(self._order):
            found = self._source.types[key]
            name = names.type_name(found.name)
            if not name:
                owner, member = holders.get(key, ("", "Anonymous"))
                name = wanted.get(owner, "")
                name += names.type_name(member or "anonymous")
                if key in self._in_place:
                    # What a schema calls it that says nothing else.
                    field = names.field_name(member or "anonymous", 0).lstrip("_")
                    name = f"{wanted.get(owner, '')}_{field}"
            elif key in self._source.paths:
                name = _with_module(self._source.paths[key], name, self._source.paths)
            elif found.arguments and key not in self._generic:
                about = [names.type_name(_word(of)) for _, of in found.arguments]
                name += "".join(about)
            wanted[key] = name
        unique: dict[str, str] = {}
        taken: list[str] = []
        for key in self._order:
            generic = self._generic.get(key)
            if generic is not None and generic.first in unique:
                unique[key] = unique[generic.first]
                continue
            (unique[key],) = names.distinct([wanted[key]], taken)
            taken.append(unique[key])
        return unique

    def _holders(self) -> dict[str, tuple[str, str]]:
        """What holds each type by value first: its key and the member's name."""
        holders: dict[str, tuple[str, str]] = {}
        for key in self._order:
            for name, type in _held(self._source.types[key]):
                for inside in _values_in(type):
                    holders.setdefault(inside, (key, name))
        return holders

    def _declared_in_place(self) -> set[str]:
        """The keys of structs and unions without a name of which one member is, of a struct
        or a union in C."""
        if not self._source.flat:
            return set()
        types = self._source.types
        held = [(types[key].kind, type) for key in self._order
                for _, type in _held(types[key])]  # fmt: skip
        inside = Counter(key for _, type in held for key in _values_in(type))
        records = [type for kind, type in held if kind in ("struct", "union")]
        named = {type.name for type in records if isinstance(type, t.Named)}
        once = {key for key in named if inside[key] == 1 and key in types}
        return {key for key in once if not types[key].name}

    def _declared(self, key: str, name: str) -> Declared:
        found = self._source.types[key]
        generic = self._generic.get(key)
        members = generic.members if generic else found.members
        params = generic.params if generic else ()
        pinned = any(m.type == PINNED for m in members)
        taking = [m for m in members if not isinstance(m.type, (t.Unit, t.RustLayout))
                  or isinstance(m.type, t.Parameter)]  # fmt: skip
        open_end = [m for m in taking if _is_open(m.type)]
        taking = [m for m in taking if not _is_open(m.type)]
        kind = _kind(found, taking)
        parts: tuple[Part, ...]
        if found.kind in ("enum", "tagged"):
            parts = self._variants(found.variants, name)
        elif kind == "functions":
            parts = self._slots(taking)
        elif kind in ("struct", "union", "newtype"):
            plain = without_bits(taking, found.size, little=self._little)
            parts = self._fields(plain, name)
        else:
            parts = ()
        payload = {v.offset for v in found.variants if v.offset is not None}
        doc = found.doc
        if open_end:
            doc = _with_sentence(doc, f"What C calls `{open_end[0].name}` follows.")
        made = Declared(
            name=name,
            kind=kind,
            doc=doc,
            parts=parts,
            tag=found.tag,
            params=params,
            pinned=pinned and kind == "struct",
            align=found.asked if kind in ("struct", "union") else None,
            rust_path=self._path(key, name),
            sizes=self._here(found.size),
            aligns=self._here(found.align),
            payload=self._here(min(payload)) if payload else NO_NUMBERS,
            in_place=kind in ("struct", "union") and key in self._in_place,
        )
        return foreign(made) if kind == "foreign" else made

    def _path(self, key: str, name: str) -> str | None:
        """The path under which a binary has a type, where its name doesn't tell that."""
        found = self._source.types[key]
        if (
            self._source.flat
            and found.name not in ("", name)
            and found.kind != "hidden"
        ):
            return found.name
        return self._source.paths.get(key)

    def _here(self, number: int | None) -> Mapping[str, int]:
        return NO_NUMBERS if number is None else {self._target: number}

    def _fields(self, members: Sequence[Member], owner: str) -> tuple[Part, ...]:
        spelled = names.distinct(
            names.field_name(m.name or "anonymous", i) for i, m in enumerate(members)
        )
        return tuple(
            Part(
                name,
                self._stored(
                    member.type,
                    names.type_name(member.alias) or f"{owner}{names.type_name(name)}",
                ),
                doc=member.doc,
                offsets=self._here(member.offset),
                anonymous=not member.name
                and isinstance(member.type, t.Named)
                and member.type.name in self._in_place,
            )
            for name, member in zip(spelled, members, strict=True)
        )

    def _slots(self, members: Sequence[Member]) -> tuple[Part, ...]:
        spelled = names.distinct(
            names.function_name(m.name, i) for i, m in enumerate(members)
        )
        return tuple(
            Part(
                name,
                self._spelled(_function_in(member.type) or member.type),
                doc=member.doc,
                offsets=self._here(member.offset),
            )
            for name, member in zip(spelled, members, strict=True)
        )

    def _variants(self, variants: Sequence[Variant], owner: str) -> tuple[Part, ...]:
        first: dict[int, Variant] = {}
        also: dict[int, list[str]] = {}
        for variant in variants:
            if variant.value in first:
                also.setdefault(variant.value, []).append(variant.name)
            else:
                first[variant.value] = variant
        spelled = names.variant_names([v.name for v in first.values()])
        made = []
        for name, variant in zip(spelled, first.values(), strict=True):
            doc = variant.doc
            for other in also.get(variant.value, ()):
                doc = _with_sentence(doc, f"Also called `{other}`.")
            payload = variant.payload
            type = None
            if payload is not None:
                type = self._stored(payload, f"{owner}{name}")
            made.append(Part(name, type, variant.value, doc))
        return tuple(made)

    def _stored(self, type: t.Type, place: str) -> t.Type:
        """The type of what is stored. No function is: its address is, of a type that is
        called after the place."""
        function = _function_in(type)
        if function is None:
            return self._spelled(type)
        doc = f"The code of a function `{self._spelled(function)}`."
        known = self._opaque.get(place)
        name = place
        if known is None or known.doc != doc:
            taken = [*self._names.values(), *self._opaque]
            (name,) = names.distinct([place], taken)
        self._opaque[name] = Declared(name=name, kind="opaque", doc=doc)
        pointer = t.VmPtr(t.Named(name))
        return t.Option(pointer) if isinstance(type, t.Option) else pointer

    def _spelled(self, type: t.Type) -> t.Type:
        """A type with the schema's names in it."""
        return rewritten(type, self._name)

    def _name(self, named: t.Named) -> t.Type:
        key = named.name
        generic = self._generic.get(key)
        if generic is not None and key in self._names:
            arguments = tuple(self._spelled(a) for a in generic.arguments)
            return t.Named(self._names[key], arguments)
        known = self._names.get(key) or self._known.get(key)
        if known is not None:
            other = next((k for k, n in self._names.items() if n == known), key)
            if other in self._generic:
                arguments = tuple(t.Unit() for _ in self._generic[other].arguments)
                return t.Named(known, arguments)
            return t.Named(known)
        name = names.type_name(key)
        if not name:
            return t.Unit()
        if name not in self._opaque:
            (name,) = names.distinct([name], [*self._names.values(), *self._opaque])
            self._opaque[name] = Declared(name=name, kind="opaque")
            self._known[key] = name
        return t.Named(name)


def _kind(found: Found, members: Sequence[Member]) -> Kind:
    match found.kind:
        case "hidden":
            return "foreign"
        case "tagged":
            return "enum"
        case "struct" if members and all(_function_in(m.type) for m in members):
            return "functions"
        case "struct" | "union" if not members:
            return "foreign" if found.size else "opaque"
        case "struct" | "union" | "enum" | "newtype" | "opaque":
            return found.kind


def _by_value(source: Source) -> list[str]:
    """The keys of what was asked for, each behind what it holds by value."""
    order: list[str] = []
    seen: set[str] = set()

    def visit(key: str) -> None:
        if key in seen or key not in source.types:
            return
        seen.add(key)
        for _, type in _held(source.types[key]):
            for inside in _values_in(type):
                visit(inside)
        order.append(key)

    for key in source.wanted:
        visit(key)
    return order


def _held(found: Found) -> list[tuple[str, t.Type]]:
    """What a type holds by value, with the names of the parts."""
    held = [(m.name, m.type) for m in found.members]
    return held + [(v.name, v.payload) for v in found.variants if v.payload is not None]


def _values_in(type: t.Type) -> list[str]:
    """The keys of what a type holds or a function passes by value."""
    match type:
        case t.Named(name):
            return [name]
        case t.VmPtr() | t.RawPointer():
            return []
        case _:
            return [key for part in t.children(type) for key in _values_in(part)]


def _function_in(type: t.Type) -> t.FnPointer | None:
    """The function that a type is the address of."""
    inside = type.inner if isinstance(type, (t.Option, t.UnsafeCell)) else type
    return inside if isinstance(inside, t.FnPointer) else None


def _is_open(type: t.Type) -> bool:
    """Whether it is an array that takes no room: C's way to say that more follows."""
    return isinstance(type, t.Array) and (type.length == 0 or _is_open(type.element))


def _with_sentence(doc: str, sentence: str) -> str:
    return f"{doc}\n\n{sentence}" if doc else sentence


def _with_module(path: str, name: str, paths: Mapping[str, str]) -> str:
    """A name that a binary has several of: with as much of its path as tells it apart."""
    words = path.split("::")[:-1]
    last = path.rpartition("::")[2]
    others = [
        other.split("::")[:-1]
        for other in paths.values()
        if other != path and other.rpartition("::")[2] == last
    ]
    if not words or not others:
        return name
    for number in range(1, len(words) + 1):
        if all(other[-number:] != words[-number:] for other in others):
            return "".join(names.type_name(w) for w in words[-number:]) + name
    return name


def _word(type: t.Type) -> str:
    """One word for a type that a generic one is about."""
    inside = type
    while t.children(inside):
        inside = t.children(inside)[0]
    word = str(inside)
    return word.partition("#")[0] if word.replace("#", "").isalnum() else "Unit"
