"""Structs, unions, newtypes, tables of functions, foreign and opaque types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.emit.python import names
from vmgen.emit.python.docs import docstring
from vmgen.emit.python.view import ClassView
from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.emit.python.view import Builder


def record(build: Builder, declared: m.Struct | m.Union) -> ClassView:
    union = isinstance(declared, m.Union)
    attributes = names.attributes((f.name for f in declared.fields), names.RECORD)
    build.put(
        declared,
        "union" if union else "struct",
        build.field_rows(declared.name, attributes, declared.fields),
        f" align={declared.align}" if declared.align else "",
    )
    return ClassView(
        build.head(declared, "Union" if union else "Struct"),
        docstring(declared.doc, 4),
        build.fields(attributes, declared.fields, set(attributes)),
    )


def newtype(build: Builder, declared: m.Newtype) -> ClassView:
    """A class of the runtime's for a number; for anything else one with a `value`."""
    inner = declared.inner
    token = build.speller.token(inner)
    build.put(declared, "newtype", [f"value {token} {declared.span.line} 0"])
    inside = build.speller.inside(inner)
    if build.speller.is_number(inside):
        return build.bare(declared, build.speller.cell(inside))
    annotation = build.annotation(inner, {"value"})
    return ClassView(
        build.head(declared, "Newtype"),
        docstring(declared.doc, 4),
        [build.attribute("value", annotation, inner, "")],
    )


def functions(build: Builder, declared: m.Functions) -> ClassView:
    attributes = names.attributes((s.name for s in declared.slots), names.RECORD)
    offsets = build.blocks.offsets(declared.name)
    slots = list(zip(attributes, declared.slots, offsets, strict=True))
    build.put(
        declared,
        "functions",
        [f"{attribute} *fn {slot.span.line} {at}" for attribute, slot, at in slots],
    )
    pointer = f"{build.imports.name('VmPtr')}[{build.imports.name('Function')}]"
    return ClassView(
        build.head(declared, "Functions"),
        docstring(declared.doc, 4),
        [
            build.attribute(attribute, pointer, None, f"`{s.signature}`\n\n{s.doc}")
            for attribute, s, _ in slots
        ],
    )


def foreign(build: Builder, declared: m.Foreign) -> ClassView:
    extents = zip(*build.blocks.extents(declared.name), strict=True)
    sizes, aligns = map(build.columns.token, extents)
    row = f"storage bytes:{sizes}:{aligns} {declared.span.line} 0"
    build.put(declared, "foreign", [row])
    return build.bare(declared, "Foreign")
