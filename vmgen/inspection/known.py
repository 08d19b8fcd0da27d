"""What a schema says of memory beyond layouts, for `vmgen_runtime.walk`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.python.known import bits_of, counts_of, names_of
from vmgen.languages.python.module import named
from vmgen.languages.python.runtime.known import Known
from vmgen.languages.python.runtime.pointers import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType

    from vmgen.layout.layouts import Layouts


def known(
    every: Sequence[Layouts],
    made: Mapping[str, ModuleType],
    symbol: Callable[[int], str] | None = None,
) -> Known:
    """The names of the schema's parts and types, the bits that constants are of, and where
    counts of contexts are stored. The schema is the first of `every`; the others are those
    that it uses, whose constants count too. `made` are the bindings of all modules, by
    their names, and `symbol` names what is at an address."""
    layouts = every[0]
    module = layouts.module
    classes, _ = named(module)
    own = module.name
    kinds = {
        name: kind_of(getattr(made[module.used.get(name, own)], classes[name]))
        for name in module.types
    }
    types = {name: kind.pointed or kind for name, kind in kinds.items()}
    counts = counts_of(layouts)
    bits: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for one in every:
        for field, masks in bits_of(one).items():
            listed = bits.setdefault(field, [])
            listed += [mask for mask in masks if mask not in listed]
    return Known(names_of(layouts), bits, counts, symbol, types)
