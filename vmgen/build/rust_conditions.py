"""Conditions that a project has Rust compile types of a schema under.

A schema that several projects take can't know their features of cargo's. So the
configuration says which of its types are there under which, and everything after this
sees them as if the schema had said so.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from vmgen.languages.language import entries
from vmgen.reading.source import Scalar
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OPTION = "cfg"

Part = TypeVar("Part", m.Variant, m.Slot)


def under_conditions(
    modules: Sequence[m.Module], options: Mapping[str, str]
) -> list[m.Module]:
    """The modules, and those that they use, with the conditions that Rust's options have
    for their types; the same ones where there are none."""
    conditions = entries(options.get(OPTION, ""))
    if not conditions:
        return [*modules]
    made: dict[int, m.Module] = {}
    for each in modules:
        for module in (*each.modules_used, each):
            if id(module) in made:
                continue
            types = {n: _under(d, conditions) for n, d in module.types.items()}
            made[id(module)] = replace(
                module,
                uses=tuple(
                    replace(use, module=made[id(use.module)]) for use in module.uses
                ),
                types=MappingProxyType(types),
            )
    return [made[id(module)] for module in modules]


def _under(declared: m.Declaration, conditions: Mapping[str, str]) -> m.Declaration:
    """A type with its condition, and its variants or slots with theirs."""
    name = declared.name
    if name in conditions:
        declared = replace(declared, in_rust=_with(declared, conditions[name]))
    prefix = f"{name}."
    if not any(part.startswith(prefix) for part in conditions):
        return declared
    match declared:
        case m.PlainEnum(variants=variants) | m.TaggedEnum(variants=variants):
            return replace(declared, variants=_parts(variants, prefix, conditions))
        case m.Functions(slots=slots):
            return replace(declared, slots=_parts(slots, prefix, conditions))
        case _:
            return declared


def _parts(
    parts: tuple[Part, ...], prefix: str, conditions: Mapping[str, str]
) -> tuple[Part, ...]:
    named = ((part, conditions.get(prefix + part.name)) for part in parts)
    return tuple(
        replace(part, in_rust=_with(part, condition)) if condition else part
        for part, condition in named
    )


def _with(item: m.Declaration | m.Variant | m.Slot, condition: str) -> m.RustItem:
    """What is said of an item for Rust, with one condition more."""
    said = item.in_rust
    if said.cfg is not None:
        condition = f"all({said.cfg.value}, {condition})"
    span = item.span
    written = Scalar(span.file, span.start, span.end - span.start, condition, False)
    return replace(said, cfg=written)
