"""Structs and unions that are declared in place, where a field stands that is one.

Each is a declared type like others, with a name of its own: the one that is given, or that
of what holds it and of the field. Nothing else can name it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.reading.source import Mapping, Node, Scalar
from vmgen.schema import model as m
from vmgen.schema.allowing import allows_of
from vmgen.schema.symbols import former_names, text_of
from vmgen.schema.types import Named, OpenArray
from vmgen.schema.typetext import parse_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from vmgen.schema.references import References

    Build = Callable[[References, Node], tuple[m.Field, ...]]

KINDS = ("struct", "union")
"""The keys of a field whose type is declared in place."""


def kind_of(node: Mapping) -> str:
    """Which of `KINDS` a field's mapping has; empty if it has a type by name."""
    return next((kind for kind in KINDS if kind in node.entries), "")


def declare_in_place(
    refs: References, key: Scalar, node: Mapping, build: Build
) -> m.TypeText | None:
    """Declare the struct or union that a field has in place, which `refs.in_place` gets
    then; the field's type, or None after a reported fault. `build` makes fields."""
    kind = kind_of(node)
    given = node.get("name")
    named = given if isinstance(given, Scalar) else key
    owner = refs.owner
    name = named.value if named is given else f"{owner.name}_{key.value.lstrip('_')}"
    if not _is_alone(refs, node, kind) or not _is_free(refs, name, named, owner.name):
        return None
    of_field = text_of(node.get("anonymous")) == "true"
    allow = MappingProxyType({**owner.allow, **allows_of(node)})
    refs.owner = m.Owner(name, owner.copied, owner.derive, allow)
    parameters, refs.parameters = refs.parameters, frozenset()
    in_union, refs.in_union = refs.in_union, kind == "union"
    fields = build(refs, node[kind])
    refs.owner, refs.parameters, refs.in_union = owner, parameters, in_union
    if kind == "union":
        refuse_open_alone(refs, named, fields)
    was = [f"{owner.name}_{former.lstrip('_')}" for former in former_names(node)]
    place = m.InPlace(owner.name, key.value, of_field)
    declared: m.Declaration
    if kind == "struct":
        declared = m.Struct(
            name=name,
            span=named.span,
            fields=fields,
            allow=allow,
            copy=owner.copied,
            in_rust=m.RustItem(derive=owner.derive),
            was=tuple(was),
            in_place=place,
        )
    else:
        declared = m.Union(
            name=name,
            span=named.span,
            fields=fields,
            allow=allow,
            was=tuple(was),
            in_place=place,
        )
    refs.in_place.append(declared)
    return m.TypeText(Named(name), parse_type(name), named)


def refuse_open_alone(
    refs: References, union: Scalar, fields: tuple[m.Field, ...]
) -> None:
    """Report a union that has nothing but arrays of any length."""
    if fields and all(isinstance(field.type, OpenArray) for field in fields):
        refs.report.add(
            "VM282",
            f"`{union.value}` has nothing besides its array of any length",
            fields[0].span,
            notes=("C has no such union",),
            helps=("declare what else is there, or point to the elements themselves",),
        )


def _is_alone(refs: References, node: Mapping, kind: str) -> bool:
    """Whether no other key says what the field is."""
    others = [k for k in ("type", *KINDS) if k in node.entries and k != kind]
    for other in others:
        refs.report.add(
            "VM085",
            f"a field with `{kind}` has no `{other}`",
            node.entries[other].span,
            helps=("remove one of the two",),
        )
    return not others


def _is_free(refs: References, name: str, named: Scalar, owner: str) -> bool:
    taken = name in refs.declared or any(d.name == name for d in refs.in_place_before)
    if taken:
        refs.report.add(
            "VM085",
            f"what `{owner}` has in place is called `{name}`, as another type is",
            named.span,
            helps=("give it another name by `name`",),
        )
    return not taken


def refuse_alone(refs: References, node: Mapping) -> None:
    """Report keys that are about another sort of field."""
    length = node.entries.get("length")
    if length is not None:
        refs.report.add(
            "VM050",
            "`length` says nothing without an array of any length, `[T]`, at the end of a "
            "struct",
            length.span,
            helps=(
                (
                    "remove `length`"
                    if refs.in_union
                    else "remove `length`, or make the type `[T]`"
                ),
            ),
        )
    for key in ("anonymous", "name"):
        entry = node.entries.get(key)
        if entry is not None and not kind_of(node):
            refs.report.add(
                "VM050",
                f"`{key}` says nothing without `struct` or `union`",
                entry.span,
                helps=(f"remove `{key}`, or declare the type in place",),
            )
