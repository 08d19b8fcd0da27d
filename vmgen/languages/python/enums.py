"""Plain enums, and enums with payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.python import names, notes
from vmgen.languages.python.docs import docstring, kept
from vmgen.languages.python.view import ClassView, attribute, below, documented
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.languages.python.view import Builder


def enum(build: Builder, declared: m.PlainEnum | m.TaggedEnum) -> ClassView:
    if isinstance(declared, m.TaggedEnum):
        return _tagged_enum(build, declared)
    return _plain_enum(build, declared)


def _plain_enum(build: Builder, declared: m.PlainEnum) -> ClassView:
    variants = names.attributes((v.name for v in declared.variants), names.NOTHING)
    line = build.blocks.line(declared.span)
    build.put(declared, "enum", [f"value {declared.tag.name} {line} 0"])
    base = build.imports.name("IntEnum", "enum")
    return ClassView(
        f"class {build.classes[declared.name]}({base})",
        docstring(notes.of_type(declared), 4),
        _members(variants, declared.variants, 4),
    )


def _tagged_enum(build: Builder, declared: m.TaggedEnum) -> ClassView:
    """A record of tag and payload, with a class inside for each of the two."""
    name, line = build.classes[declared.name], build.blocks.line(declared.span)
    variants = names.attributes((v.name for v in declared.variants), names.VARIANT)
    payloads = [
        (member, variant, variant.text.type)
        for member, variant in zip(variants, declared.variants, strict=True)
        if variant.text
    ]
    tag_extent, payload_extent = build.blocks.part_extents(declared.name)
    tag_offset, payload_offset = build.blocks.offsets(declared.name)
    tag_row = f"value {declared.tag.name} {line} 0"
    build.put_part(declared, "enum", ".Tag", tag_extent, [tag_row])
    payload_rows = [
        f"{member} {build.speller.token(type)} {build.blocks.line(variant.span)} 0"
        for member, variant, type in payloads
    ]
    build.put_part(declared, "union", ".Payload", payload_extent, payload_rows)
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
    taken = frozenset(member for member, _, _ in payloads)
    members = [
        attribute(
            member,
            build.visible(build.annotation(type), taken),
            build.speller.comment(type),
            notes.of_payload(variant),
            8,
        )
        for member, variant, type in payloads
    ]
    # Inside, the enum's own name may be that of one of its two classes.
    outer = build.visible(name, names.VARIANT)
    value = build.visible(value, names.VARIANT)
    int_enum = build.imports.name("IntEnum", "enum")
    read_only = build.imports.name("ReadOnly")
    return ClassView(
        build.head(declared, "TaggedEnum"),
        docstring(notes.of_type(declared), 4),
        below(
            [
                f"tag: {outer}.Tag | int",
                f"payload: {outer}.Payload",
                kept(f"value: {read_only}[{value}]", 4),
            ]
        ),
        nested=[
            ClassView(
                f"class Tag({int_enum})", "", _members(variants, declared.variants, 8)
            ),
            ClassView(
                f"class Payload({build.imports.name('Union')})", "", below(members, 8)
            ),
        ],
    )


def _members(members: Sequence[str], variants: Iterable[m.Variant], indent: int) -> str:
    lines = [
        documented(f"{name} = {variant.value}", notes.of_variant(variant), indent)
        for name, variant in zip(members, variants, strict=True)
    ]
    return below(lines, indent)


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
