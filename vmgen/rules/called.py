"""Names that languages have for what is called otherwise in the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.called import is_renamed, keyword_of, members_of, name_in
from vmgen.analysis.using import use_of
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.analysis.called import Member
    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis

    Thing = m.Declaration | m.Constant | Member

LANGUAGES = {"c": "C", "rust": "Rust", "python": "Python"}

_STRUCTS = (
    m.Struct, m.TaggedEnum, m.Functions, m.Foreign, m.Opaque, m.Context,
)  # fmt: skip


@rule("VM083", "shared-name", "One name for two things in some language.")
def shared_name(analysis: Analysis) -> Iterator[Finding]:
    """`c_name`, `rust_name` and `python_name` say what a language calls something. Two types
    or constants of one name there would be one declaration, or none that compiles, and so
    would two parts of one record.
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
    seen: dict[str, Thing] = {}
    for thing in things:
        name = name_in(thing, language)
        first = seen.setdefault(name, thing)
        if first is thing or first.name == thing.name:
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
        if keyword != right:
            name = word.text.partition(" ")[2]
            better = f"{right} {name}" if right else name
            yield Finding(
                f"`{declared.name}` is no `{keyword}` in C",
                word.span,
                helps=(f"write `{better}`",),
            )
