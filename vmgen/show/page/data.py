"""A module's layouts as the JSON that the page of `vmgen doc` draws.

Every number in it is the layout engine's: sizes and offsets per layout class, and a
context's offsets as expressions (`vmgen.show.page.expressions`). The page adds them up and
decides nothing. Lists named after a layout's parts run parallel to `parts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.layout.chain import chain, misaligned
from vmgen.layout.class_names import (
    alignments,
    class_words,
    column_words,
    target_summary,
)
from vmgen.layout.columns import columns, context_columns
from vmgen.rules.registry import all_rules
from vmgen.schema import model as m
from vmgen.show.page.expressions import as_json
from vmgen.show.page.looks import held_records, look_of, references

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vmgen.layout.contexts import ContextLayout, RegionLayout
    from vmgen.layout.layouts import Layouts
    from vmgen.layout.place import RecordLayout
    from vmgen.schema.types import Type

Json = dict[str, Any]

FIRST_TARGET = "x86_64-unknown-linux-gnu"


def module_data(layouts: Layouts) -> Json:
    """Everything that the page of a module shows."""
    module = layouts.module
    endian = {t.name: t.model.endian for t in module.targets}
    first = next((t.name for t in module.targets if t.name == FIRST_TARGET), None)
    writer = _Writer(layouts)
    return {
        "module": module.name,
        "doc": module.doc,
        "rule": _rule("misaligned-region"),
        "first_target": first or module.targets[0].name,
        "classes": [
            {
                "words": class_words(c.model),
                "alignments": alignments(c.model),
                "summary": target_summary(c, layouts.classes),
                "targets": [[t, endian[t]] for t in c.targets],
            }
            for c in layouts.classes
        ],
        "constants": [
            {"name": c.name, "type": str(c.type), "value": str(c.value), "doc": c.doc,
             "ascii": c.ascii}
            for c in module.constants.values()
        ],
        "types": [writer.declaration(d) for d in module.types.values()],
    }  # fmt: skip


def _rule(name: str) -> Json:
    rule = next(r for r in all_rules() if r.name == name)
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": rule.summary,
        "reason": rule.reason,
    }


class _Writer:
    """Turns one declaration after the other into JSON."""

    def __init__(self, layouts: Layouts) -> None:
        self.layouts = layouts
        self.types = layouts.module.types
        self.references = references(self.types)

    def declaration(self, declared: m.Declaration) -> Json:
        shown: Json = {
            "name": declared.name,
            "kind": declared.KIND,
            "doc": declared.doc,
            "allow": _allows(declared.allow),
            "parts": self._parts(declared),
            "references": self.references[declared.name],
        }
        match declared:
            case m.PlainEnum(tag=tag, variants=variants) | m.TaggedEnum(
                tag=tag, variants=variants
            ):
                shown["tag"] = str(tag)
                shown["variants"] = [self._variant(v) for v in variants]
            case m.Newtype(inner=inner):
                shown["of"] = str(inner)
            case m.Foreign(rust=rust):
                shown["rust"] = rust
            case m.Opaque():
                return shown
            case m.Context():
                return shown | self._context(declared)
            case _:
                pass
        found = columns(self.layouts, declared.name)
        shown["layouts"] = [_record(c.record) for c in found]
        return shown | self._uses([c.classes for c in found])

    def _uses(self, groups: Sequence[Sequence[int]]) -> Json:
        """Which layout each class has, and what the classes of each layout are called."""
        uses = [0] * len(self.layouts.classes)
        for index, group in enumerate(groups):
            for number in group:
                uses[number] = index
        labels = [column_words(self.layouts.classes, group) for group in groups]
        return {"uses": uses, "labels": labels}

    def _parts(self, declared: m.Declaration) -> list[Json]:
        match declared:
            case m.Struct(fields=fields) | m.Union(fields=fields):
                return [self._field(f) for f in fields]
            case m.Context(fields=fields):
                return [self._field(f) for f in fields]
            case m.Functions(slots=slots):
                return [
                    self._part(s.name, s.signature, s.doc) | _waived(s.allow)
                    for s in slots
                ]
            case m.TaggedEnum(tag=tag, variants=variants):
                parts = [self._part("tag", tag, "")]
                if any(v.text for v in variants):
                    doc = "What it is depends on the tag."
                    parts.append(
                        {"name": "payload", "type": "", "doc": doc, "look": "record"}
                    )
                return parts
            case _:
                return []

    def _field(self, field: m.Field) -> Json:
        notes = _access(field.access)
        if field.endian == "little":
            notes.append("little-endian")
        if field.value is not None:
            notes.append(f"always {field.value}")
        shown = self._part(field.name, field.text.type, field.doc)
        return shown | _noted(notes) | _waived(field.allow)

    def _part(self, name: str, type: Type, doc: str) -> Json:
        look = look_of(type, self.types)
        shown: Json = {"name": name, "type": str(type), "doc": doc, "look": look}
        held = held_records(type, self.types)
        if held:
            shown["holds"] = {"type": held[0], "count": held[1]}
        return shown

    def _variant(self, variant: m.Variant) -> Json:
        return {
            "name": variant.name,
            "value": str(variant.value),
            "type": str(variant.text.type) if variant.text else None,
            "doc": variant.doc,
        } | _waived(variant.allow)

    def _context(self, declared: m.Context) -> Json:
        per_class = self.layouts.context(declared.name)
        found = context_columns(per_class)
        return {
            "counts": [
                {"name": c.name, "doc": c.doc, "flag": c.flag} for c in declared.counts
            ],
            "regions": [
                self._part(r.name, r.element, r.doc)
                | {"count": 1 if r.count is None else r.count, "when": r.when}
                | {"single": r.count is None}
                | _noted(_access(r.access))
                | _waived(r.allow)
                for r in declared.regions
            ],
            "layouts": [_context_layout(layout) for layout, _ in found],
            **self._uses([classes for _, classes in found]),
        }


def _record(record: RecordLayout) -> Json:
    return {
        "size": record.size,
        "align": record.align,
        "offsets": list(record.offsets),
        "sizes": [size for size, _ in record.extents],
        "holes": [list(hole) for hole in record.holes],
    }


def _context_layout(layout: ContextLayout) -> Json:
    formulas = dict(chain(layout))
    return _record(layout.fixed) | {
        "align": layout.align,
        "total": as_json(layout.size),
        "formula": formulas["size"],
        "regions": [_region(r, formulas[r.name]) for r in layout.regions],
    }


def _region(region: RegionLayout, formula: str) -> Json:
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


def _waived(allow: Mapping[str, m.Allow]) -> Json:
    return {"allow": _allows(allow)} if allow else {}
