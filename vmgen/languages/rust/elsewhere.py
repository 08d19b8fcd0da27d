"""Items of types that are declared elsewhere: names for those of the project, and bytes for
those that nobody names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.rust.docs import CHAIN_WIDTH, comment
from vmgen.languages.rust.item import Item, in_brackets, parameters
from vmgen.languages.rust.members import alias, kept, type_doc, wrapped
from vmgen.schema import model as m
from vmgen.targets.conditions import Condition, combined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.rust.existing import Existing
    from vmgen.languages.rust.spelling import Spelling
    from vmgen.languages.rust.tables import Tables
    from vmgen.schema.types import Type


def named(declared: m.Foreign | m.ForeignRecord, path: str) -> Item:
    """A type of the project by its name in the schema."""
    return Item(
        "foreign",
        declared.name,
        type_doc(declared),
        attributes=kept([alias(declared.name, path)]),
        inner=path,
    )


def standing_for(declared: m.Declaration, existing: Existing) -> Item:
    """A type that the project has, however the schema would have it declared."""
    params = in_brackets(parameters(declared))
    path = existing.path
    if not path.endswith(">"):
        # Whoever writes none means those that the schema has.
        path += params
    return Item(
        "foreign",
        declared.name,
        type_doc(declared),
        attributes=kept([alias(f"{declared.name}{params}", path)]),
        params=params,
        inner=path,
    )


def held_by(declared: m.Declaration) -> list[tuple[Type, bool]]:
    """What a type holds that the project has, and whether that is little-endian."""
    match declared:
        case m.Struct() | m.Union():
            return [(f.type, f.endian == "little") for f in declared.fields]
        case m.Newtype(inner=inner):
            return [(inner, False)]
        case m.TaggedEnum(variants=variants):
            return [(v.text.type, False) for v in variants if v.text]
        case _:
            return []


def _aligns(declared: m.Foreign) -> Iterator[tuple[Condition, int]]:
    """What a foreign type is aligned to, with conditions of which one is met everywhere."""
    otherwise = [case.on.inverse for case in declared.cases]
    for position, case in enumerate(declared.cases):
        yield combined("all", (case.on, *otherwise[:position])), case.align
    for width, align in sorted(declared.align.items()):
        pointer = Condition("width", str(width))
        yield combined("all", (pointer, *otherwise)), align


def bytes_of(declared: m.Foreign, tables: Tables, spelling: Spelling) -> Item:
    """As many bytes as a type has that the schema names no Rust type for."""
    described = type_doc(declared)
    aligned = "".join(
        f"#[cfg_attr({on.rust}, repr(C, align({align})))]\n"
        for on, align in _aligns(declared)
    )
    table = f"{tables.path}::{tables.name(declared)}"
    chain = f"{table}.record_size.of(vmgen_checks::HOST)"
    size = f"{chain} as usize"
    # Of attributes that are long rustfmt has a form of its own.
    long = len(chain) > CHAIN_WIDTH or bool(declared.cases)
    return Item(
        "bytes",
        declared.name,
        described,
        attributes=kept([wrapped(declared.name, f"[u8; {size}]", long=long)]) + aligned,
        inner=size,
        derives=spelling.derived(declared),
        safety=(
            comment("SAFETY: bytes that the schema says are shared.")
            if declared.vm_safe
            else ""
        ),
    )
