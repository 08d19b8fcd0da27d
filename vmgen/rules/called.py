"""Names that languages have for what is called otherwise in the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.called import is_renamed, keyword_of, name_in
from vmgen.analysis.members import members_of
from vmgen.analysis.order import first_held
from vmgen.analysis.peel import by_value
from vmgen.analysis.using import use_of
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.schema import model as m
from vmgen.schema.types import Atomic, Named
from vmgen.targets.conditions import all_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.analysis.members import Member
    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis
    from vmgen.schema.types import Type
    from vmgen.targets.conditions import Condition

    Thing = m.Declaration | m.Constant | Member

LANGUAGES = {"c": "C", "rust": "Rust", "python": "Python"}

_STRUCTS = (
    m.Struct, m.TaggedEnum, m.Functions, m.Foreign, m.Opaque, m.Context,
)  # fmt: skip


@rule("VM083", "shared-name", "One name for two things in some language.")
def shared_name(analysis: Analysis) -> Iterator[Finding]:
    """`c_name`, `rust_name` and `python_name` say what a language calls something. Two types
    or constants of one name there would be one declaration, or none that compiles, and so
    would two parts of one record, unless they are fields that are never on one target: C's
    preprocessor then leaves one of them.
    """
    module = analysis.module
    for language, title in LANGUAGES.items():
        if not is_renamed(module, language):
            continue
        things: list[tuple[Sequence[Thing], str]] = [
            ([*module.constants.values()], ""),
            ([*module.types.values()], ""),
            *((members_of(one), f" of `{one.name}`") for one in analysis.own.values()),
        ]
        for each, whose in things:
            yield from _shared(analysis, each, language, title, whose)


def _shared(
    analysis: Analysis, things: Sequence[Thing], language: str, title: str, whose: str
) -> Iterator[Finding]:
    seen: dict[str, list[Thing]] = {}
    for thing in things:
        name = name_in(thing, language)
        before = seen.setdefault(name, [])
        first = next((o for o in before if _meet(analysis, o, thing, language)), None)
        before.append(thing)
        if first is None or first.name == thing.name:
            continue
        # What says so is what can be changed.
        this, other = (thing, first) if thing.called.by(language) else (first, thing)
        yield Finding(
            f"`{first.name}` and `{thing.name}`{whose} are both called `{name}` in {title}",
            _place(analysis, this, language),
            notes=(f"the other is at {_at(other)}",),
            helps=("give one of the two another name",),
            firm=True,
        )


def _meet(analysis: Analysis, one: Thing, other: Thing, language: str) -> bool:
    """Whether two things are in one declaration. Fields that are on different targets aren't
    in C, where each is between `#if` and `#endif`; other languages have both everywhere.
    """
    if (
        language != "c"
        or not isinstance(one, m.Field)
        or not isinstance(other, m.Field)
    ):
        return True
    return _both_met(analysis, one.on, other.on)


def _both_met(
    analysis: Analysis, one: Condition | None, other: Condition | None
) -> bool:
    """Whether a target of the schema meets two conditions, None for none."""
    both = all_of([one, other])
    targets = analysis.module.targets
    return both is None or any(target.is_met(both) for target in targets)


def _at(thing: Thing) -> str:
    return f"{thing.span.file.name}:{thing.span.line}"


def _place(analysis: Analysis, thing: Thing, language: str) -> Span:
    """Where a thing gets its name, or the use that brings it in."""
    module = analysis.module
    by = module.used.get(thing.name)
    outside = isinstance(thing, m.Declaration | m.Constant)
    if outside and by is not None:
        other = next(one for one in module.modules_used if one.name == by)
        return use_of(module, other).span
    word = thing.called.by(language)
    return word.span if word else thing.span


@rule(
    "VM084", "wrong-keyword", "A keyword before C's name that C has not for the type."
)
def wrong_keyword(analysis: Analysis) -> Iterator[Finding]:
    """`c_name: struct io_uring_sqe` says that C knows the type by that alone, without a
    typedef. A union is a `union` there, and a plain enum an `enum`; a newtype is nothing but
    a typedef.
    """
    for declared in analysis.own.values():
        keyword, word = keyword_of(declared), declared.called.c
        if word is None or not keyword:
            continue
        right = ""
        if isinstance(declared, m.Union):
            right = "union"
        elif isinstance(declared, m.PlainEnum):
            right = "enum"
        elif isinstance(declared, _STRUCTS):
            right = "struct"
        if isinstance(declared, m.Opaque) and keyword == "union":
            # Nobody here knows what it is made of.
            continue
        if keyword != right:
            name = word.text.partition(" ")[2]
            better = f"{right} {name}" if right else name
            yield Finding(
                f"`{declared.name}` is no `{keyword}` in C",
                word.span,
                helps=(f"write `{better}`",),
            )


@rule("VM085", "in-place", "A type in place that can't be where it is.")
def in_place(analysis: Analysis) -> Iterator[Finding]:
    """A struct or union that is declared in place has a name of its own, as other types
    have. What an anonymous one is made of are members of the record around it in C and in
    Python, so that none may have the name of another. C++ has no anonymous records of what
    has a constructor, as its atomics have. A context has no anonymous fields: its offsets
    have a name each.
    """
    for declared in analysis.own.values():
        if declared.in_place is not None and declared.in_place.anonymous:
            yield from _with_atomics(analysis, declared)
        match declared:
            case m.Struct(fields=fields) | m.Union(fields=fields):
                if any(field.anonymous for field in fields):
                    yield from _through(analysis, declared.name, fields)
            case m.Context(fields=fields):
                for field in fields:
                    if field.anonymous:
                        yield Finding(
                            f"`{field.name}` is anonymous, and `{declared.name}` a context",
                            field.span,
                            helps=("leave `anonymous` out",),
                            firm=True,
                        )
            case _:
                pass


def _with_atomics(analysis: Analysis, anonymous: m.Declaration) -> Iterator[Finding]:
    for field in members_of(anonymous):
        if not isinstance(field, m.Field) or field.anonymous:
            continue
        found = first_held(field.text.type, analysis.types, _is_atomic)
        if found is None:
            continue
        is_it = found == by_value(field.text.type)
        yield Finding(
            f"`{field.name}` {'is' if is_it else 'holds'} an atomic, and is in something "
            "anonymous",
            field.text.span,
            notes=(
                f"C++ has no anonymous record that an atomic is in, here `{found}`",
            ),
            helps=("leave `anonymous` out, or declare the plain type",),
        )


def _is_atomic(type: Type, types: Mapping[str, m.Declaration]) -> bool:
    return isinstance(type, Atomic)


def _through(
    analysis: Analysis, record: str, fields: Sequence[m.Field]
) -> Iterator[Finding]:
    for language in ("c", "python"):
        words = analysis.reserved.only([language]).words
        seen: dict[str, list[tuple[m.Field, Condition | None]]] = {}
        inside = [*_visible(analysis, fields)]
        if language == "python":
            inside = [*((f, None) for f in fields if f.anonymous), *inside]
        for field, on in inside:
            name = name_in(field, language)
            # The one that is reserved is spelled otherwise.
            name = words[0].spelled(name) if words else name
            before = seen.setdefault(name, [])
            first = next(
                (
                    other
                    for other, condition in before
                    if language != "c" or _both_met(analysis, condition, on)
                ),
                None,
            )
            before.append((field, on))
            if first is not None:
                yield Finding(
                    f"`{name}` is a member of `{record}` twice, as one is in something "
                    "anonymous",
                    field.span,
                    notes=(f"the other is at {_at(first)}",),
                    helps=("rename one of them",),
                    firm=True,
                )
                return


def _visible(
    analysis: Analysis, fields: Sequence[m.Field], on: Condition | None = None
) -> Iterator[tuple[m.Field, Condition | None]]:
    """The fields that C has as members of one record, each with all that it is there on."""
    for field in fields:
        here = all_of([on, field.on])
        if not field.anonymous:
            yield field, here
        elif isinstance(field.type, Named):
            inner = analysis.types[field.type.name]
            assert isinstance(inner, m.Struct | m.Union)
            yield from _visible(analysis, inner.fields, here)
