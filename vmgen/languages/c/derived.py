"""Names that the C header of a module has beside the declared ones, without a prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.words import Derived
from vmgen.schema import model as m
from vmgen.text import screaming_case, snake_case

if TYPE_CHECKING:
    from collections.abc import Iterator


def derived(module: m.Module) -> Iterator[Derived]:
    """The values of enums, and macros and functions of the module and its contexts."""
    if module.own_constants:
        # Nothing else may be named like them.
        yield from _of_enums(module)
    prefix = module.name.upper()
    for suffix in ("MODELS", "MODEL_HOST", "BY_MODEL", "H"):
        text = f"{prefix}_{suffix}"
        yield Derived(text, module.name, module.span, "a macro of the C header")
    yield Derived("vm_region", module.name, module.span, "a type of vmgen.h")
    yield from _of_contexts(module)


def macros(module: m.Module) -> Iterator[Derived]:
    """What may be a macro, if it is in capitals: values of enums, and what the header
    makes of contexts."""
    yield from _of_enums(module)
    yield from _of_contexts(module)


def _of_contexts(module: m.Module) -> Iterator[Derived]:
    for context in module.own_types.values():
        if not isinstance(context, m.Context):
            continue
        upper, lower = screaming_case(context.name), snake_case(context.name)
        made = [f"{upper}_FIXED_SIZE", f"{lower}_offsets_init", f"{lower}_region"]
        made += [f"{upper}_{f.name.upper()}_OFFSET" for f in context.fields]
        for region in context.regions:
            made += [
                f"{upper}_{region.name.upper()}_{x}" for x in ("STRIDE", "ROUNDING")
            ]
            made += [f"{lower}_{region.name}_{end}" for end in ("at", "len", "ptr")]
        what = f"what the C header has for `{context.name}`"
        for text in made:
            yield Derived(text, context.name, context.span, what)


def _of_enums(module: m.Module) -> Iterator[Derived]:
    for name, declared in module.own_types.items():
        if isinstance(declared, (m.PlainEnum, m.TaggedEnum)):
            for variant in declared.variants:
                value = f"{name}_{variant.name}"
                what = f"what C calls a value of `{name}`"
                yield Derived(value, value, variant.span, what)
