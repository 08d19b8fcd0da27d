"""Contexts: a class for the view of one, and a class for its offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.python import names, notes
from vmgen.languages.python.docs import docstring, kept
from vmgen.languages.python.view import ClassView, attribute, below

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.python.view import Builder
    from vmgen.schema import model as m


def context(build: Builder, declared: m.Context) -> list[ClassView]:
    fields = names.attributes((f.name for f in declared.fields), names.CONTEXT)
    regions = names.attributes((r.name for r in declared.regions), names.CONTEXT)
    tokens = [_token(build, region) for region in declared.regions]
    offsets = build.classes[f"{declared.name}Offsets"]
    taken = frozenset([*fields, *regions])
    rows, body = build.fields(declared, fields, taken)
    build.put(
        declared,
        "context",
        [
            *rows,
            *(f"# {c.name}{'?' if c.flag else ''}" for c in declared.counts),
            *build.blocks.region_rows(declared.name, regions, tokens),
        ],
        f" {offsets}{build.blocks.context_options(declared)}",
    )
    for name, region in zip(regions, declared.regions, strict=True):
        annotation = _annotation(build, region, taken)
        body.append(attribute(name, annotation, "", notes.of_region(region)))
    return [
        ClassView(
            build.head(declared, "Context"),
            docstring(notes.of_type(declared), 4),
            below(body),
        ),
        _offsets(build, declared, offsets, fields, regions),
    ]


def _token(build: Builder, region: m.Region) -> str:
    token = build.speller.token(region.element)
    return f"!{token}" if "readonly" in region.access else token


def _annotation(build: Builder, region: m.Region, taken: frozenset[str]) -> str:
    element = build.speller.annotation(region.element)
    if region.count is not None:
        element = f"{build.imports.name('Array')}[{element}]"
    elif region.when and not element.endswith("| None"):
        element = f"{element} | None"
    return build.visible(element, taken)


def _offsets(
    build: Builder,
    declared: m.Context,
    name: str,
    fields: Sequence[str],
    regions: Sequence[str],
) -> ClassView:
    cls = build.classes[declared.name]
    number = build.visible("int", frozenset([*fields, *regions]))
    region = build.imports.name("RegionOffsets") if regions else ""
    parameters = names.attributes((c.name for c in declared.counts), names.CONTEXT)
    counts = "\n".join(f"- {c.name}: {c.doc}" for c in declared.counts if c.doc)
    text = (
        f"Offsets in a {cls} on a target, the host when None.\n\n"
        "A count that is not given is 0. Raises OverflowError when an offset would "
        f"be more than a u32 holds, and UnknownTarget.\n\n{counts}"
    )
    return ClassView(
        f"class {name}({build.imports.name('ContextOffsets')})",
        docstring(f"Where everything in a {cls} is, in bytes from its start.", 4),
        below(
            [
                *(kept(f"{name}: {number}", 4) for name in fields),
                *(kept(f"{name}: {region}", 4) for name in regions),
            ]
        ),
        init=[
            (c.name, parameter, "bool = False" if c.flag else "int = 0")
            for c, parameter in zip(declared.counts, parameters, strict=True)
        ],
        init_doc=docstring(text, 8),
    )
