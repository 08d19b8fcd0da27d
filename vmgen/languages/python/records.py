"""Structs, unions, newtypes, tables of functions, foreign and opaque types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.python import names, notes
from vmgen.languages.python.docs import docstring
from vmgen.languages.python.view import ClassView, attribute, below
from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.languages.python.view import Builder


def record(build: Builder, declared: m.Struct | m.Union) -> ClassView:
    union = isinstance(declared, m.Union)
    attributes = names.attributes((f.name for f in declared.fields), names.RECORD)
    rows, body = build.fields(declared, attributes, frozenset(attributes))
    build.put(
        declared,
        "union" if union else "struct",
        rows,
        build.blocks.least(declared),
    )
    return ClassView(
        build.head(declared, "Union" if union else "Struct"),
        docstring(notes.of_type(declared), 4),
        below(body),
    )


def newtype(build: Builder, declared: m.Newtype) -> ClassView:
    """A class of the runtime's for a number; for anything else one with a `value`."""
    inner = declared.inner
    token = build.speller.token(inner)
    line = build.blocks.line(declared.span)
    build.put(declared, "newtype", [f"value {token} {line} 0"])
    inside = build.speller.inside(inner)
    if build.speller.is_number(inside):
        return build.bare(declared, build.speller.cell(inside))
    annotation = build.visible(build.annotation(inner), frozenset({"value"}))
    return ClassView(
        build.head(declared, "Newtype"),
        docstring(notes.of_type(declared), 4),
        attribute("value", annotation, build.speller.comment(inner), ""),
    )


def functions(build: Builder, declared: m.Functions) -> ClassView:
    attributes = names.attributes((s.name for s in declared.slots), names.RECORD)
    offsets = build.blocks.offsets(declared.name)
    slots = list(zip(attributes, declared.slots, offsets, strict=True))
    build.put(
        declared,
        "functions",
        [f"{name} *fn {build.blocks.line(s.span)} {at}" for name, s, at in slots],
    )
    pointer = build.visible(
        f"{build.imports.name('VmPtr')}[{build.imports.name('Function')}]",
        frozenset(attributes),
    )
    body = [attribute(name, pointer, "", notes.of_slot(s)) for name, s, _ in slots]
    return ClassView(
        build.head(declared, "Functions"),
        docstring(notes.of_type(declared), 4),
        below(body),
    )


def foreign(build: Builder, declared: m.Foreign) -> ClassView:
    sizes, aligns = build.blocks.extent(declared.name).split()
    line = build.blocks.line(declared.span)
    build.put(declared, "foreign", [f"storage bytes:{sizes}:{aligns} {line} 0"])
    return build.bare(declared, "Foreign")
