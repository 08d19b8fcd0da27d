"""Building what declarations are made of: fields, variants, expectations, allows."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from vmgen.reading.source import Entry, Mapping, Node, Scalar, Sequence, members
from vmgen.schema import model as m
from vmgen.schema.allowing import allows_of
from vmgen.schema.in_place import declare_in_place, kind_of, refuse_alone
from vmgen.schema.model_accesses import NO_ACCESS
from vmgen.schema.on_keys import condition_of
from vmgen.schema.symbols import former_names, text_of
from vmgen.schema.values import number, point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vmgen.reading.source import Span
    from vmgen.schema.references import References

NO_NAMES: tuple[str, ...] = ()
_OF_COMPILERS = frozenset({"access", "alias", "atomic", "points_to"})
_USUAL_KEYS = frozenset({"kind", "doc", "fields"})
"""All that nearly every record has: nothing else needs looking for then."""


def reserved_of(node: Node | None) -> tuple[m.Reserved, ...]:
    """The names that `reserved` lists."""
    if not isinstance(node, Sequence):
        return ()
    return tuple(m.Reserved(text_of(item), item.span) for item in node.items)


def expectation(node: Node | None) -> m.Expectation | None:
    if node is None:
        return None
    if isinstance(node, Mapping):
        by_key: dict[int | str | None, int] = {}
        for key, value in node:
            width = number(key)
            by_key[key.value if width is None else width] = number(value) or 0
        return m.Expectation(MappingProxyType(by_key), point(node))
    return m.Expectation({None: number(node) or 0}, node.span)


def access_of(node: Mapping) -> frozenset[str]:
    listed = node.get("access")
    if not isinstance(listed, Sequence):
        return NO_ACCESS
    return frozenset(text_of(item) for item in listed.items)


def span_of(node: Mapping, key: str) -> Span | None:
    """Where a key stands, if it is there."""
    entry = node.entries.get(key)
    return entry.span if entry is not None else None


def _alias(node: Mapping) -> m.Alias | None:
    value = node.get("alias")
    if isinstance(value, Mapping):
        indexed = value.get("indexed")
        each = indexed is not None and text_of(indexed) == "true"
        region = word_of(value.get("region"))
        return m.Alias(
            region, span_of(value, "indexed") if each else None, point(value)
        )
    return m.Alias(word_of(value), None, value.span) if value is not None else None


def _points_to(node: Mapping) -> m.PointsTo | None:
    value = node.get("points_to")
    span = span_of(node, "points_to")
    if span is None or not isinstance(value, Mapping):
        return None
    return m.PointsTo(
        span,
        _alias(value),
        access_of(value),
        span_of(value, "access"),
        word_of(value.get("atomic")),
        word_of(value.get("bytes")),
    )


def for_compilers(node: Mapping) -> dict[str, Any]:
    """The arguments of a field or a region that are about loads and stores."""
    if _OF_COMPILERS.isdisjoint(node.entries):
        return {}
    return {
        "access": access_of(node),
        "alias": _alias(node),
        "atomic": word_of(node.get("atomic")),
        "points_to": _points_to(node),
        "access_span": span_of(node, "access"),
    }


def build_fields(refs: References, node: Node | None) -> tuple[m.Field, ...]:
    return fields_of(refs, members(node))


def fields_of(refs: References, entries: Iterable[Entry]) -> tuple[m.Field, ...]:
    """The fields that some entries of a mapping or a list are."""
    made = []
    for entry in entries:
        value = entry.node
        if isinstance(value, Mapping):
            field = build_long_field(refs, entry, value)
        else:
            text = refs.type(value)
            field = m.Field(entry.value, entry.span, text) if text else None
        if field is not None:
            made.append(field)
    return tuple(made)


def build_long_field(refs: References, key: Scalar, node: Mapping) -> m.Field | None:
    doc = node.entries.get("doc")
    in_place = kind_of(node)
    if len(node.entries) == (1 if doc is None else 2) and not in_place:
        # A type, perhaps a doc, and nothing else to look for: so is nearly every field.
        text = refs.type(node.entries["type"].node)
        words = text_of(doc.node) if doc else ""
        return m.Field(key.value, key.span, text, words) if text else None
    enabled = refs.enabled(node)
    refuse_alone(refs, node)
    if in_place:
        text = declare_in_place(refs, key, node, build_fields) if enabled else None
    else:
        text = refs.type(node["type"])
    constant = refs.constant(node.get("value"))
    if text is None or not enabled:
        return None
    on = condition_of(node.get("on"))
    return m.Field(
        name=key.value,
        span=key.span,
        text=text,
        doc=text_of(node.get("doc")),
        **for_compilers(node),
        volatile=(
            span_of(node, "volatile")
            if text_of(node.get("volatile")) == "true"
            else None
        ),
        endian="little" if text_of(node.get("endian")) == "little" else "native",
        expect_offset=expectation(node.get("expect_offset")),
        value=constant.name if constant else None,
        allow=allows_of(node),
        in_rust=rust_item_of(node),
        was=former_names(node),
        called=called_of(node),
        anonymous=text_of(node.get("anonymous")) == "true",
        accessors=_accessors_of(refs, node.get("accessors")),
        on=on,
        on_span=span_of(node, "on") if on else None,
        align=given(node, "align"),
        bits=given(node, "bits"),
    )


def _accessors_of(refs: References, node: Node | None) -> tuple[m.Accessor, ...] | None:
    """What a member of a union has instead of the accessor of its name."""
    if not isinstance(node, Mapping):
        return None
    typed = ((key, refs.type(value)) for key, value in node)
    return tuple(m.Accessor(key.value, key.span, text) for key, text in typed if text)


def build_variants(refs: References, node: Node) -> Iterator[m.Variant]:
    following = 0
    for key in members(node):
        value = key.node
        text = None
        doc = ""
        given: int | None = None
        allow = m.NO_ALLOWS
        was = NO_NAMES
        in_rust = m.PLAIN_ITEM
        called = m.AS_IN_SCHEMA
        enabled = True
        if isinstance(value, Mapping):
            enabled = refs.enabled(value)
            typed = value.get("type")
            if typed is not None:
                text = refs.type(typed)
                enabled = enabled and text is not None
            given = discriminant_of(refs, value.get("value"))
            doc = text_of(value.get("doc"))
            allow = allows_of(value)
            was = former_names(value)
            in_rust = rust_item_of(value)
            called = called_of(value)
        else:
            assert isinstance(value, Scalar)
            given = number(value)
            if given is None and not value.is_null:
                text = refs.type(value)
                enabled = text is not None
        discriminant = following if given is None else given
        following = discriminant + 1
        if enabled:
            yield m.Variant(
                key.value,
                key.span,
                discriminant,
                text,
                doc,
                allow,
                was,
                in_rust,
                called,
            )


def discriminant_of(refs: References, node: Node | None) -> int | None:
    if node is None:
        return None
    value = number(node)
    if value is not None:
        return value
    constant = refs.constant(node)
    return constant.value if constant else None


def word_of(node: Node | None) -> m.Word | None:
    return m.Word(node.value, node.span) if isinstance(node, Scalar) else None


_CALLED = ("c_name", "rust_name", "python_name")


def called_of(node: Mapping) -> m.Called:
    """The names that languages have for something."""
    if node.entries.keys().isdisjoint(_CALLED):
        return m.AS_IN_SCHEMA
    return m.Called(*[word_of(node.get(key)) for key in _CALLED])


def number_of(node: Mapping, key: str) -> int | None:
    value = node.get(key)
    return number(value) if value is not None else None


def given(node: Mapping, key: str) -> m.Given | None:
    """The number that a key has, at its place."""
    value = node.get(key)
    found = number(value) if value is not None else None
    return m.Given(found, node.entries[key].span) if found is not None else None


def packing(node: Mapping) -> m.Given | None:
    """What `packed` says: the most that anything is aligned to; None without a limit."""
    if text_of(node.get("packed")) == "true":
        return m.Given(1, node.entries["packed"].span)
    return given(node, "packed")


def common(key: Scalar, node: Mapping) -> dict[str, Any]:
    """The arguments that every kind of declaration takes."""
    made = {"name": key.value, "span": key.span, "doc": text_of(node.get("doc"))}
    if node.entries.keys() <= _USUAL_KEYS:
        return made
    return {
        **made,
        "allow": allows_of(node),
        "expect_size": expectation(node.get("expect_size")),
        "expect_align": expectation(node.get("expect_align")),
        "in_rust": rust_item_of(node),
        "was": former_names(node),
        "offset_type": word_of(node.get("offset_type")),
        "rust_path": text_of(node.get("rust_path")) or None,
        "reserved": reserved_of(node.get("reserved")),
        "called": called_of(node),
    }


_OF_RUST = ("visibility", "derive", "attrs", "cfg", "field_visibility")


def rust_item_of(node: Mapping) -> m.RustItem:
    """What is said for Rust alone."""
    if node.entries.keys().isdisjoint(_OF_RUST):
        return m.PLAIN_ITEM
    return m.RustItem(
        _scalar(node.get("visibility")),
        _scalars(node.get("derive")) if "derive" in node.entries else None,
        _scalars(node.get("attrs")),
        _scalar(node.get("cfg")),
        _scalar(node.get("field_visibility")),
    )


def _scalar(node: Node | None) -> Scalar | None:
    return node if isinstance(node, Scalar) else None


def _scalars(node: Node | None) -> tuple[Scalar, ...]:
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(item for item in items if isinstance(item, Scalar))
