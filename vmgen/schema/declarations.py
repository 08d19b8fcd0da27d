"""Building declarations, one function per kind."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vmgen.reading.source import Mapping, Node, Scalar, Sequence, members
from vmgen.schema import model as m
from vmgen.schema.allowing import allows_of
from vmgen.schema.built_in import is_built_in
from vmgen.schema.contexts import build_context
from vmgen.schema.flexible import build_flexible, flexible, refuse_before_the_end
from vmgen.schema.in_place import refuse_open_alone
from vmgen.schema.members import (
    NO_NAMES,
    access_of,
    build_fields,
    build_variants,
    called_of,
    common,
    fields_of,
    number_of,
    packing,
    rust_item_of,
    span_of,
)
from vmgen.schema.on_keys import condition_of
from vmgen.schema.rusttype import parse_rust_type
from vmgen.schema.symbols import former_names, text_of
from vmgen.schema.types import FnPointer, Int, Param
from vmgen.schema.values import number, point

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from collections.abc import Mapping as ReadOnly

    from vmgen.reading.source import Span
    from vmgen.schema.references import References


def build_declaration(
    refs: References, key: Scalar, node: Mapping
) -> m.Declaration | None:
    """One entry of `types`; None after a reported fault. What it has in place is in
    `refs.in_place` then."""
    derive = rust_item_of(node).derive
    copied = text_of(node.get("copy")) == "true"
    refs.owner = m.Owner(key.value, copied, derive, allows_of(node))
    refs.in_place = []
    return BUILDERS[text_of(node["kind"])](refs, key, node)


def build_struct(refs: References, key: Scalar, node: Mapping) -> m.Declaration | None:
    last = flexible(node)
    if last is not None:
        return build_flexible(refs, key, node, last)
    params = _parameters(refs, node.get("params"))
    refs.parameters = frozenset(params)
    listed = [*members(node.get("fields"))]
    early = [one for one in listed[:-1] if not refuse_before_the_end(refs, one)]
    fields = fields_of(refs, [*early, *listed[-1:]])
    refs.parameters = frozenset()
    if text_of(node.get("prefix")) == "true":
        _refuse_whole(refs, key.value, node)
    return m.Struct(
        **common(key, node),
        fields=fields,
        params=params,
        align=number_of(node, "align"),
        packed=packing(node),
        copy=text_of(node.get("copy")) == "true",
        max_offset=number_of(node, "max_offset"),
        pinned=_said(node, "pinned"),
        prefix=_said(node, "prefix"),
    )


_OF_ALL = ("align", "copy", "expect_size", "expect_align")


def _refuse_whole(refs: References, name: str, node: Mapping) -> None:
    """Report what is said of all of a record of which a prefix is described."""
    listed = node.get("derive")
    derived = listed.items if isinstance(listed, Sequence) else []
    places = [(key, node.entries[key].span) for key in _OF_ALL if key in node.entries]
    places += [
        (f"derive: [{text_of(trait)}]", point(trait))
        for trait in derived
        if text_of(trait) != "Debug"
    ]
    for key, span in places:
        refs.report.add(
            "VM281",
            f"`{key}` is about all of `{name}`, of which only a prefix is described",
            span,
            helps=(f"leave `{key}` out, or describe all of it",),
        )


def _said(node: Mapping, key: str) -> Span | None:
    """Where a key is that is `true`; None where it isn't."""
    return node.entries[key].span if text_of(node.get(key)) == "true" else None


def _parameters(refs: References, node: Node | None) -> tuple[str, ...]:
    """The parameters of a generic record, without those that mean something else."""
    found: list[str] = []
    for item in node.items if isinstance(node, Sequence) else ():
        name = text_of(item)
        what = "a parameter already" if name in found else ""
        if name in refs.declared or is_built_in(name):
            what = "a type already"
        if what:
            refs.report.add(
                "VM053",
                f"`{name}` is {what}",
                item.span,
                helps=("choose another name",),
            )
        else:
            found.append(name)
    return tuple(found)


def build_union(refs: References, key: Scalar, node: Mapping) -> m.Declaration:
    refs.in_union = True
    fields = build_fields(refs, node.get("fields"))
    refs.in_union = False
    refuse_open_alone(refs, key, fields)
    return m.Union(
        **common(key, node),
        fields=fields,
        align=number_of(node, "align"),
        accessors=text_of(node.get("accessors")) == "true",
        packed=packing(node),
    )


def build_enum(refs: References, key: Scalar, node: Mapping) -> m.Declaration:
    tag = Int(text_of(node.get("tag")))
    variants = tuple(build_variants(refs, node["variants"]))
    kind = m.TaggedEnum if any(v.text for v in variants) else m.PlainEnum
    trusted = text_of(node.get("trusted"))
    return kind(**common(key, node), tag=tag, variants=variants, trusted=trusted)


def build_newtype(refs: References, key: Scalar, node: Mapping) -> m.Declaration | None:
    text = refs.type(node["of"])
    if text is None:
        return None
    return m.Newtype(**common(key, node), of=text, inner=text.type)


def build_opaque(refs: References, key: Scalar, node: Mapping) -> m.Declaration:
    return m.Opaque(**common(key, node))


