"""Building contexts: counts, flags, fixed fields, regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.reading.diagnostics import did_you_mean
from vmgen.reading.source import Mapping, Node, Scalar, members
from vmgen.schema import model as m
from vmgen.schema.allowing import allows_of
from vmgen.schema.members import (
    NO_NAMES,
    build_fields,
    called_of,
    common,
    for_compilers,
    number_of,
    word_of,
)
from vmgen.schema.symbols import former_names, text_of
from vmgen.schema.types import Array, Type
from vmgen.schema.typetext import parse_type
from vmgen.schema.values import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.schema.references import References


def build_context(refs: References, key: Scalar, node: Mapping) -> m.Declaration:
    refs.counts = {}
    for kind in ("counts", "flags"):
        for name, doc, was, index, stored in _names(node.get(kind)):
            if name.value in refs.counts:
                first = refs.counts[name.value].span
                refs.report.add(
                    "VM017",
                    f"the count `{name.value}` is declared twice",
                    name.span,
                    notes=(f"first declared on line {first.line}",),
                )
                continue
            refs.counts[name.value] = m.Count(
                name.value, name.span, doc, kind == "flags", was, index, stored
            )
    regions = tuple(build_regions(refs, node.get("regions")))
    fields = build_fields(refs, node.get("fields"))
    counts = tuple(refs.counts.values())
    refs.counts = {}
    return m.Context(
        **common(key, node),
        counts=counts,
        fields=fields,
        regions=regions,
        align=number_of(node, "align"),
        max_offset=number_of(node, "max_offset"),
    )


def build_regions(refs: References, node: Node | None) -> Iterator[m.Region]:
    for key in members(node):
        value = key.node
        long = value if isinstance(value, Mapping) else None
        text_node = long["type"] if long else value
        assert isinstance(text_node, Scalar)
        when = None
        if long is not None:
            when_node = long.get("when")
            if isinstance(when_node, Scalar):
                flag = refs.counts.get(when_node.value)
                if flag is not None and flag.flag:
                    when = flag.name
                elif flag is not None:
                    refs.report.add(
                        "VM009",
                        f"`{flag.name}` is a count, and `when` takes a flag",
                        when_node.span,
                        helps=("list it under `flags` instead of `counts`",),
                    )
                    continue
                elif not enabled_region(refs, when_node):
                    continue
        made = region_type(refs, text_node)
        if made is None:
            continue
        text, element, count = made
        yield m.Region(
            name=key.value,
            span=key.span,
            text=text,
            element=element,
            count=count,
            when=when,
            align=_region_align(long),
            doc=text_of(long.get("doc")) if long else "",
            allow=allows_of(long) if long else m.NO_ALLOWS,
            was=former_names(long) if long else NO_NAMES,
            called=called_of(long) if long else m.AS_IN_SCHEMA,
            **(for_compilers(long) if long else {}),
        )


def enabled_region(refs: References, when: Scalar) -> bool:
    """Whether a region's feature is enabled; a name that is no feature is
    looked for among the flags too when it comes to suggestions."""
    feature = refs.features.get(when.value)
    if feature is not None:
        return feature.enabled
    flags = {c.name for c in refs.counts.values() if c.flag}
    refs.report.add(
        "VM009",
        f"no flag or feature is named `{when.value}`",
        when.span,
        helps=did_you_mean(when.value, {*flags, *refs.features})
        or (f"add `{when.value}` to the context's `flags`",),
    )
    return False


def region_type(
    refs: References, node: Scalar
) -> tuple[m.TypeText, Type, str | int | None] | None:
    """A region's text, its element and how many there are (None for one)."""
    spelled = parse_type(node.value)
    if not isinstance(spelled.type, Array):
        text = refs.type(node)
        return (text, text.type, None) if text else None
    element = refs.look_up(spelled.parts[0], node)
    length = spelled.type.length
    if isinstance(length, str) and length in refs.counts:
        count = refs.counts[length]
        if count.flag:
            refs.report.add(
                "VM009",
                f"`{length}` is a flag, and an array's length is a count",
                refs.length_span(spelled, node),
                helps=(f"write the type alone, with `when: {length}`",),
            )
            return None
        if element is None:
            return None
        array = Array(element, length)
        return m.TypeText(array, spelled, node), element, length
    if isinstance(length, str) and length not in refs.constants:
        refs.unknown(
            "VM009",
            "count or constant",
            length,
            {*refs.counts, *refs.constants},
            spelled,
            node,
        )
        return None
    size = refs.length(length, spelled, node)
    if element is None or size is None:
        return None
    return m.TypeText(Array(element, size), spelled, node), element, size


def _region_align(node: Mapping | None) -> int | None:
    """Bytes to round to: 1 for `none`, None when the key is missing."""
    value = node.get("align") if node else None
    if value is None:
        return None
    return 1 if text_of(value) == "none" else number(value)


def _names(
    node: Node | None,
) -> Iterator[tuple[Scalar, str, tuple[str, ...], m.Word | None, m.Word | None]]:
    """Counts with what they are, what they were called before, their index type, and
    where they are stored."""
    for entry in members(node):
        value = entry.node
        if isinstance(value, Mapping):
            index = word_of(value.get("index"))
            stored = word_of(value.get("stored"))
            yield entry, text_of(value.get("doc")), former_names(value), index, stored
        else:
            yield entry, text_of(value), NO_NAMES, None, None
