"""A module's layouts on one target as plain values: what `vmgen layout` shows.

The nested dicts are the JSON of ``vmgen layout --format json``, whose keys other
programs rely on. Sizes, alignments, offsets and strides are in bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.layout.contexts import lay_out_context
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vmgen.layout.records import LayoutClass, Layouts

Json = dict[str, Any]

KINDS: dict[type[m.Declaration], str] = {
    m.Struct: "struct",
    m.Union: "union",
    m.PlainEnum: "enum",
    m.TaggedEnum: "enum",
    m.Newtype: "newtype",
    m.Opaque: "opaque",
    m.Functions: "functions",
    m.Foreign: "foreign",
    m.Context: "context",
}
"""The word that the schema language has for each kind of declaration."""


def describe(
    layouts: Layouts,
    target: m.ModelTarget,
    names: Iterable[str],
    counts: Mapping[str, int],
) -> Json:
    """The layouts of the named types on a target; counts that are missing are 0.

    Raises `vmgen.layout.expr.OffsetOverflow` for counts that no u32 offset reaches.
    """
    layout_class = layouts.class_of(target.name)
    types = layouts.module.types
    return {
        "module": layouts.module.name,
        "target": target.name,
        "pointer_width": target.model.pointer_width,
        "endian": target.model.endian,
        "types": {
            name: _declaration(types[name], layouts, layout_class, counts)
            for name in names
        },
    }


def _declaration(
    declared: m.Declaration,
    layouts: Layouts,
    layout_class: LayoutClass,
    counts: Mapping[str, int],
) -> Json:
    kind = KINDS[type(declared)]
    if isinstance(declared, m.Opaque):
        return {"kind": kind}
    if isinstance(declared, m.Context):
        return _context(declared, layouts, layout_class, counts)
    record = layouts.record(declared.name, layout_class)
    shown: Json = {"kind": kind, "size": record.size, "align": record.align}
    parts = _parts(declared)
    if parts:
        shown["fields"] = [
            {
                "name": name,
                "type": type,
                "offset": offset,
                "size": extent[0],
                "align": extent[1],
            }
            for (name, type), offset, extent in zip(
                parts, record.offsets, record.extents, strict=True
            )
        ]
    match declared:
        case m.PlainEnum(tag=tag) | m.TaggedEnum(tag=tag):
            shown["tag"] = str(tag)
            shown["variants"] = [
                {
                    "name": v.name,
                    "value": v.value,
                    "type": str(v.text.type) if v.text else None,
                }
                for v in declared.variants
            ]
        case m.Newtype(inner=inner):
            shown["of"] = str(inner)
        case _:
            pass
    return shown


def _parts(declared: m.Declaration) -> list[tuple[str, str]]:
    """Name and type of each part, parallel to the layout's offsets."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            return [(f.name, str(f.text.type)) for f in fields]
        case m.TaggedEnum(tag=tag, variants=variants):
            parts = [("tag", str(tag))]
            if any(v.text for v in variants):
                parts.append(("payload", f"{declared.name}Payload"))
            return parts
        case m.Functions(slots=slots):
            return [(s.name, str(s.signature)) for s in slots]
        case _:
            return []


def _context(
    declared: m.Context,
    layouts: Layouts,
    layout_class: LayoutClass,
    counts: Mapping[str, int],
) -> Json:
    context = lay_out_context(declared, layouts, layout_class)
    fields = zip(
        declared.fields, context.fixed.offsets, context.fixed.extents, strict=True
    )
    total = context.total(counts)
    return {
        "kind": "context",
        "align": context.align,
        "size": total,
        "size_formula": str(context.size),
        "counts": {c.name: counts.get(c.name, 0) for c in declared.counts},
        "fields": [
            {
                "name": f.name,
                "type": str(f.text.type),
                "offset": offset,
                "size": extent[0],
                "align": extent[1],
            }
            for f, offset, extent in fields
        ],
        "regions": [
            {
                "name": r.name,
                "type": str(declared_region.element),
                "offset": r.begin(counts),
                "stride": r.stride,
                "align": r.align,
                "count": r.length(counts),
                "formula": str(r.offset),
            }
            for r, declared_region in zip(
                context.regions, declared.regions, strict=True
            )
        ],
    }
