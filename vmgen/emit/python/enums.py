"""Plain enums, and enums with payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.emit.python import names
from vmgen.emit.python.docs import docstring, kept
from vmgen.emit.python.view import Attribute, ClassView

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.emit.python.view import Builder
    from vmgen.schema import model as m


def plain_enum(build: Builder, declared: m.PlainEnum) -> ClassView:
    variants = names.attributes((v.name for v in declared.variants), names.NOTHING)
    build.put(declared, "enum", [f"value {declared.tag.name} {declared.span.line} 0"])
    base = build.imports.name("IntEnum", "enum")
    return ClassView(
        f"class {build.classes[declared.name]}({base})",
        docstring(declared.doc, 4),
        _members(variants, declared.variants, 4),
    )


def tagged_enum(build: Builder, declared: m.TaggedEnum) -> ClassView:
    """A record of tag and payload, with a class inside for each of the two."""
    name, line = build.classes[declared.name], declared.span.line
    variants = names.attributes((v.name for v in declared.variants), names.VARIANT)
    payloads = [
        (attribute, variant, variant.text.type)
        for attribute, variant in zip(variants, declared.variants, strict=True)
        if variant.text
    ]
    tag_extents, payload_extents = build.blocks.part_extents(declared.name)
    tag_offset, payload_offset = build.blocks.offsets(declared.name)
    tag_row = f"value {declared.tag.name} {line} 0"
    build.put_part(declared, "enum", ".Tag", tag_extents, [tag_row])
    payload_rows = [
        f"{attribute} {build.speller.token(type)} {variant.span.line} 0"
        for attribute, variant, type in payloads
    ]
    build.put_part(declared, "union", ".Payload", payload_extents, payload_rows)
    build.put(
        declared,
        "tagged",
        [
            f"tag {name}.Tag {line} {tag_offset}",
            f"payload {name}.Payload {line} {payload_offset}",
        ],
    )
    values = [build.speller.annotation(type) for _, _, type in payloads]
    value = _either(values, or_none=len(payloads) < len(variants))
    hidden = {attribute for attribute, _, _ in payloads}
    members = [
        build.attribute(attribute, build.annotation(type, hidden), type, "", 8)
        for attribute, _, type in payloads
    ]
    int_enum = build.imports.name("IntEnum", "enum")
    read_only = build.imports.name("ReadOnly")
    return ClassView(
        build.head(declared, "TaggedEnum"),
        docstring(declared.doc, 4),
        [
            Attribute(f"tag: {name}.Tag | int", ""),
            Attribute(f"payload: {name}.Payload", ""),
            Attribute(kept(f"value: {read_only}[{value}]", 4), ""),
        ],
        nested=[
            ClassView(
                f"class Tag({int_enum})", "", _members(variants, declared.variants, 8)
            ),
            ClassView(f"class Payload({build.imports.name('Union')})", "", members),
        ],
    )


def _members(
    attributes: Sequence[str], variants: Iterable[m.Variant], indent: int
) -> list[Attribute]:
    return [
        Attribute(f"{name} = {variant.value}", docstring(variant.doc, indent))
        for name, variant in zip(attributes, variants, strict=True)
    ]


def _either(annotations: Iterable[str], or_none: bool) -> str:
    """A union of annotations, each part once and None last."""
    parts = dict.fromkeys(part for a in annotations for part in _alternatives(a))
    or_none = "None" in parts or or_none
    parts.pop("None", None)
    return " | ".join([*parts, "None"] if or_none else parts)


def _alternatives(annotation: str) -> list[str]:
    """The parts of a union; what is in brackets stays together."""
    parts = [""]
    for piece in annotation.split(" | "):
        if parts[-1].count("[") > parts[-1].count("]"):
            parts[-1] += f" | {piece}"
        else:
            parts.append(piece)
    return parts[1:]
