"""Names that a language keeps for itself, or that headers of C have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.c.macros import macro_names, number_macro
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import listed
from vmgen.schema import model as m
from vmgen.schema.built_in import is_built_in
from vmgen.schema.types import FnPointer

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from vmgen.languages.words import Role
    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis
    from vmgen.rules.reserved import Reserved

    Allows = tuple[Mapping[str, m.Allow], ...]
    Parameters = list[tuple[str, Span]]


class _Name(msgspec.Struct, frozen=True):
    """A name at its place, and what may allow a rule about it. `has_keys` is whether
    languages can have another one."""

    text: str
    span: Span
    role: Role
    allows: Allows = ()
    has_keys: bool = True


@rule(
    "VM011",
    "reserved-name",
    "A name that one of the languages keeps for itself.",
    allowable=True,
)
def reserved_name(analysis: Analysis) -> Iterator[Finding]:
    """A field that is called `type` can't be declared in Rust, one that is called
    `class` not in C++, and one that is called `from_buffer` hides what every ctypes
    class has. Some names of modules would hide another file from those who look where the
    bindings are: a header `memory.h`, a Python module `queue`.

    Keywords are those of Rust 2015 to 2024, C11 to C23, C++11 to C++23 and Python
    3.10 to 3.15. Allow it to keep a name that is given: the bindings of a language
    that reserves it then add an underscore.
    """
    told: set[tuple[str, Span]] = set()
    for words, module in analysis.by_language:
        for name in _suspects(module, words, reserved=True):
            if (name.text, name.span) in told:
                continue
            told.add((name.text, name.span))
            why = words.why(name.text, name.role)
            assert why is not None
            spelled, what = why
            yield Finding(
                f"`{spelled}` is {what}",
                name.span,
                name.allows,
                helps=(_way_out(name, words),),
            )
    for declared in analysis.own.values():
        # What is written in a schema is the type that nobody declares.
        name_of = (declared.name, declared.span)
        if is_built_in(declared.name) and name_of not in told:
            yield Finding(
                f"`{declared.name}` is a type of the schema language",
                declared.span,
                helps=("choose another name",),
            )


def _way_out(name: _Name, reserved: Reserved) -> str:
    if name.role in ("module", "family"):
        options = [f"`{option}`" for option in reserved.freeing(name.text, name.role)]
        return another_name(listed(options)) if options else "choose another name"
    if name.role == "constant":
        return another_name("`c.prefix`")
    ways = ["choose another name"]
    if name.role in ("type", "variant", "field", "context") and name.has_keys:
        keys = [
            f"`{language}_name`" for language in reserved.taking(name.text, name.role)
        ]
        ways += [f"say by {listed(keys)} what it is called there"] if keys else []
    spelled = {w.title: w.spelled(name.text, name.role) for w in reserved.words}
    changed = [x for x, spelling in spelled.items() if spelling != name.text]
    if changed and name.allows:
        ways.append(
            f"allow `reserved-name` to have `{spelled[changed[0]]}` in {listed(changed)}"
        )
    *others, last = ways
    return f"{', '.join(others)}, or {last}" if others else last


@rule(
    "VM018",
    "macro-name",
    "A name that common C headers define as a macro or a type.",
    severity="warning",
    allowable=True,
)
def macro_name(analysis: Analysis) -> Iterator[Finding]:
    """The preprocessor knows no scopes: where `<errno.h>` comes first, a member that
    is called `errno` turns into a function call, and with GNU extensions `linux` is
    the number 1. The header then fails in another program. So it does with Qt's
    `slots`, and where a header of Windows is called like the module's.
    """
    reserved, module = analysis.in_c
    prefix = reserved.prefix("c")
    for name in _suspects(module, reserved, reserved=False):
        if name.text in reserved.names(name.role):
            # That is said already.
            continue
        if name.role == "module":
            yield Finding(
                f"`{name.text}.h` is a header of Windows",
                name.span,
                notes=("which of the two is found depends on the order of folders",),
                helps=(another_name("`c.include`"),),
            )
            continue
        outside = name.role in ("type", "constant")
        if not outside and _is_theirs(module, name.text):
            # Their header has that member, and fails where ours would.
            continue
        spelled = prefix + name.text if outside else name.text
        yield Finding(
            f"`{spelled}` is a macro or a type in C on some platforms",
            name.span,
            name.allows,
            notes=("the C header fails where that definition comes before it",),
            helps=(another_name("`c.prefix`") if outside else "choose another name",),
        )


def _is_theirs(module: m.Module, member: str) -> bool:
    owner = module.owner
    if owner is None:
        return False
    return member not in {word.text.rpartition(".")[2] for word in owner.without}


def another_name(options: str) -> str:
    """What helps where a name is taken, and options of the configuration do as well."""
    return f"choose another name, or set {options} in `[tool.vmgen]`"


def _suspects(module: m.Module, known: Reserved, *, reserved: bool) -> Iterator[_Name]:
    """The names that are reserved words in their role, or that are macros."""

    def words(role: Role) -> Container[str]:
        return known.names(role) if reserved else macro_names(role)

    # Macros are C's; what is reserved is asked for as the schema has it.
    before = "" if reserved else known.prefix("c")
    prefixes = known.prefixes("constant")
    # There is no other way to spell a module or a constant that is reserved.
    of_module: Allows = () if reserved else (module.allow,)
    included = not reserved and known.has("c", "include")
    for text, span in module.names:
        if text in words("module") and not included:
            yield _Name(text, span, "module", of_module)
    if module.versions and reserved and module.family in words("family"):
        assert module.family_span is not None
        yield _Name(module.family, module.family_span, "family")
    for constant in module.own_constants.values():
        taken = before + constant.name in words("constant")
        # What a macro of the system changes is an error of its own.
        if not reserved and number_macro(before + constant.name) is not None:
            continue
        if taken or (reserved and constant.name.startswith(prefixes)):
            yield _Name(constant.name, constant.span, "constant", of_module)
    types, fields, in_contexts = words("type"), words("field"), words("context")
    taken_types = known.prefixes("type") if reserved else ()
    for declared in module.own_types.values():
        if before + declared.name in types or declared.name.startswith(taken_types):
            # Bindings spell a type as the schema does: only what is no keyword, as all
            # that begin with a capital aren't but for a few, can be kept.
            kept = declared.name[0].isupper()
            of_type: Allows = (declared.allow,) if kept else ()
            yield _Name(declared.name, declared.span, "type", of_type)
        for allows, parameters in signatures_in(declared):
            for name, span in parameters:
                if name in words("parameter"):
                    yield _Name(name, span, "parameter", allows)
        if isinstance(declared, (m.Struct, m.Union)):
            for field in declared.fields:
                if field.name in fields:
                    allows = (field.allow, declared.allow)
                    yield _Name(field.name, field.span, "field", allows)
        elif isinstance(declared, m.Context):
            for part in parts_of(declared):
                if part.name in in_contexts:
                    is_count = isinstance(part, m.Count)
                    own = () if isinstance(part, m.Count) else (part.allow,)
                    allows = (*own, declared.allow)
                    yield _Name(
                        part.name, part.span, "context", allows, has_keys=not is_count
                    )
        elif isinstance(declared, (m.PlainEnum, m.TaggedEnum)):
            variants = words("variant")
            beginnings = known.prefixes("variant") if reserved else ()
            for variant in declared.variants:
                # What begins so can't be kept: another end changes nothing about it.
                begins = variant.name.startswith(beginnings)
                if begins or variant.name in variants:
                    allows = () if begins else (variant.allow, declared.allow)
                    yield _Name(variant.name, variant.span, "variant", allows)
        elif isinstance(declared, m.Functions):
            yield from _suspect_slots(declared, fields, words("parameter"))


def parts_of(context: m.Context) -> list[m.Field | m.Region | m.Count]:
    """Everything of a context that has a name."""
    return [*context.fields, *context.regions, *context.counts]


def _suspect_slots(
    table: m.Functions, slots: Container[str], parameters: Container[str]
) -> Iterator[_Name]:
    for slot in table.slots:
        allows = (slot.allow, table.allow)
        if slot.name in slots:
            yield _Name(slot.name, slot.span, "field", allows)
        for index, parameter in enumerate(slot.signature.params):
            if parameter.name in parameters:
                span = parameter_span(slot, index)
                yield _Name(parameter.name, span, "parameter", allows)


def signatures_in(declared: m.Declaration) -> Iterator[tuple[Allows, Parameters]]:
    """The function pointers that fields and other parts are, each as the names of its
    parameters with their places, and where something is allowed of it."""
    for owner, text in _texts(declared):
        for part in text.spelled.walk() if "fn" in text.node.value else ():
            if isinstance(part.type, FnPointer):
                yield (owner, declared.allow), [
                    (param.name, _place(text, place))
                    for param, place in zip(part.type.params, part.names, strict=True)
                ]


def _texts(
    declared: m.Declaration,
) -> Iterator[tuple[Mapping[str, m.Allow], m.TypeText]]:
    match declared:
        case m.Newtype(of=text):
            yield declared.allow, text
        case (
            m.Struct(fields=fields) | m.Union(fields=fields) | m.Context(fields=fields)
        ):
            yield from ((field.allow, field.text) for field in fields)
        case m.TaggedEnum(variants=variants):
            yield from ((v.allow, v.text) for v in variants if v.text)


def _place(text: m.TypeText, place: tuple[int, int] | None) -> Span:
    inside = text.node.text_span
    return inside.part(*place) if inside and place else text.span


def parameter_span(slot: m.Slot, index: int) -> Span:
    """Where a signature names a parameter, or the whole where escapes moved it."""
    place, inside = slot.text.spelled.names[index], slot.text.node.text_span
    return inside.part(*place) if inside and place else slot.text.span
