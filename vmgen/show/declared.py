"""What a schema says of its types besides their numbers, as plain values.

It stands beside the numbers in the JSON of ``vmgen layout --format json`` for
`vmgen.changes.saved`, which compares both: whatever a change of a schema can be about has
to be here. What is as usual (no documentation, no access, native byte order) is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.analysis.accessors import accessors_of
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vmgen.layout.parts import Part, Record, Region

Json = dict[str, Any]


def of_module(module: m.Module) -> Json:
    """What is said of a module: its constants, and at the top of the schema."""
    return {
        "constants": {
            name: {
                "type": str(c.type),
                "value": c.value,
                **_said(c.doc, {}),
                **_was(c.was),
                **_source(_called(c.called)),
            }
            for name, c in sorted(module.own_constants.items())
        },
        **_said(module.doc, module.allow),
        **_reserved(module.reserved),
    }


def of_record(record: Record, index: int) -> Json:
    """What is said of a type; of a context also where its fixed fields end and what its
    regions begin at, in bytes, in the layout class of that index."""
    declared = record.declared
    found: Json = {
        **_said(declared.doc, declared.allow),
        **_was(declared.was),
        **_reserved(declared.reserved),
        **_source(_of_type(declared)),
    }
    parts = {p.name: _part(p) for p in record.parts if not p.in_enum}
    found |= _filled("fields", parts)
    match declared:
        case m.PlainEnum(variants=variants) | m.TaggedEnum(variants=variants):
            said = {
                v.name: {
                    **_said(v.doc, v.allow),
                    **_was(v.was),
                    **_source({**_in_rust(v.in_rust), **_called(v.called)}),
                }
                for v in variants
            }
            found |= _filled("variants", said)
        case m.Functions(access=access):
            found |= _promised(access)
        case m.Context(counts=counts):
            found |= _of_counts(counts)
            found["fixed_size"] = record.layouts[index].size
            found["regions"] = {r.name: _region(r, index) for r in record.regions}
        case _:
            pass
    return found


def _filled(key: str, said: Mapping[str, Json]) -> Json:
    """A mapping without what is empty in it; nothing if all is."""
    found = {name: each for name, each in said.items() if each}
    return {key: found} if found else {}


def _part(part: Part) -> Json:
    found: Json = {
        **_promised(part.access),
        **_said(part.doc, part.allow),
        **_was(part.was),
    }
    if part.value is not None:
        found["value"] = part.value
    if part.little_endian:
        found["endian"] = "little"
    if part.on is not None:
        found["on"] = str(part.on)
    if isinstance(part.source, m.Field):
        found |= _of_compilers(part.source)
    if isinstance(part.source, m.Field | m.Slot):
        said = {**_in_rust(part.source.in_rust), **_called(part.source.called)}
        if isinstance(part.source, m.Slot) and part.source.with_rust_types is not None:
            said["signature"] = str(part.source.with_rust_types)
        if isinstance(part.source, m.Field) and part.source.anonymous:
            said["anonymous"] = True
        found |= _source(said)
    return found


def _region(region: Region, index: int) -> Json:
    layout = region.layouts[index]
    found = {
        "round_to": region.asked_rounding(index),
        "length": layout.count,
        **_promised(region.access),
        **_of_compilers(region.source),
        **_said(region.doc, region.allow),
        **_was(region.source.was),
        **_source(_called(region.source.called)),
    }
    if layout.when is not None:
        found["when"] = layout.when
    return found


def _of_counts(counts: Sequence[m.Count]) -> Json:
    docs = {c.name: c.doc for c in counts if c.doc}
    former = {c.name: list(c.was) for c in counts if c.was}
    index = {c.name: c.index.text for c in counts if c.index is not None}
    found: Json = {"flags": [c.name for c in counts if c.flag]}
    if index:
        found["count_index"] = index
    if docs:
        found["count_docs"] = docs
    if former:
        found["count_was"] = former
    return found


def _said(doc: str, allow: Mapping[str, m.Allow]) -> Json:
    """Documentation, and what is allowed with the reasons, where there is any."""
    found: Json = {"doc": doc} if doc else {}
    if allow:
        found["allow"] = {rule: allowed.reason for rule, allowed in allow.items()}
    return found


def _promised(access: frozenset[str]) -> Json:
    return {"access": sorted(access)} if access else {}


def _of_compilers(part: m.Field | m.Region) -> Json:
    """What is said of loads and stores besides `access`, as the schema has it."""
    found: Json = {}
    if isinstance(part, m.Field) and part.volatile is not None:
        found["volatile"] = True
    if part.alias is not None:
        found["alias"] = _alias(part.alias)
    if part.atomic is not None:
        found["atomic"] = part.atomic.text
    said = part.points_to
    if said is not None:
        inside: Json = _promised(said.access)
        if said.alias is not None:
            inside["alias"] = _alias(said.alias)
        if said.atomic is not None:
            inside["atomic"] = said.atomic.text
        if said.bytes is not None:
            inside["bytes"] = said.byte_count
        found["points_to"] = inside
    return found


def _alias(alias: m.Alias) -> Json:
    region = alias.region.text if alias.region is not None else None
    return {"region": region, "indexed": alias.indexed is not None}


def _was(names: Sequence[str]) -> Json:
    """Former names, the latest first."""
    return {"was": list(names)} if names else {}


def _reserved(names: Sequence[m.Reserved]) -> Json:
    return {"reserved": [each.name for each in names]} if names else {}


def _source(said: Json) -> Json:
    return {"source": said} if said else {}


def _of_type(declared: m.Declaration) -> Json:
    """What is said of a type for the source of one language alone, by the keys that say
    it."""
    found = {**_in_rust(declared.in_rust), **_called(declared.called)}
    match declared:
        case m.Struct(copy=True) | m.Foreign(copy=True):
            found["copy"] = True
        case _:
            pass
    if isinstance(declared, m.Struct):
        if declared.pinned is not None:
            found["pinned"] = True
        if declared.params:
            found["params"] = ", ".join(declared.params)
    if isinstance(declared, m.Union) and declared.accessors:
        found["accessors"] = _accessors(declared)
    if declared.offset_type is not None:
        found["offset_type"] = declared.offset_type.text
    if isinstance(declared, m.PlainEnum | m.TaggedEnum) and declared.trusted:
        found["trusted"] = True
    if isinstance(declared, m.Foreign | m.ForeignRecord):
        if declared.rust_node is not None:
            found["rust"] = declared.rust_node.value
        if not declared.vm_safe:
            found["vm_safe"] = False
        if declared.c is not None:
            found["c"] = f"{declared.c.name} {declared.c.header}".rstrip()
    return found


def _called(names: m.Called) -> Json:
    """What languages call it, by the keys that say so."""
    words = {"c_name": names.c, "rust_name": names.rust, "python_name": names.python}
    return {key: word.text for key, word in words.items() if word}


def _accessors(union: m.Union) -> str:
    """By which names Rust has members, and as what."""
    return ", ".join(
        f"{accessor.name}: {accessor.text.type if accessor.text else field.type}"
        for field, accessor in accessors_of(union)
    )


def _in_rust(item: m.RustItem) -> Json:
    said = {
        "visibility": item.visible.value if item.visible else "",
        "derive": ", ".join(sorted(item.derives)),
        "attrs": " ".join(each.value for each in item.attributes),
        "cfg": item.cfg.value if item.cfg else "",
        "field_visibility": item.inner.value if item.inner else "",
    }
    return {key: value for key, value in said.items() if value}
