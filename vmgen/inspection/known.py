"""What a schema says of memory beyond layouts, for `vmgen_runtime.walk`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.python.module import named
from vmgen.languages.python.runtime.known import Known
from vmgen.languages.python.runtime.pointers import kind_of
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from vmgen.layout.layouts import Layouts


def known(
    layouts: Layouts, made: ModuleType, symbol: Callable[[int], str] | None = None
) -> Known:
    """The names of the schema's parts and types, the bits that constants are of, and where
    counts of contexts are stored. `made` are the schema's bindings, and `symbol` names
    what is at an address."""
    module = layouts.module
    classes, _ = named(module)
    names = {
        classes[record.name]: [part.name for part in record.parts]
        for record in layouts.records()
        if record.parts
    }
    kinds = {n: kind_of(getattr(made, classes[n])) for n in module.types}
    types = {name: kind.pointed or kind for name, kind in kinds.items()}
    bits, counts = _bits(layouts, classes), _counts(layouts, classes)
    return Known(names, bits, counts, symbol, types)


def _bits(
    layouts: Layouts, classes: Mapping[str, str]
) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """The constants that are bits, by the class and the name of the field."""
    found: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for name, constant in sorted(layouts.module.constants.items()):
        if constant.bit_of is not None:
            record, _, field = constant.bit_of.text.partition(".")
            bits = found.setdefault((classes[record], field), [])
            bits.append((name, constant.value))
    return found


def _counts(layouts: Layouts, classes: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Where counts are stored, by the class of the context."""
    return {
        classes[name]: {c.name: c.stored.text for c in declared.counts if c.stored}
        for name, declared in layouts.module.types.items()
        if isinstance(declared, m.Context)
    }
