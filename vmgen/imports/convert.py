"""What was found for a target as a schema's declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.imports import names
from vmgen.imports.bits import as_fields, has_bits, unseen, without_bits
from vmgen.imports.called import TypeNames, name_in_source, names_of
from vmgen.imports.draft import (
    LAID_OUT_OTHERWISE,
    NO_NAMES,
    NO_NUMBERS,
    UNSAID,
    Declared,
    Draft,
    Kind,
    Part,
    follows,
    foreign,
    with_sentence,
)
from vmgen.imports.fitting import without_c_abi
from vmgen.imports.found import PINNED, Found, Member, Source, Variant
from vmgen.imports.generics import generic_types
from vmgen.imports.order import (
    by_value,
    function_in,
    held,
    is_open,
    is_table,
    of_any_length,
    taking,
    values_in,
)
from vmgen.imports.rewrite import rewritten
from vmgen.schema import types as t
from vmgen.targets.c_types import of_target
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def draft_of(source: Source, *, c_abi: bool = False) -> Draft:
    """The declarations of all that was asked for and what it holds by value, that behind
    the pointers of these as opaque types. With `c_abi` those of C are spelled as the profile
    of that name has room for."""
    if source.is_rust or c_abi:
        return _Conversion(source, c_abi=c_abi).run()
    return _Conversion(without_c_abi(source), c_abi=False).run()


class _Conversion:
    def __init__(self, source: Source, *, c_abi: bool) -> None:
        self._source = source
        self._target = source.target
        self._c_abi = c_abi and not source.is_rust
        self._little = TARGETS[source.target].endian == "little"
        self._signed_char = of_target(TARGETS[source.target]).signed_char
        self._order = by_value(source)
        self._generic = generic_types({key: source.types[key] for key in self._order})
        named = TypeNames(source, self._order, self._generic)
        self._names, self._in_place = named.by_key, named.in_place
        self._known = {
            source.types[key].name: name for key, name in reversed(self._names.items())
        }
        self._inside = {
            key for each in self._order for _, type in held(source.types[each])
            for key in values_in(type)
        }  # fmt: skip
        self._made: dict[str, Declared] = {}
        self._opaque: dict[str, Declared] = {}

    def run(self) -> Draft:
        for key in self._order:
            name = self._names[key]
            if name not in self._made:
                self._made[name] = self._declared(key, name)
        declared = {**self._made, **self._opaque}
        return Draft(
            (self._target,),
            declared,
            self._c_abi,
            self._source.owner,
            self._source.is_rust,
        )

    def _declared(self, key: str, name: str) -> Declared:
        found = self._source.types[key]
        generic = self._generic.get(key)
        members = taking(generic.members if generic else found.members)
        if not members and not self._source.is_rust:
            members = unseen(found)
        params = generic.params if generic else ()
        pinned = any(m.type == PINNED for m in found.members)
        ends: list[Member] = []
        if self._ends_open(key, members):
            ends = [members.pop()]
        open_ends = [m for m in members if is_open(m.type)]
        members = [m for m in members if not is_open(m.type)]
        if found.kind == "union" and members:
            # There it has no size, and any number of members may be such arrays.
            ends = [m for m in open_ends if of_any_length(m.type)]
            open_ends = [m for m in open_ends if m not in ends]
        kind = _kind(found, members)
        parts: tuple[Part, ...]
        instead: tuple[Part, ...] = ()
        if found.kind in ("enum", "tagged"):
            parts = self._variants(found.variants, name)
        elif kind == "functions":
            parts = self._slots(members)
        elif kind in ("struct", "union", "newtype"):
            whole = without_bits(members, found.size, little=self._little)
            instead = self._fields([*whole, *ends], name) if has_bits(members) else ()
            fields = as_fields(members, signed_char=self._signed_char)
            parts = self._fields([*fields, *ends], name)
            if kind == "union":
                parts = tuple(self._in_struct(part, name) for part in parts)
        else:
            parts = ()
        payload = {v.offset for v in found.variants if v.offset is not None}
        doc = found.doc
        for member in open_ends:
            doc = with_sentence(doc, follows(member.name))
        in_place = kind in ("struct", "union") and key in self._in_place
        asks = kind in ("struct", "union") and not in_place
        if parts and parts[0].bits is not None:
            # C can't align what begins with a bit-field.
            asks = False
        made = Declared(
            name=name,
            kind=kind,
            doc=doc,
            parts=parts,
            tag=found.tag,
            params=params,
            pinned=pinned and kind == "struct",
            align=found.asked if asks else None,
            rust_path=self._source.paths.get(key),
            sizes=self._here(found.size),
            # The field is aligned instead of what is in place.
            aligns=self._here(None if in_place and found.asked else found.align),
            payload=self._here(min(payload)) if payload else NO_NUMBERS,
            in_place=in_place,
            unnamed=not found.name
            or found.kind == "hidden"
            or not (found.in_c or self._source.is_rust)
            or names.is_kept_in_c(found.name),
            called=names_of(found, name, is_rust=self._source.is_rust),
            instead=instead,
        )
        if kind == "foreign":
            why = UNSAID if self._source.is_rust else LAID_OUT_OTHERWISE
            return foreign(made, found.why or why)
        return made

    def _ends_open(self, key: str, members: Sequence[Member]) -> bool:
        """Whether a record ends in an array of any length that a schema has as such."""
        found = self._source.types[key]
        if found.kind != "struct" or len(members) < 2 or found.arguments:
            return False
        last = members[-1].type
        return (
            of_any_length(last)
            and key not in self._inside
            # A record of any size has no anonymous members, nor bit-fields.
            and all(
                m.name and not is_open(m.type) and m.bits is None for m in members[:-1]
            )
        )

    def _here(self, number: int | None) -> Mapping[str, int]:
        return NO_NUMBERS if number is None else {self._target: number}

    def _called(self, source: str, name: str) -> Mapping[str, str]:
        positional = source.removeprefix("__").isdigit()
        if positional:
            return NO_NAMES
        return name_in_source(source, name, is_rust=self._source.is_rust)

    def _fields(self, members: Sequence[Member], owner: str) -> tuple[Part, ...]:
        spelled = names.distinct(
            names.field_name(m.name or "anonymous", i) for i, m in enumerate(members)
        )
        return tuple(
            self._field(member, name, owner)
            for name, member in zip(spelled, members, strict=True)
        )

    def _field(self, member: Member, name: str, owner: str) -> Part:
        type, align = member.type, member.align
        is_end = isinstance(type, t.Array) and type.length == 0
        if isinstance(type, t.Array) and is_end:
            type = type.element
        key = type.name if isinstance(type, t.Named) else None
        if key in self._in_place:
            # What has no name is aligned where it is.
            align = max(align or 0, self._source.types[key].asked or 0) or None
        place = names.words_of(member.alias) or f"{owner}{names.words_of(name)}"
        return Part(
            name,
            self._stored(type, place),
            doc=member.doc,
            offsets=self._here(member.offset),
            anonymous=not member.name and key in self._in_place,
            called={} if member.joined else self._called(member.name, name),
            align=align,
            volatile=member.volatile,
            open=is_end,
            unnamed=not member.name
            or member.joined
            or member.name in self._source.macros,
            bits=member.bits[1] if member.bits else None,
            begins=self._here(member.bits[0] % 8 if member.bits else None),
        )

    def _in_struct(self, part: Part, owner: str) -> Part:
        """A member of a union; in a struct, without a name in C, if it is a bit-field."""
        if part.bits is None:
            return part
        name = f"{part.name}_bits"
        (inner,) = names.distinct(
            [f"{owner}_{name}"], [*self._names.values(), *self._made, *self._opaque]
        )
        self._made[inner] = Declared(
            name=inner, kind="struct", parts=(part,), in_place=True, unnamed=True
        )
        return Part(
            name, t.Named(inner), anonymous=True, unnamed=True, offsets=part.offsets
        )

    def _slots(self, members: Sequence[Member]) -> tuple[Part, ...]:
        spelled = names.distinct(
            names.function_name(m.name, i) for i, m in enumerate(members)
        )
        return tuple(
            Part(
                name,
                self._spelled(function_in(member.type) or member.type),
                doc=member.doc,
                offsets=self._here(member.offset),
                called=self._called(member.name, name),
                nullable=isinstance(member.type, t.Option),
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
                doc = with_sentence(doc, f"Also called `{other}`.")
            payload = variant.payload
            type = None
            if payload is not None:
                type = self._stored(payload, f"{owner}{name}")
            # C's values have a name of their own, whatever the enum's is.
            known = name if self._source.is_rust else ""
            made.append(
                Part(
                    name,
                    type,
                    variant.value,
                    doc,
                    called=self._called(variant.name, known),
                    unnamed=variant.name in self._source.macros,
                )
            )
        return tuple(made)

    def _stored(self, type: t.Type, place: str) -> t.Type:
        """The type of what is stored. Under Wasmtime's rules no function is: its address is,
        of a type that is called after the place."""
        function = function_in(type)
        if function is None or self._c_abi:
            return self._spelled(type)
        doc = f"The code of a function `{self._spelled(function)}`."
        known = self._opaque.get(place)
        name = place
        if known is None or known.doc != doc:
            taken = [*self._names.values(), *self._opaque]
            (name,) = names.distinct([place], taken)
        self._opaque[name] = Declared(name=name, kind="opaque", doc=doc, unnamed=True)
        pointer = t.VmPtr(t.Named(name))
        return t.Option(pointer) if isinstance(type, t.Option) else pointer

    def _spelled(self, type: t.Type) -> t.Type:
        """A type with the schema's names in it."""
        return rewritten(type, self._name, names.parameter_names)

    def _name(self, named: t.Named) -> t.Type:
        key = named.name
        generic = self._generic.get(key)
        if generic is not None and key in self._names:
            arguments = tuple(self._spelled(a) for a in generic.arguments)
            return t.Named(self._names[key], arguments)
        if key not in self._names and key not in self._known:
            key = self._source.aliases.get(key, key)
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
            in_c = self._source.in_c.get(key, key)
            # An enum is no struct of which nothing is known.
            unsaid = in_c.startswith("enum ") or names.is_kept_in_c(key)
            called = NO_NAMES if unsaid else self._called(in_c, name)
            self._opaque[name] = Declared(name=name, kind="opaque", called=called)
            self._known[key] = name
        return t.Named(name)


def _kind(found: Found, members: Sequence[Member]) -> Kind:
    match found.kind:
        case "hidden":
            return "foreign"
        case "tagged":
            return "enum"
        case "struct" if is_table(found):
            return "functions"
        case "struct" | "union" if not members:
            return "foreign" if found.size else "opaque"
        case "struct" | "union" | "enum" | "newtype" | "opaque":
            return found.kind
