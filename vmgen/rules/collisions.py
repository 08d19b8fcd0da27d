"""Names that become the same one, and constants that a header of the system has too."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from vmgen.analysis.members import members_of
from vmgen.analysis.using import use_of
from vmgen.languages.c.derived import macros
from vmgen.languages.c.macros import number_macro
from vmgen.languages.c.names import Names
from vmgen.languages.words import Derived
from vmgen.rules.finding import Finding
from vmgen.rules.names import parameter_span, parts_of, signatures_in
from vmgen.rules.registry import rule
from vmgen.rules.reserved import by_language
from vmgen.schema import model as m
from vmgen.text import snake_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from vmgen.languages.words import Role
    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis
    from vmgen.rules.reserved import Reserved


@rule("VM012", "name-collision", "Two names that are the same one in some language.")
def name_collision(analysis: Analysis) -> Iterator[Finding]:
    """Rust, C and Python write the same thing in different ways: the functions of a
    `VMFuncRef` begin with `vm_func_ref_` in C, its macros with `VM_FUNC_REF_`, and
    some types bring others along, as `VMContext` does with `VMContextOffsets`. Two
    names that are different in the schema may become the same then. The names of
    modules that are used count as well: what includes one header includes theirs.
    """
    told: set[tuple[str, Span]] = set()
    for reserved, module in analysis.by_language:
        for finding in _of_languages(module, reserved):
            if (finding.message, finding.span) not in told:
                told.add((finding.message, finding.span))
                yield finding
    yield from _named_like_models(analysis.module)
    yield from _collisions_of_modules(analysis.module, analysis.reserved)
    for declared in analysis.own.values():
        if isinstance(declared, m.Context):
            parts = parts_of(declared)
            yield from _collisions(Derived(p.name, p.name, p.span, "") for p in parts)
            yield from _flags_that_are_features(declared, analysis.module)
        elif isinstance(declared, m.TaggedEnum):
            yield from _collisions(
                Derived(snake_case(v.name), v.name, v.span, "")
                for v in declared.variants
            )
            for variant in declared.variants:
                if variant.name in ("Tag", "Payload"):
                    yield Finding(
                        f"`{declared.name}_{variant.name}` is also what the C header "
                        f"calls the enum's {variant.name.lower()}",
                        variant.span,
                        helps=("rename the variant",),
                    )
        for _, parameters in signatures_in(declared):
            seen: set[str] = set()
            for name, span in parameters:
                if name in seen:
                    yield Finding(
                        f"two parameters are called `{name}`",
                        span,
                        helps=("rename one of them",),
                    )
                    break
                if name:
                    seen.add(name)
        if isinstance(declared, m.Functions):
            for slot in declared.slots:
                names: set[str] = set()
                for index, parameter in enumerate(slot.signature.params):
                    if parameter.name in names:
                        yield Finding(
                            f"two parameters are called `{parameter.name}`",
                            parameter_span(slot, index),
                            helps=("rename one of them",),
                        )
                        break
                    if parameter.name:
                        names.add(parameter.name)


def _of_languages(module: m.Module, reserved: Reserved) -> Iterator[Finding]:
    """Two names that are one in a language for which the module has the same names."""
    yield from _collisions(_type_names(module, reserved))
    for language in reserved.languages:
        yield from _collisions(_names_of(language, module, reserved))
    for declared in module.own_types.values():
        yield from _escaped(declared, reserved)


def _escaped(declared: m.Declaration, reserved: Reserved) -> Iterator[Finding]:
    """Parts of which one is called as another is spelled, whose name is reserved."""
    parts = members_of(declared)
    if not any(part.name.endswith("_") for part in parts):
        return
    role: Role = "context" if isinstance(declared, m.Context) else "field"
    for words in reserved.words:
        yield from _collisions(
            Derived(
                words.spelled(
                    part.name, "variant" if isinstance(part, m.Variant) else role
                ),
                part.name,
                part.span,
                "",
            )
            for part in parts
        )


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
    like = re.compile(rf"{Names(module.name).model('')}[0-9].*")
    for constant in module.own_constants.values():
        if like.fullmatch(constant.name):
            yield Finding(
                f"`{constant.name}` is named like the C header's data models",
                constant.span,
                helps=("rename it",),
            )


def _declared(module: m.Module) -> Iterator[Derived]:
    """Constants and types, under their own names."""
    for constant in module.own_constants.values():
        yield Derived(constant.name, constant.name, constant.span, "")
    for name, declared in module.own_types.items():
        yield Derived(name, name, declared.span, "", is_type=True)


def _type_names(module: m.Module, reserved: Reserved) -> list[Derived]:
    """Types as functions and macros spell them, when any two may be the same."""
    named = [
        each for each in (*_declared(module), *reserved.derived(module)) if each.is_type
    ]
    types = module.own_types
    # Casing only adds underscores, so that names which differ without regard to these and
    # to case stay different.
    alone = len(named) == len(types)
    if alone and len({n.replace("_", "").lower() for n in types}) == len(named):
        return []
    return [
        Derived(snake_case(each.text), each.name, each.span, each.what)
        for each in named
    ]


def _names_of(language: str, module: m.Module, reserved: Reserved) -> Iterator[Derived]:
    """What a language has of a module in one scope."""
    derived = list(reserved.derived(module, language))
    if derived:
        yield from _declared(module)
        yield from derived


def declared_names(module: m.Module, reserved: Reserved) -> dict[str, tuple[str, Span]]:
    """Every name that some language has of a module, with the declared name and its place.

    What it uses of another module is declared there.
    """
    found: dict[str, tuple[str, Span]] = {}
    for words, called in by_language(module, reserved):
        for each in (*_declared(called), *words.derived(called)):
            # What a header has under the module's name is its own.
            if each.name != module.name:
                found.setdefault(each.text, (each.name, each.span))
    return found


def _collisions_of_modules(module: m.Module, reserved: Reserved) -> Iterator[Finding]:
    """Names that a module or one that it uses declares, and another of those too."""
    if not module.uses:
        return
    modules = [*module.modules_used, module]
    declared = {id(one): declared_names(one, reserved) for one in modules}
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


def _collisions(names: Iterable[Derived]) -> Iterator[Finding]:
    seen: dict[str, Derived] = {}
    told: set[tuple[Span, Span]] = set()
    for derived in names:
        first = seen.setdefault(derived.text, derived)
        if first is derived:
            continue
        this = derived
        if derived.what and not first.what:
            # Point at the name that the author is free to choose.
            this, first = first, derived
        if first.what and this.what:
            # A region has several names, of which one says enough.
            if (this.span, first.span) in told:
                continue
            told.add((this.span, first.span))
            both = f"`{this.whose}` and `{first.whose}`"
            message = f"{both} both bring `{this.text}` along"
        elif first.what:
            message = f"`{this.name}` is also {first.what}"
        elif this.name == first.name:
            message = f"`{this.name}` is used twice here"
        else:
            message = f"`{this.name}` and `{first.name}` both become `{this.text}`"
        yield Finding(
            message,
            this.span,
            notes=(f"the other is at {first.span.file.name}:{first.span.line}",),
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
    brings in and C's library has. A schema that names a header under `c` has the constants
    of that header, with the same values.
    """
    reserved, module = analysis.in_c
    if module.owner is not None:
        return
    constants = reserved.names("constant")
    prefix = reserved.prefix("c")
    own = (each for each in _declared(module) if not each.is_type)
    for each in (*own, *macros(module)):
        # Those of <stdint.h> are reserved.
        if each.name in constants:
            continue
        name, what = prefix + each.text, each.what
        where = number_macro(name) if name.isupper() else None
        if where is None:
            continue
        called = f"`{name}`, {what}, is" if what else f"`{name}` is"
        other = f"{module.name.upper()}_{each.name}"
        free = not what and number_macro(prefix + other) is None
        yield Finding(
            f"{called} also a macro of {where}",
            each.span,
            notes=("whichever comes last gives both their value, without a warning",),
            helps=(
                f"choose another name{f', such as `{other}`' if free else ''}, or set "
                "`c.prefix` in `[tool.vmgen]`",
            ),
        )
