"""A module's layouts on some targets as plain values.

The nested dicts are the JSON of ``vmgen layout --format json``, whose keys other
programs rely on. Sizes, alignments, offsets and strides are in bytes. `vmgen.changes.saved`
reads it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.layout.fingerprint import shown
from vmgen.schema import model as m
from vmgen.show.declared import of_module, of_record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part, Record, Region
    from vmgen.show.columns import Column

Json = dict[str, Any]

FORMAT = 1
"""Version of the JSON; raised when a key changes its meaning or goes."""


def describe(
    columns: Sequence[Column],
    names: Sequence[str],
    counts: Mapping[str, int],
    *,
    only_differences: bool = False,
) -> list[Json]:
    """The layouts of the named types, an object for each column; counts that are
    missing are 0. `only_differences` leaves out types that are the same in all. What the
    schema says besides the numbers is there where no type is left out.

    Raises `vmgen.layout.expr.OffsetOverflow` for counts that no u32 offset reaches.
    """
    types: dict[tuple[int, int], Json] = {}
    declared: dict[tuple[int, int], Json] = {}
    described: list[Json] = []
    for column in columns:
        layouts, index = column.layouts, column.index
        key = id(layouts), index
        if key not in types:
            records = [r for name in names if (r := column.record(name))]
            types[key] = {r.name: _record(r, index, counts) for r in records}
        described.append(
            {
                "format": FORMAT,
                "module": column.module,
                "version": column.version,
                "fingerprint": shown(layouts.fingerprint(column.target)),
                "target": column.target.name,
                "pointer_width": column.target.model.pointer_width,
                "endian": column.target.model.endian,
                "types": types[key],
            }
        )
        if not only_differences and layouts.module.own_types.keys() <= set(names):
            if key not in declared:
                declared[key] = _declared(layouts, index)
            described[-1]["declared"] = declared[key]
    if only_differences:
        first, *others = types.values()
        different = [
            name
            for name in names
            if any(other.get(name) != first.get(name) for other in others)
        ]
        for one in described:
            all_of_it = one["types"]
            one["types"] = {n: all_of_it[n] for n in different if n in all_of_it}
    return described


def _declared(layouts: Layouts, index: int) -> Json:
    """What the schema says of a module besides its numbers, and all that it says of the
    types of other modules that the module's own are made of or point to."""
    module = layouts.module
    own = {name: of_record(layouts.of(name), index) for name in module.own_types}
    others = [layouts.of(name) for name in module.used if name in module.types]
    return {
        **of_module(module),
        "types": {name: said for name, said in own.items() if said},
        "used": {
            r.name: {**_record(r, index, {}), "said": of_record(r, index)}
            for r in others
        },
    }


def _record(record: Record, index: int, counts: Mapping[str, int]) -> Json:
    """A record in the layout class of that index."""
    declared = record.declared
    found: Json = {"kind": record.kind}
    if isinstance(declared, m.Opaque):
        return found
    if isinstance(declared, m.Context):
        return found | _context(record, declared, index, counts)
    layout = record.layouts[index]
    if m.is_prefix(declared):
        found["prefix"] = True
    else:
        found |= {"size": layout.size, "align": layout.align}
    if record.parts:
        found["fields"] = [_part(part, index) for part in record.parts]
    match declared:
        case m.PlainEnum(tag=tag) | m.TaggedEnum(tag=tag):
            found["tag"] = str(tag)
            found["variants"] = [
                {
                    "name": v.name,
                    "value": v.value,
                    "type": str(v.text.type) if v.text else None,
                }
                for v in declared.variants
            ]
        case m.Newtype(inner=inner):
            found["of"] = str(inner)
        case _:
            pass
    return found


def _part(part: Part, index: int) -> Json:
    size, align = part.extents[index]
    found = {
        "name": part.name,
        "type": str(part.type),
        "offset": part.offsets[index],
        "size": size,
        "align": align,
    }
    if part.bits:
        place = part.bits[index]
        found |= {"bit_offset": place.offset, "bits": place.width}
    if index in part.absent:
        found["absent"] = True
    return found


def _context(
    record: Record, declared: m.Context, index: int, counts: Mapping[str, int]
) -> Json:
    context = record.contexts[index]
    return {
        "align": context.align,
        "size": context.total(counts),
        "size_formula": str(context.size),
        "counts": {c.name: counts.get(c.name, 0) for c in declared.counts},
        "fields": [_part(part, index) for part in record.parts],
        "regions": [_region(region, index, counts) for region in record.regions],
    }


def _region(region: Region, index: int, counts: Mapping[str, int]) -> Json:
    layout = region.layouts[index]
    return {
        "name": region.name,
        "type": str(region.type),
        "offset": layout.begin(counts),
        "stride": layout.stride,
        "align": layout.align,
        "count": layout.length(counts),
        "formula": str(layout.offset),
    }
