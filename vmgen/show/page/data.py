"""A module's layouts as the JSON that the page of `vmgen doc` draws.

Every number in it is the layout engine's: sizes and offsets per layout class, and a
context's offsets as expressions (`vmgen.show.page.expressions`). The page adds them up and
decides nothing. Lists named after a layout's parts run parallel to `parts`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from vmgen.layout.chain import chain, misaligned
from vmgen.layout.class_names import (
    alignments,
    class_words,
    column_words,
    target_summary,
)
from vmgen.layout.fingerprint import shown
from vmgen.layout.groups import grouped
from vmgen.rules.registry import all_rules
from vmgen.schema import model as m
from vmgen.show.page.changes import changes
from vmgen.show.page.expressions import as_json
from vmgen.show.page.looks import held_records, look_of, references

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vmgen.layout.contexts import ContextLayout, RegionLayout
    from vmgen.layout.groups import Group
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part, Record, Region
    from vmgen.layout.place import RecordLayout

Json = dict[str, Any]

FIRST_TARGET = "x86_64-unknown-linux-gnu"


def module_data(layouts: Layouts) -> Json:
    """Everything that the page of a module shows."""
    module = layouts.module
    first = next((t.name for t in module.targets if t.name == FIRST_TARGET), None)
    about = {
        t.name: [t.name, t.model.endian, shown(layouts.fingerprint(t))]
        for t in module.targets
    }
    writer = _Writer(layouts)
    return {
        "module": module.name,
        "doc": module.doc,
        "rule": _rule("misaligned-region"),
        "first_target": first or module.targets[0].name,
        "classes": [
            {
                "words": class_words(c),
                "alignments": alignments(c.model),
                "summary": target_summary(c, layouts.classes),
                "targets": [about[name] for name in c.targets],
            }
            for c in layouts.classes
        ],
        "constants": [
            {"name": c.name, "type": str(c.type), "value": str(c.value), "doc": c.doc,
             "ascii": c.ascii}
            for c in module.constants.values()
        ],
        "types": [writer.declaration(layouts.of(name)) for name in module.types],
    }  # fmt: skip


def versions_data(versions: Sequence[tuple[str, Layouts]], shown: str) -> Json:
    """Everything that the page of several versions shows: `module_data` of each, with the
    version and what changed in it. Types that are the same in several stand once."""
    types: dict[str, int] = {}
    pool: list[Json] = []
    found = []
    before: tuple[str, Layouts] | None = None
    for version, layouts in versions:
        data = module_data(layouts)
        numbers = []
        for declared in data["types"]:
            text = json.dumps(declared)
            if text not in types:
                types[text] = len(pool)
                pool.append(declared)
            numbers.append(types[text])
        data["types"] = numbers
        data["version"] = version
        if before is not None:
            data["before"] = before[0]
            data["changes"] = changes(before[1], layouts)
        found.append(data)
        before = version, layouts
    listed = [version for version, _ in versions]
    return {"versions": found, "types": pool, "shown": listed.index(shown)}


def _rule(name: str) -> Json:
    rule = next(r for r in all_rules() if r.name == name)
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": rule.summary,
        "reason": rule.reason,
    }


class _Writer:
    """Turns one record after the other into JSON."""

    def __init__(self, layouts: Layouts) -> None:
        self.layouts = layouts
        self.types = layouts.module.types
        self.references = references(self.types)

    def declaration(self, record: Record) -> Json:
        declared = record.declared
        found: Json = {
            "name": record.name,
            "kind": record.kind,
            "doc": declared.doc,
            "allow": _allows(declared.allow),
            "parts": [self._part(part) for part in record.parts],
            "references": self.references[record.name],
        } | self._declared_by(record.name)
        match declared:
            case m.PlainEnum(tag=tag, variants=variants) | m.TaggedEnum(
                tag=tag, variants=variants
            ):
                found["tag"] = str(tag)
                found["variants"] = [_variant(v) for v in variants]
            case m.Newtype(inner=inner):
                found["of"] = str(inner)
            case m.Foreign(rust=rust) | m.ForeignRecord(rust=rust):
                found["rust"] = rust.text if rust else None
            case m.Opaque():
                return found
            case m.Context():
                return found | self._context(record, declared)
            case m.Struct() if declared.prefix:
                found["prefix"] = True
            case _:
                pass
        found["layouts"] = [
            _layout(record.layouts[g[0]]) | _absent(record, g[0])
            for g in record.columns
        ]
        return found | self._uses(record.columns)

    def _declared_by(self, name: str) -> Json:
        """The other module that declares a type, if one does."""
        other = self.layouts.module.used.get(name)
        return {} if other is None else {"declared_by": other}

    def _uses(self, columns: Sequence[Group]) -> Json:
        """Which layout each class has, and what the classes of each layout are called."""
        uses = [0] * len(self.layouts.classes)
        for number, group in enumerate(columns):
            for index in group:
                uses[index] = number
        labels = [column_words(self.layouts.classes, group) for group in columns]
        return {"uses": uses, "labels": labels}

    def _part(self, part: Part) -> Json:
        if part.role == "payload":
            doc = "What it is depends on the tag."
            return {"name": part.name, "type": "", "doc": doc, "look": "record"}
        notes = _access(part.access)
        if part.little_endian:
            notes.append("little-endian")
        if part.value is not None:
            notes.append(f"always {part.value}")
        if part.on is not None:
            notes.append(f"only on {part.on}")
        if part.bits:
            notes.append(f"{part.bits[0].width} bits")
        return self._typed(part) | _noted(notes) | _allowed(part.allow)

    def _region(self, region: Region) -> Json:
        count = region.source.count
        return (
            self._typed(region)
            | {"count": 1 if count is None else count, "when": region.source.when}
            | {"single": count is None}
            | _noted(_access(region.access))
            | _allowed(region.allow)
        )

    def _typed(self, part: Part | Region) -> Json:
        look = look_of(part.type, self.types)
        found: Json = {
            "name": part.name,
            "type": str(part.type),
            "doc": part.doc,
            "look": look,
        }
        held = held_records(part.type, self.types)
        if held:
            found["holds"] = {"type": held[0], "count": held[1]}
        return found

    def _context(self, record: Record, declared: m.Context) -> Json:
        columns = grouped(record.contexts)
        return {
            "counts": [
                {"name": c.name, "doc": c.doc, "flag": c.flag} for c in declared.counts
            ],
            "regions": [self._region(region) for region in record.regions],
            "layouts": [
                _context_layout(record.contexts[g[0]]) | _absent(record, g[0])
                for g in columns
            ],
            **self._uses(columns),
        }


def _variant(variant: m.Variant) -> Json:
    return {
        "name": variant.name,
        "value": str(variant.value),
        "type": str(variant.text.type) if variant.text else None,
        "doc": variant.doc,
    } | _allowed(variant.allow)


def _layout(record: RecordLayout) -> Json:
    return {
        "size": record.size,
        "align": record.align,
        "offsets": list(record.offsets),
        "sizes": [size for size, _ in record.extents],
        "padding": [list(hole) if hole else None for hole in record.padding],
    }


def _absent(record: Record, index: int) -> Json:
    """The positions of the parts that aren't there in the layout class of that index."""
    found = [at for at, part in enumerate(record.parts) if index in part.absent]
    return {"absent": found} if found else {}


def _context_layout(layout: ContextLayout) -> Json:
    *links, size = chain(layout)
    return _layout(layout.fixed) | {
        "align": layout.align,
        "total": as_json(layout.size),
        "formula": size.formula,
        "regions": [
            _region_layout(region, link.formula)
            for region, link in zip(layout.regions, links, strict=True)
        ],
    }


def _region_layout(region: RegionLayout, formula: str) -> Json:
    wrong = region.misaligned
    return {
        "offset": as_json(region.offset),
        "stride": region.stride,
        "align": region.align,
        "formula": formula,
        "misaligned": (
            {"counts": dict(wrong.counts), "text": misaligned(region)}
            if wrong is not None
            else None
        ),
    }


def _access(access: frozenset[str]) -> list[str]:
    return [word for word in ("readonly", "can_move") if word in access]


def _noted(notes: list[str]) -> Json:
    return {"notes": notes} if notes else {}


def _allows(allow: Mapping[str, m.Allow]) -> list[Json]:
    return [{"rule": a.rule, "reason": a.reason} for a in allow.values()]


def _allowed(allow: Mapping[str, m.Allow]) -> Json:
    return {"allow": _allows(allow)} if allow else {}
