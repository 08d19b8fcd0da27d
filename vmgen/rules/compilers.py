"""What a schema says for compilers alone: types of indices, and of offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.values import value_of
from vmgen.languages.registry import language
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, on_targets
from vmgen.schema import model as m
from vmgen.schema.types import FnPointer, Int, RustLayout, children

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.layout.layouts import Layouts
    from vmgen.rules.analysis import Analysis
    from vmgen.schema.types import Type

LARGEST = {"u8": 0xFF}
"""The largest number of each type that offsets may be asked to have; any fits a u32."""


def _indices(analysis: Analysis) -> Iterator[tuple[m.Count, m.Word]]:
    """Each count whose elements have an index type, with that."""
    for declared in analysis.own.values():
        if isinstance(declared, m.Context):
            for count in declared.counts:
                if count.index is not None:
                    yield count, count.index


@rule(
    "VM060",
    "index-given-twice",
    "A count that has another index type in another context.",
)
def index_given_twice(analysis: Analysis) -> Iterator[Finding]:
    """An index type is there so that an index into one thing can't be taken for an index
    into another. Contexts that count the same thing under the same name number it in the
    same way; a count that is something else needs a name of its own.
    """
    first: dict[str, m.Word] = {}
    for count, index in _indices(analysis):
        other = first.setdefault(count.name, index)
        if other.text != index.text:
            yield Finding(
                f"`{count.name}` counts what is numbered by `{index.text}` here, and by "
                f"`{other.text}` elsewhere",
                index.span,
                notes=(f"`{other.text}` on line {other.span.line}",),
                helps=("give both the same index type, or rename one of the counts",),
            )


def _is_u32(declared: m.Declaration) -> bool:
    match declared:
        case m.Newtype(inner=inner) | m.PlainEnum(tag=inner):
            return inner == Int("u32")
        case _:
            return False


@rule(
    "VM061",
    "bad-index-type",
    "An index type that can't be one.",
)
def bad_index_type(analysis: Analysis) -> Iterator[Finding]:
    """An index is a u32 that is told apart from others by its type. The type may be one
    of yours that the schema doesn't declare. One that the schema declares, since records
    hold such indices too, is a newtype of `u32` or an enum whose tag is one.
    """
    words = language("rust").words()
    assert words is not None
    for _, index in _indices(analysis):
        declared = analysis.types.get(index.text)
        if declared is not None:
            if not _is_u32(declared):
                yield Finding(
                    f"`{index.text}` is no newtype of `u32`",
                    index.span,
                    helps=(
                        "name a newtype of `u32`, an enum whose tag is one, or a type that "
                        "isn't declared here",
                    ),
                )
            continue
        for taken in words.taken.get("type", ()):
            if index.text in taken:
                yield Finding(
                    f"`{index.text}` can't be an index type: it is {taken.what}",
                    index.span,
                    helps=("choose another name",),
                )
                break


@rule(
    "VM250",
    "offset-type-exceeded",
    "An offset or a size that `offset_type` doesn't hold.",
    stage="layout",
)
def offset_type_exceeded(analysis: Analysis) -> Iterator[Finding]:
    """Compilers keep offsets in small integers where they can: an immediate of one byte,
    say. `offset_type: u8` promises that every offset in the record, and its size, is at
    most 255 on every target; without it they are u32.
    """
    layouts = analysis.laid_out
    for name, declared in analysis.own.items():
        asked = declared.offset_type
        if asked is None or asked.text not in LARGEST:
            continue
        limit = LARGEST[asked.text]
        what, numbers = _first_beyond(name, declared, layouts, limit)
        if not what:
            continue
        far = [c for c in layouts.classes if numbers[c.index] > limit]
        where = on_targets([t for c in far for t in c.targets], analysis.module)
        yield Finding(
            f"{what} {max(numbers)} {where}, and a `{asked.text}` holds {limit} at most",
            asked.span,
            helps=(
                "remove `offset_type`, so that offsets are u32, or make the record "
                f"smaller, {CHANGES}",
            ),
        )


def _first_beyond(
    name: str, declared: m.Declaration, layouts: Layouts, limit: int
) -> tuple[str, list[int]]:
    """The first part of a record beyond a limit in words, and its offset per layout class;
    or the record's size; or no words where all fits."""
    for part in layouts.parts(name):
        if max(part.offsets) > limit:
            what = f"the {part.name}" if part.in_enum else f"`{part.name}`"
            return f"{what} of `{name}` is at", list(part.offsets)
    sizes = [layout.size for layout in layouts.row(name)]
    if max(sizes) > limit:
        is_part = isinstance(declared, m.Context) or m.is_prefix(declared)
        fixed = "the fixed part of " if is_part else ""
        return f"the size of {fixed}`{name}` is", sizes
    return "", []


@rule(
    "VM062",
    "other-rust-type",
    "A type in Rust that is passed otherwise, or of what no signature has.",
)
def other_rust_type(analysis: Analysis) -> Iterator[Finding]:
    """Compiled code calls a slot by the signature. Where the functions of a runtime have
    other types in Rust, these have to be passed in the same way: a pointer for a pointer
    or a `usize`, an integer for one as wide and with the same sign. What is on the left is
    a whole parameter or result of some signature.
    """
    for declared in analysis.own.values():
        if isinstance(declared, m.Functions):
            signatures = [slot.signature for slot in declared.slots]
            yield from _other_types(declared.rust_types, signatures, analysis)
            for slot in declared.slots:
                yield from _other_types(slot.rust_types, [slot.signature], analysis)
                yield from _other_result(slot, analysis)


def _other_result(slot: m.Slot, analysis: Analysis) -> Iterator[Finding]:
    rust, given = slot.rust_result, slot.signature.result
    if rust is None:
        return
    if given is None:
        yield Finding(
            f"`{slot.name}` has no result",
            rust.span,
            helps=("remove `rust_result`, or give the signature a result",),
        )
    elif not _passed_alike(given, rust.type, analysis):
        yield _passed_otherwise(rust, given)


def _passed_otherwise(rust: m.TypeText, given: Type) -> Finding:
    return Finding(
        f"`{rust.type}` isn't passed as `{given}` is",
        rust.span,
        helps=("name a type that is as wide and of the same sort",),
    )


def _other_types(
    others: tuple[m.OtherType, ...],
    signatures: list[FnPointer],
    analysis: Analysis,
) -> Iterator[Finding]:
    passed = {type for signature in signatures for type in children(signature)}
    for other in others:
        if other.type.type not in passed:
            yield Finding(
                f"no parameter or result is a `{other.type.type}`",
                other.type.span,
                helps=("remove it, or spell the type as the signature does",),
            )
        elif not _passed_alike(other.type.type, other.rust.type, analysis):
            yield _passed_otherwise(other.rust, other.type.type)


def _passed_alike(given: Type, rust: Type, analysis: Analysis) -> bool:
    """Whether both types are passed in the same way, as far as that can be told: of a path
    Rust knows more."""
    if isinstance(rust, RustLayout) and rust.path:
        return True
    here, there = (value_of(type, analysis.types) for type in (given, rust))
    if here is None or there is None or here.count != there.count:
        return False
    if here.scalar is None or there.scalar is None:
        return here.record == there.record
    if here.scalar.of_c or there.scalar.of_c:
        # As wide as the target's C has it, which the other may be on some targets.
        return False
    one, other = here.scalar.passed, there.scalar.passed
    return one == other or (one[1] is None and other[1] is None)
