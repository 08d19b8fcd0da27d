"""What a schema calls the types that were found, and what languages call them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from vmgen.imports import names
from vmgen.imports.order import held, values_in
from vmgen.schema import types as t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vmgen.imports.found import Found, Source
    from vmgen.imports.generics import Generic


class TypeNames:
    """The names of types that were found, by their keys, in an order in which each stands
    behind what it holds by value. Instances of one generic type share theirs; a type
    without a name is called after whatever holds it."""

    def __init__(
        self, source: Source, order: Sequence[str], generic: Mapping[str, Generic]
    ) -> None:
        self._source = source
        self._order = order
        self._generic = generic
        self.in_place = self._declared_in_place()
        self.by_key = self._unique(self._wanted())

    def _wanted(self) -> dict[str, str]:
        wanted: dict[str, str] = {}
        holders = self._holders()
        for key in reversed(self._order):
            found = self._source.types[key]
            name = names.type_name(found.name)
            if not name:
                owner, member = holders.get(key, ("", "anonymous"))
                name = f"{wanted.get(owner, '')}_{member.lstrip('_')}".lstrip("_")
            elif key in self._source.paths:
                name = _with_module(self._source.paths[key], name, self._source.paths)
            elif found.arguments and key not in self._generic:
                about = [names.words_of(_word(of)) for _, of in found.arguments]
                name += "".join(about)
            wanted[key] = name
        return wanted

    def _unique(self, wanted: Mapping[str, str]) -> dict[str, str]:
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
            parts = held(self._source.types[key])
            spelled = names.distinct(
                names.field_name(name or "anonymous", i)
                for i, (name, _) in enumerate(parts)
            )
            for name, (_, type) in zip(spelled, parts, strict=True):
                for inside in values_in(type):
                    holders.setdefault(inside, (key, name))
        return holders

    def _declared_in_place(self) -> set[str]:
        """The keys of structs and unions without a name of which one member is, of a struct
        or a union in C."""
        if not self._source.flat:
            return set()
        types = self._source.types
        parts = [(types[key].kind, type) for key in self._order
                 for _, type in held(types[key])]  # fmt: skip
        inside = Counter(key for _, type in parts for key in values_in(type))
        records = [type for kind, type in parts if kind in ("struct", "union")]
        named = {type.name for type in records if isinstance(type, t.Named)}
        once = {key for key in named if inside[key] == 1 and key in types}
        return {key for key in once if not types[key].name}


def names_of(found: Found, name: str, *, is_rust: bool) -> dict[str, str]:
    """What languages call a type that the schema calls `name`, by their keys. Of one that
    the schema calls otherwise to tell it from others, nothing."""
    if found.kind == "hidden" or not found.name or found.arguments:
        return {}
    if is_rust and name != names.type_name(found.name):
        return {}
    if names.is_kept_in_c(found.name):
        return {}
    return name_in_source(found.in_c or found.name, name, is_rust=is_rust)


def name_in_source(source: str, name: str, *, is_rust: bool) -> dict[str, str]:
    """The key for what the source calls something, unless the schema calls it so too."""
    source = source.removeprefix("r#")
    if source == name or not source.replace(" ", "_").isidentifier():
        return {}
    return {"rust_name" if is_rust else "c_name": source}


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
            return "".join(names.words_of(w) for w in words[-number:]) + name
    return name


def _word(type: t.Type) -> str:
    """One word for a type that a generic one is about."""
    inside = type
    while t.children(inside):
        inside = t.children(inside)[0]
    word = str(inside)
    return word.partition("#")[0] if word.replace("#", "").isalnum() else "Unit"
