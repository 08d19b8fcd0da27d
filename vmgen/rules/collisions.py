"""Names that become the same one, and constants that a header of the system has too."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from vmgen.analysis.using import use_of
from vmgen.languages.c.macros import number_macro
from vmgen.rules.finding import Finding
from vmgen.rules.names import parts_of
from vmgen.rules.registry import rule
from vmgen.schema import model as m
from vmgen.text import screaming_case, snake_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis


@rule("VM012", "name-collision", "Two names that are the same one in some language.")
def name_collision(analysis: Analysis) -> Iterator[Finding]:
    """Rust, C and Python write the same thing in different ways: the functions of a
    `VMFuncRef` begin with `vm_func_ref_` in C, its macros with `VM_FUNC_REF_`, and
    some types bring others along, as `VMContext` does with `VMContextOffsets`. Two
    names that are different in the schema may become the same then. The names of
    modules that are used count as well: what includes one header includes theirs.
    """
    yield from _collisions(_type_names(analysis.module))
    yield from _collisions(names_in_c(analysis.module))
    yield from _named_like_models(analysis.module)
    yield from _collisions_of_modules(analysis.module)
    for declared in analysis.own.values():
        if isinstance(declared, m.Context):
            parts = parts_of(declared)
            yield from _collisions([(p.name, p.name, p.span, "") for p in parts])
            yield from _flags_that_are_features(declared, analysis.module)
        elif isinstance(declared, m.TaggedEnum):
            yield from _collisions(
                [(snake_case(v.name), v.name, v.span, "") for v in declared.variants]
            )
            for variant in declared.variants:
                if variant.name in ("Tag", "Payload"):
                    yield Finding(
                        f"`{declared.name}_{variant.name}` is also what the C header "
                        f"calls the enum's {variant.name.lower()}",
                        variant.span,
                        helps=("rename the variant",),
                    )
        elif isinstance(declared, m.Functions):
            for slot in declared.slots:
                names: set[str] = set()
                for index, parameter in enumerate(slot.signature.params):
                    if parameter.name in names:
                        yield Finding(
                            f"two parameters are called `{parameter.name}`",
                            slot.text.name_span(index),
                            helps=("rename one of them",),
                        )
                        break
                    if parameter.name:
                        names.add(parameter.name)


def _flags_that_are_features(context: m.Context, module: m.Module) -> Iterator[Finding]:
    """`when:` takes either: one that is both would be taken for the other."""
    for count in context.counts:
        if count.flag and count.name in module.features:
            yield Finding(
                f"`{count.name}` is a feature too, and `when` takes either",
                count.span,
                helps=("rename the flag",),
            )


def _named_like_models(module: m.Module) -> Iterator[Finding]:
    """Which data models a header has depends on the targets, and may change with them."""
    like = re.compile(f"{module.name.upper()}_MODEL_[0-9].*")
    for constant in module.own_constants.values():
        if like.fullmatch(constant.name):
            yield Finding(
                f"`{constant.name}` is named like the C header's data models",
                constant.span,
                helps=("rename it",),
            )


_BROUGHT_ALONG: dict[type, tuple[str, ...]] = {
    m.Context: ("Access", "Counts", "Fixed", "Offsets"),
    m.TaggedEnum: ("Payload", "Ref", "Value"),
}
"""What types that come with others of their kind add to their names."""

_Derived = tuple[str, str, "Span", str]
"""A name that some language has, the declared name, its place, and what it is."""


def names_of_types(module: m.Module) -> Iterator[_Derived]:
    """Types, and those that they bring along."""
    for name, declared in module.own_types.items():
        yield name, name, declared.span, ""
        for more in _BROUGHT_ALONG.get(type(declared), ()):
            what = f"what the bindings of `{name}` bring along"
            yield name + more, name, declared.span, what


def _type_names(module: m.Module) -> list[_Derived]:
    """Types as functions and macros spell them, when any two may be the same."""
    named = list(names_of_types(module))
    types = module.own_types
    # Casing only adds underscores, so that names which differ without regard to case
    # stay different.
    alone = len(named) == len(types)
    if alone and len({name.lower() for name in types}) == len(named):
        return []
    return [(snake_case(text), *rest) for text, *rest in named]  # type: ignore[misc]


def _c_macros(module: m.Module, prefix: str) -> Iterator[_Derived]:
    """What C has under a name in capitals: constants, values of enums, and what the
    header makes of contexts."""
    for constant in module.own_constants.values():
        yield prefix + constant.name, constant.name, constant.span, ""
    for text, *rest in (*_c_names_of_enums(module), *_c_names_of_contexts(module)):
        spelled = prefix + text
        if spelled.isupper():
            yield spelled, *rest  # type: ignore[misc]


def names_in_c(module: m.Module) -> list[_Derived]:
    """What C has in one scope: constants, types, the values of enums, and the macros and
    functions that the header makes of contexts. Rust and Python have the first two."""
    named: list[_Derived] = [
        (c.name, c.name, c.span, "") for c in module.own_constants.values()
    ]
    if named:
        # Only constants may be named like them.
        named += [(n, n, d.span, "") for n, d in module.own_types.items()]
        named += _c_names_of_enums(module)
    prefix = module.name.upper()
    for suffix in ("MODELS", "MODEL_HOST", "BY_MODEL", "H"):
        text = f"{prefix}_{suffix}"
        named.append((text, module.name, module.span, "a macro of the C header"))
    named.append(("vm_region", module.name, module.span, "a type of vmgen.h"))
    named += _c_names_of_contexts(module)
    return named


def _c_names_of_contexts(module: m.Module) -> Iterator[_Derived]:
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
            yield text, context.name, context.span, what


def _c_names_of_enums(module: m.Module) -> Iterator[_Derived]:
    for name, declared in module.own_types.items():
        if isinstance(declared, (m.PlainEnum, m.TaggedEnum)):
            for variant in declared.variants:
                value = f"{name}_{variant.name}"
                yield value, value, variant.span, f"what C calls a value of `{name}`"


def declared_names(module: m.Module) -> dict[str, tuple[str, Span]]:
    """Every name that C or Rust has of a module, with the declared name and its place.

    What it uses of another module is declared there.
    """
    found: dict[str, tuple[str, Span]] = {}
    for text, name, span, _ in (*names_of_types(module), *names_in_c(module)):
        # What a header has under the module's name is its own.
        if name != module.name:
            found.setdefault(text, (name, span))
    return found


def _collisions_of_modules(module: m.Module) -> Iterator[Finding]:
    """Names that a module or one that it uses declares, and another of those too."""
    if not module.uses:
        return
    modules = [*module.modules_used, module]
    declared = {id(one): declared_names(one) for one in modules}
    for first, second in combinations(modules, 2):
        if second is not module and first in second.modules_used:
            # That one's own finding.
            continue
        told: set[str] = set()
        for text, (name, span) in declared[id(second)].items():
            other = declared[id(first)].get(text)
            if other is None or name in told:
                continue
            told.add(name)
            both = f"`{first.name}` and `{second.name}`"
            where = f"{other[1].file.name}:{other[1].line}"
            if second is module:
                yield Finding(
                    f"the modules {both} both declare `{text}`",
                    span,
                    notes=(f"the other is at {where}, and this module uses that one",),
                    helps=("rename one of them",),
                )
            else:
                yield Finding(
                    f"the modules {both} both declare `{text}`, and this one uses both",
                    use_of(module, second).span,
                    notes=(f"they are at {where} and {span.file.name}:{span.line}",),
                    helps=("rename one of them",),
                )


def _collisions(names: Iterable[_Derived]) -> Iterator[Finding]:
    seen: dict[str, _Derived] = {}
    for derived in names:
        text, name, span, what = derived
        first = seen.setdefault(text, derived)
        if first is derived:
            continue
        if what and not first[3]:
            # Point at the name that the author is free to choose.
            (_, name, span, what), first = first, derived
        _, first_name, first_span, first_what = first
        if first_what and what:
            message = f"`{name}` and `{first_name}` both bring `{text}` along"
        elif first_what:
            message = f"`{name}` is also {first_what}"
        elif name == first_name:
            message = f"`{name}` is used twice here"
        else:
            message = f"`{name}` and `{first_name}` both become `{text}`"
        yield Finding(
            message,
            span,
            notes=(f"the other is at {first_span.file.name}:{first_span.line}",),
            helps=("rename one of them",),
        )


@rule(
    "VM030",
    "system-macro",
    "A constant that a header of the system defines too.",
)
def system_macro(analysis: Analysis) -> Iterator[Finding]:
    """A constant is a macro in C. Where a header of the system has a macro of that name,
    the one that comes last holds for both, and about a header of the system no compiler
    says so: with a constant `LITTLE_ENDIAN` of 0, what comes behind `<sys/types.h>` reads
    1234. Values of enums and the macros of contexts can be changed likewise.

    The headers are those of glibc, Linux and gcc, and of Windows what `<windows.h>`
    brings in and C's library has.
    """
    module, reserved = analysis.module, analysis.reserved
    constants = reserved.names("constant")
    for name, declared, span, what in _c_macros(module, reserved.prefix("c")):
        # Those of <stdint.h> are reserved.
        if declared in constants:
            continue
        where = number_macro(name)
        if where is None:
            continue
        called = f"`{name}`, {what}, is" if what else f"`{name}` is"
        other = f"{module.name.upper()}_{declared}"
        free = not what and number_macro(reserved.prefix("c") + other) is None
        yield Finding(
            f"{called} also a macro of {where}",
            span,
            notes=("whichever comes last gives both their value, without a warning",),
            helps=(
                f"choose another name{f', such as `{other}`' if free else ''}, or set "
                "`c.prefix` in `[tool.vmgen]`",
            ),
        )
