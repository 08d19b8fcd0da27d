"""Names that a language keeps for itself, and names that become the same one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from vmgen.rules.registry import Finding, rule
from vmgen.rules.wording import listed
from vmgen.schema import model as m
from vmgen.schema.reserved import (
    MACROS,
    RUNTIME_PREFIXES,
    Language,
    Role,
    escaped,
    reserved_words,
    why_reserved,
)
from vmgen.text import screaming_case, snake_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from vmgen.reading.source import Span
    from vmgen.rules.subject import Subject

    Allows = tuple[Mapping[str, m.Allow], ...]


class _Name(msgspec.Struct, frozen=True):
    """A name at its place, and what may silence a rule about it."""

    text: str
    span: Span
    role: Role
    allows: Allows = ()


@rule(
    "VM011",
    "reserved-name",
    "A name that one of the languages keeps for itself.",
    waivable=True,
)
def reserved_name(subject: Subject) -> Iterator[Finding]:
    """A field that is called `type` can't be declared in Rust, one that is called
    `class` not in C++, and one that is called `from_buffer` hides what every ctypes
    class has. Some names of modules would hide another file: a header `stdint.h`, a
    Python module `enum`.

    Keywords are those of Rust 2015 to 2024, C11 to C23, C++11 to C++23 and Python
    3.10 to 3.15. Allow it to keep a name that is given: the bindings of a language
    that reserves it then add an underscore.
    """
    for name in _suspects(subject, reserved=True):
        what = why_reserved(name.text, name.role) or "a name of vmgen.h"
        yield Finding(
            f"`{name.text}` is {what}",
            name.span,
            name.allows,
            helps=(_way_out(name),),
        )


def _way_out(name: _Name) -> str:
    languages: tuple[Language, ...] = ("Rust", "C", "Python")
    spelled = {x: escaped(name.text, x, name.role) for x in languages}
    changed = [x for x, spelling in spelled.items() if spelling != name.text]
    if not changed or not name.allows:
        return "choose another name"
    return (
        f"choose another name, or allow `reserved-name` to have `{spelled[changed[0]]}` "
        f"in {listed(changed)}"
    )


@rule(
    "VM018",
    "macro-name",
    "A name that common C headers define as a macro or a type.",
    severity="warning",
    waivable=True,
)
def macro_name(subject: Subject) -> Iterator[Finding]:
    """The preprocessor knows no scopes: where `<errno.h>` comes first, a member that
    is called `errno` turns into a function call, and with GNU extensions `linux` is
    the number 1. The header then fails in somebody else's program.
    """
    for name in _suspects(subject, reserved=False):
        yield Finding(
            f"`{name.text}` is a macro or a type in C on some platforms",
            name.span,
            name.allows,
            notes=("the C header fails where that definition comes before it",),
            helps=("choose another name",),
        )


def _suspects(subject: Subject, *, reserved: bool) -> Iterator[_Name]:
    """The names that are reserved words in their role, or that are macros."""
    module = subject.module

    def words(role: Role) -> Iterable[str]:
        return reserved_words(role) if reserved else MACROS

    if module.name in words("module"):
        yield _Name(module.name, module.span, "module")
    for constant in module.constants.values():
        taken = constant.name in words("constant")
        if taken or (reserved and constant.name.startswith(RUNTIME_PREFIXES)):
            yield _Name(constant.name, constant.span, "constant")
    types, fields, in_contexts = words("type"), words("field"), words("context")
    for declared in module.types.values():
        if declared.name in types:
            yield _Name(declared.name, declared.span, "type", (declared.allow,))
        if isinstance(declared, (m.Struct, m.Union)):
            for field in declared.fields:
                if field.name in fields:
                    allows = (field.allow, declared.allow)
                    yield _Name(field.name, field.span, "field", allows)
        elif isinstance(declared, m.Context):
            for part in _parts(declared):
                if part.name in in_contexts:
                    own = () if isinstance(part, m.Count) else (part.allow,)
                    yield _Name(part.name, part.span, "context", (*own, declared.allow))
        elif isinstance(declared, (m.PlainEnum, m.TaggedEnum)):
            variants = words("variant")
            for variant in declared.variants:
                if variant.name in variants:
                    allows = (variant.allow, declared.allow)
                    yield _Name(variant.name, variant.span, "variant", allows)
        elif isinstance(declared, m.Functions):
            yield from _suspect_slots(declared, fields, words("parameter"))


def _parts(context: m.Context) -> list[m.Field | m.Region | m.Count]:
    """Everything of a context that has a name."""
    return [*context.fields, *context.regions, *context.counts]


def _suspect_slots(
    table: m.Functions, fields: Iterable[str], parameters: Iterable[str]
) -> Iterator[_Name]:
    for slot in table.slots:
        allows = (slot.allow, table.allow)
        if slot.name in fields:
            yield _Name(slot.name, slot.span, "field", allows)
        for parameter in slot.signature.params:
            if parameter.name in parameters:
                span = _parameter_span(slot, parameter.name)
                yield _Name(parameter.name, span, "parameter", allows)


def _parameter_span(slot: m.Slot, name: str) -> Span:
    """Where a signature names a parameter, the last time if it does twice."""
    inside = slot.text.node.text_span
    found = [
        match
        for match in re.finditer(rf"\b{re.escape(name)}\b\s*:", slot.text.node.value)
        if inside is not None
    ]
    if inside is None or not found:
        return slot.text.span
    start = found[-1].start()
    return inside.part(start, start + len(name))


@rule("VM012", "name-collision", "Two names that are the same one in some language.")
def name_collision(subject: Subject) -> Iterator[Finding]:
    """Rust, C and Python write the same thing in different ways: the functions of a
    `VMFuncRef` begin with `vm_func_ref_` in C, its macros with `VM_FUNC_REF_`, and
    some types bring others along, as `VMContext` does with `VMContextOffsets`. Two
    names that are different in the schema may become the same then.
    """
    yield from _collisions(_type_names(subject.module))
    yield from _collisions(_c_names(subject.module))
    yield from _named_like_models(subject.module)
    for declared in subject.types.values():
        if isinstance(declared, m.Context):
            parts = _parts(declared)
            yield from _collisions([(p.name, p.name, p.span, "") for p in parts])
            yield from _flags_that_are_features(declared, subject.module)
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
                names = [p.name for p in slot.signature.params if p.name]
                if len(set(names)) < len(names):
                    twice = next(n for n in names if names.count(n) > 1)
                    yield Finding(
                        f"two parameters are called `{twice}`",
                        _parameter_span(slot, twice),
                        helps=("rename one of them",),
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
    like = re.compile(f"{module.name.upper()}_MODEL_[0-9].*")
    for constant in module.constants.values():
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


def _type_names(module: m.Module) -> list[_Derived]:
    """Types as functions and macros spell them, when any two may be the same."""
    named: list[_Derived] = []
    derived = False
    for name, declared in module.types.items():
        named.append((name, name, declared.span, ""))
        for more in _BROUGHT_ALONG.get(type(declared), ()):
            derived = True
            what = f"what the bindings of `{name}` bring along"
            named.append((name + more, name, declared.span, what))
    # Casing only adds underscores, so that names which differ without regard to case
    # stay different.
    if not derived and len({name.lower() for name in module.types}) == len(named):
        return []
    return [(snake_case(text), *rest) for text, *rest in named]  # type: ignore[misc]


def _c_names(module: m.Module) -> list[_Derived]:
    """What C has in one scope: constants, types, the values of enums, and the macros and
    functions that the header makes of contexts. Rust and Python have the first two."""
    contexts = [d for d in module.types.values() if isinstance(d, m.Context)]
    named: list[_Derived] = [
        (c.name, c.name, c.span, "") for c in module.constants.values()
    ]
    if named:
        named += _c_names_of_types(module)
    prefix = module.name.upper()
    for suffix in ("MODELS", "MODEL_HOST", "BY_MODEL", "H"):
        text = f"{prefix}_{suffix}"
        named.append((text, module.name, module.span, "a macro of the C header"))
    named.append(("vm_region", module.name, module.span, "a type of vmgen.h"))
    for context in contexts:
        upper, lower = screaming_case(context.name), snake_case(context.name)
        made = [f"{upper}_FIXED_SIZE", f"{lower}_offsets_init", f"{lower}_region"]
        made += [f"{upper}_{f.name.upper()}_OFFSET" for f in context.fields]
        for region in context.regions:
            made += [
                f"{upper}_{region.name.upper()}_{x}" for x in ("STRIDE", "ROUNDING")
            ]
            made += [f"{lower}_{region.name}_{end}" for end in ("at", "len", "ptr")]
        what = f"what the C header has for `{context.name}`"
        named += [(text, context.name, context.span, what) for text in made]
    return named


def _c_names_of_types(module: m.Module) -> Iterator[_Derived]:
    """Types and the values of enums; only constants may be named like them."""
    for name, declared in module.types.items():
        yield name, name, declared.span, ""
        if isinstance(declared, (m.PlainEnum, m.TaggedEnum)):
            for variant in declared.variants:
                value = f"{name}_{variant.name}"
                yield value, value, variant.span, f"what C calls a value of `{name}`"


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
