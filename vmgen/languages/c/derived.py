"""Names that the C header of a module has beside the declared ones, without a prefix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.c.names import Names
from vmgen.languages.words import Derived
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator


def derived(module: m.Module) -> Iterator[Derived]:
    """The values of enums, and macros and functions of the module and its contexts."""
    if module.own_constants or _like_values(module):
        # Nothing else may be named like them.
        yield from _of_enums(module)
    if any("_" in name for name in module.own_types):
        yield from _of_tagged(module)
    for text in Names(module.name).of_module():
        yield Derived(text, module.name, module.span, "a macro of the C header")
    for text in Names(module.name).of_llvm(module.name):
        what = "a name of the C header of constants for LLVM"
        yield Derived(text, module.name, module.span, what)
    yield Derived("vm_region", module.name, module.span, "a type of vmgen.h")
    yield from _of_contexts(module)


def _like_values(module: m.Module) -> bool:
    """Whether a type may be named as values of enums are, or one of these as anything."""
    return any("_" in name for name in module.own_types) or any(
        variant.called.c
        for declared in module.own_types.values()
        if isinstance(declared, (m.PlainEnum, m.TaggedEnum))
        for variant in declared.variants
    )


def _of_tagged(module: m.Module) -> Iterator[Derived]:
    """Types beside those that have others inside."""
    names = Names(module.name)
    for name, declared in module.own_types.items():
        what = f"what the C header has for `{name}`"
        if isinstance(declared, m.TaggedEnum):
            yield Derived(names.tag(name), name, declared.span, what)
            yield Derived(names.payload(name), name, declared.span, what)
        elif isinstance(declared, m.Context):
            yield Derived(names.begin(name), name, declared.span, what)


def macros(module: m.Module) -> Iterator[Derived]:
    """What may be a macro, if it is in capitals: values of enums, and what the header
    makes of contexts."""
    yield from _of_enums(module)
    yield from _of_contexts(module)


def _of_contexts(module: m.Module) -> Iterator[Derived]:
    names = Names(module.name)
    for context in module.own_types.values():
        if not isinstance(context, m.Context):
            continue
        what = f"what the C header has for `{context.name}`"
        for text, part in names.of_context(context):
            if part is None:
                yield Derived(text, context.name, context.span, what)
            else:
                yield Derived(text, context.name, part.span, what, part=part.name)


def _of_enums(module: m.Module) -> Iterator[Derived]:
    names = Names(module.name)
    for name, declared in module.own_types.items():
        if isinstance(declared, (m.PlainEnum, m.TaggedEnum)):
            for variant in declared.variants:
                value = names.value(name, variant)
                what = f"what C calls a value of `{name}`"
                own = f"{name}::{variant.name}" if variant.called.c else value
                yield Derived(value, own, variant.span, what)
