"""What a schema says of memory beyond layouts, by the names that Python has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.python.module import named
from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.layout.layouts import Layouts


def names_of(layouts: Layouts) -> dict[str, list[str]]:
    """The names of the schema's parts, by the class of the record."""
    classes, _ = named(layouts.module)
    both = zip(layouts.records(), layouts.by_schema.records(), strict=True)
    return {
        classes[record.name]: [part.name for part in by_schema.parts]
        for record, by_schema in both
        if record.parts
    }


def bits_of(layouts: Layouts) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """The constants that are bits, by the class and the name of the field."""
    classes, _ = named(layouts.module)
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for name, constant in sorted(layouts.module.constants.items()):
        if constant.bit_of is not None:
            record, _, field = constant.bit_of.text.partition(".")
            bits = found.setdefault((classes[record], field), [])
            bits.append((name, constant.value))
    return found


def counts_of(layouts: Layouts) -> dict[str, dict[str, str]]:
    """Where counts are stored, as paths, by the class of the context."""
    classes, _ = named(layouts.module)
    return {
        classes[name]: {c.name: c.stored.text for c in declared.counts if c.stored}
        for name, declared in layouts.module.types.items()
        if isinstance(declared, m.Context)
    }