def build_functions(refs: References, key: Scalar, node: Mapping) -> m.Declaration:
    slots = []
    for_all = _other_types(refs, node)
    for name in members(node["functions"]):
        value = name.node
        doc, allow, was, enabled = "", m.NO_ALLOWS, NO_NAMES, True
        in_rust = m.PLAIN_ITEM
        others: tuple[m.OtherType, ...] = ()
        result: m.TypeText | None = None
        called = m.AS_IN_SCHEMA
        nullable = False
        signature: Node = value
        if isinstance(value, Mapping):
            signature = value["signature"]
            doc = text_of(value.get("doc"))
            allow = allows_of(value)
            was = former_names(value)
            in_rust = rust_item_of(value)
            others = _other_types(refs, value)
            if "rust_result" in value.entries:
                result = refs.type(value["rust_result"])
            called = called_of(value)
            nullable = text_of(value.get("nullable")) == "true"
            enabled = refs.enabled(value)
        text = refs.type(signature, signature=True)
        if text is not None and enabled:
            assert isinstance(text.type, FnPointer)
            slots.append(
                m.Slot(
                    name.value,
                    name.span,
                    text.type,
                    text,
                    doc,
                    allow,
                    was,
                    in_rust,
                    others,
                    result,
                    _with_rust_types(text.type, (*for_all, *others), result),
                    called,
                    nullable,
                )
            )
    return m.Functions(
        **common(key, node),
        slots=tuple(slots),
        rust_types=for_all,
        access=access_of(node),
        access_span=span_of(node, "access"),
    )


def _other_types(refs: References, node: Mapping) -> tuple[m.OtherType, ...]:
    """What types of signatures are in Rust."""
    found = node.get("rust_types")
    if not isinstance(found, Mapping):
        return ()
    pairs = [(refs.type(key), refs.type(value)) for key, value in found]
    return tuple(m.OtherType(a, b) for a, b in pairs if a and b)


def _with_rust_types(
    signature: FnPointer, others: tuple[m.OtherType, ...], result: m.TypeText | None
) -> FnPointer | None:
    """A signature in Rust, if it is another there. The last of the types wins, which is
    the slot's own."""
    if not others and result is None:
        return None
    rust = {other.type.type: other.rust.type for other in others}
    given = signature.result
    if given is not None:
        given = result.type if result else rust.get(given, given)
    return FnPointer(
        tuple(Param(p.name, rust.get(p.type, p.type)) for p in signature.params), given
    )


def build_foreign(refs: References, key: Scalar, node: Mapping) -> m.Declaration:
    rust = node.get("rust")
    written = rust if isinstance(rust, Scalar) else None
    name = text_of(node.get("c"))
    here: dict[str, Any] = {
        **common(key, node),
        "rust": parse_rust_type(written.value) if written else None,
        "rust_node": written,
        "copy": text_of(node.get("copy")) == "true",
        "c": m.CType(name, text_of(node.get("c_header"))) if name else None,
        "vm_safe": text_of(node.get("vm_safe")) != "false",
    }
    _refuse_alone(refs, node, "c_header", "c")
    _refuse_alone(refs, node, "packed", "fields")
    fields, size, align = node.get("fields"), node.get("size"), node.get("align")
    if fields is None:
        assert size is not None
        assert align is not None
        cases = tuple(_cases(node.get("on_targets")))
        return m.Foreign(
            **here, size=_per_width(size), align=_per_width(align), cases=cases
        )
    _refuse_cases(refs, node)
    return m.ForeignRecord(
        **here,
        fields=build_fields(refs, fields),
        align=number(align) if align is not None else None,
        packed=packing(node),
        size=_measure(size),
        least_align=_measure(align),
    )


def _refuse_alone(refs: References, node: Mapping, key: str, needed: str) -> None:
    """Report a key that says nothing without another one."""
    entry = node.entries.get(key)
    if entry is not None and needed not in node.entries:
        refs.report.add(
            "VM050",
            f"`{key}` says nothing without `{needed}`",
            entry.span,
            helps=(f"add `{needed}`, or remove `{key}`",),
        )


def _cases(listed: Node | None) -> Iterator[m.ForeignCase]:
    """The sizes and alignments on some targets; conditions that say nothing are left out."""
    for node in listed.items if isinstance(listed, Sequence) else ():
        if isinstance(node, Mapping):
            on = condition_of(node.get("on"))
            size, align = number(node["size"]), number(node["align"])
            if on is not None and size is not None and align:
                yield m.ForeignCase(on, node.entries["on"].span, size, align)


def _refuse_cases(refs: References, node: Mapping) -> None:
    entry = node.entries.get("on_targets")
    if entry is not None:
        refs.report.add(
            "VM050",
            "`on_targets` says nothing beside `fields`",
            entry.span,
            helps=("write `on` at the fields that are there on some targets only",),
        )


def _measure(node: Node | None) -> m.Measure | None:
    return m.Measure(_per_width(node), point(node)) if node is not None else None


def _per_width(node: Node) -> ReadOnly[int, int]:
    if isinstance(node, Mapping):
        return MappingProxyType({int(k.value): number(v) or 0 for k, v in node})
    size = number(node) or 0
    return MappingProxyType({16: size, 32: size, 64: size})


BUILDERS: dict[str, Callable[[References, Scalar, Mapping], m.Declaration | None]] = {
    "struct": build_struct,
    "union": build_union,
    "enum": build_enum,
    "newtype": build_newtype,
    "opaque": build_opaque,
    "functions": build_functions,
    "foreign": build_foreign,
    "context": build_context,
}
"""What builds each kind, by the word that `kind` takes."""
