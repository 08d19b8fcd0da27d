"""What a schema promises of loads and stores, and what pointers lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.members import members_of
from vmgen.analysis.order import embedded, embedded_name
from vmgen.analysis.region_keys import pointee_of
from vmgen.analysis.values import value_of
from vmgen.layout.place import LayoutError
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import compared_targets, on_targets
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.analysis.values import Value
    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis
    from vmgen.schema.types import Type

    Allows = tuple[Mapping[str, m.Allow], ...]


def whole(declared: m.Declaration, part: m.Field | m.Region) -> tuple[str, Allows]:
    """A part in words, and the places that may allow something of it."""
    return f"`{declared.name}.{part.name}`", (part.allow, declared.allow)


@rule(
    "VM261",
    "move-without-readonly",
    "`can_move` of what may change.",
    allowable=True,
)
def move_without_readonly(analysis: Analysis) -> Iterator[Finding]:
    """A load that `can_move` may be done earlier than the code says: before a store or a
    call that changes what is there. What it gives is right for certain only if nothing
    changes it while compiled code runs, which is what `readonly` says.
    """
    for access, span, what, allows in _promises(analysis):
        if access == {"can_move"}:
            yield Finding(
                f"{what} may change, and its loads may be moved",
                span,
                allows,
                helps=("write `access: [readonly, can_move]`, or remove `can_move`",),
            )


@rule(
    "VM321",
    "promised-volatile",
    "A promise that something volatile doesn't change, or a byte order of it.",
)
def promised_volatile(analysis: Analysis) -> Iterator[Finding]:
    """What is `volatile` may change by itself, and each load of it has to happen: `access`
    says of a field that loads of it can be left out or moved. A word in another byte order
    than the host's is read byte by byte or swapped by functions that know of no volatile.
    What a volatile record holds is as volatile as it is.
    """
    for declared in analysis.own.values():
        if not isinstance(declared, (m.Struct, m.Union, m.Context)):
            continue
        for field in declared.fields:
            if field.volatile is None:
                continue
            against = "access" if field.access else ""
            if field.endian != "native":
                against = "endian"
            if against:
                yield Finding(
                    f"`{field.name}` is volatile, which `{against}` goes against",
                    field.volatile,
                    helps=(f"remove `volatile`, or `{against}`",),
                )
                continue
            for owner, inner in _held(field.text.type, analysis.types):
                if inner.endian != "native":
                    yield Finding(
                        f"`{field.name}` is volatile, which `endian` of "
                        f"`{owner}.{inner.name}` in it goes against",
                        field.volatile,
                        notes=(f"it is at {inner.span.file.name}:{inner.span.line}",),
                        helps=("remove `volatile`, or `endian` there",),
                    )
                    break


def _held(
    type: Type, types: Mapping[str, m.Declaration]
) -> Iterator[tuple[str, m.Field]]:
    """The fields of the records that a type holds by value, each with its record's name."""
    name = embedded_name(type)
    pending = [name] if name else []
    seen = set(pending)
    while pending:
        declared = types[pending.pop(0)]
        for member in members_of(declared):
            if isinstance(member, m.Field):
                yield declared.name, member
        inner = [each for each in embedded(declared) if each not in seen]
        seen.update(inner)
        pending += inner


def _promises(
    analysis: Analysis,
) -> Iterator[tuple[frozenset[str], Span, str, Allows]]:
    """Each `access` of the schema: the words, where it is, of what in words, and the
    places that may allow something of it."""
    for declared, part, _ in analysis.told_compilers:
        what, allows = whole(declared, part)
        if part.access_span is not None:
            yield part.access, part.access_span, what, allows
        said = part.points_to
        if said is not None and said.access_span is not None:
            yield said.access, said.access_span, f"what {what} points to", allows
    for declared in analysis.own.values():
        if isinstance(declared, m.Functions) and declared.access_span is not None:
            what = f"a slot of `{declared.name}`"
            yield declared.access, declared.access_span, what, (declared.allow,)


@rule(
    "VM263",
    "promised-atomic",
    "A promise that something atomic doesn't change.",
    allowable=True,
)
def promised_atomic(analysis: Analysis) -> Iterator[Finding]:
    """Something is atomic since another thread may change it at any time. What is
    `readonly` never changes while compiled code runs, so that one of the two is wrong, and
    if it is the promise, compiled code doesn't see the change.
    """
    for declared, part, type in analysis.told_compilers:
        what, allows = whole(declared, part)
        span = part.access_span
        if span is not None and _is_atomic(type, part.atomic, analysis):
            yield _promised(what, span, allows)
        said = part.points_to
        if said is None or said.access_span is None:
            continue
        pointee = pointee_of(type, analysis.types)
        if pointee is not None and _is_atomic(pointee, said.atomic, analysis):
            yield _promised(f"what {what} points to", said.access_span, allows)


def _promised(what: str, span: Span, allows: Allows) -> Finding:
    return Finding(
        f"{what} is atomic, and what `access` promises is of what nobody changes",
        span,
        allows,
        helps=("remove `access`",),
    )


def _is_atomic(type: Type, said: m.Word | None, analysis: Analysis) -> bool:
    value = value_of(type, analysis.types)
    scalar = value.scalar if value else None
    return said is not None or (scalar is not None and scalar.atomic)


@rule(
    "VM266",
    "bad-points-to",
    "`points_to` of what points to nothing, or to less than it says.",
    stage="layout",
)
def bad_points_to(analysis: Analysis) -> Iterator[Finding]:
    """`points_to` is about the bytes that a pointer leads to. With `bytes` a compiler may
    load them before it is sure that the code gets there, which is a fault that nobody
    asked for if they aren't all there. `all` is the size of the type, which has to have
    one.
    """
    for declared, part, type in analysis.told_compilers:
        said = part.points_to
        if said is None:
            continue
        what, _ = whole(declared, part)
        pointee = pointee_of(type, analysis.types)
        if pointee is None:
            yield Finding(
                f"{what} is `{type}`, which points to no bytes",
                said.span,
                helps=("remove `points_to`",),
            )
            continue
        if not (said.alias or said.access or said.atomic or said.bytes):
            yield Finding(
                f"nothing is said of what {what} points to",
                said.span,
                helps=("say something, or remove `points_to`",),
            )
        if said.bytes is None:
            continue
        sizes = _sizes(pointee, analysis)
        if not sizes:
            if said.bytes.text == "all":
                yield Finding(
                    f"{what} points to `{pointee}`, of which no size is known",
                    said.bytes.span,
                    helps=("write how many bytes there are, or remove `bytes`",),
                )
        elif isinstance(said.byte_count, int) and said.byte_count < max(sizes):
            yield Finding(
                f"{what} points to `{pointee}`, which has {max(sizes)} bytes, and "
                f"{said.byte_count} are certain",
                said.bytes.span,
                helps=("write `bytes: all`, or how many there are for certain",),
            )


def _sizes(type: Type, analysis: Analysis) -> list[int]:
    """The sizes of a type in bytes; nothing of what has none."""
    layouts = analysis.laid_out
    try:
        found = [layouts.extent(type, c)[0] for c in layouts.classes]
    except LayoutError:
        return []
    return found if max(found) else []


@rule(
    "VM267",
    "bad-ordering",
    "`atomic` of what isn't loaded by one instruction.",
    stage="layout",
)
def bad_ordering(analysis: Analysis) -> Iterator[Finding]:
    """An atomic load is one instruction. There is one for integers and pointers, where
    these are as aligned as they are wide, and on a target that has it for that width: none
    for records, floats or 128 bits.
    """
    for declared, part, type in analysis.told_compilers:
        if part.atomic is None and part.points_to is None:
            continue
        what, _ = whole(declared, part)
        yield from _ordered(what, type, part.atomic, analysis)
        pointee = pointee_of(type, analysis.types)
        if part.points_to is not None and pointee is not None:
            about = f"what {what} points to"
            yield from _ordered(about, pointee, part.points_to.atomic, analysis)


def _ordered(
    what: str, type: Type, atomic: m.Word | None, analysis: Analysis
) -> Iterator[Finding]:
    if atomic is None:
        return
    value = value_of(type, analysis.types)
    scalar = value.scalar if value else None
    if scalar is None or scalar.kind not in ("int", "pointer") or scalar.bytes == 16:
        yield Finding(
            f"{what} is `{type}`, which no instruction loads atomically",
            atomic.span,
            helps=("remove `atomic`, or say it of an integer or a pointer",),
        )
    elif not scalar.atomic:
        yield from _not_on_targets(what, value, atomic, analysis)


def _not_on_targets(
    what: str, value: Value | None, atomic: m.Word, analysis: Analysis
) -> Iterator[Finding]:
    """Of a plain integer: the targets on which it can't be loaded atomically."""
    assert value is not None
    layouts = analysis.laid_out
    among = set(compared_targets(analysis.module))
    lacking, odd = [], []
    for target in analysis.module.targets:
        if target.name not in among:
            continue
        size, align = layouts.extent(value.element, layouts.class_of(target.name))
        if size * 8 not in target.model.atomics:
            lacking.append(target.name)
        elif align < size:
            odd.append(target.name)
    if lacking and not analysis.module.all_targets:
        where = on_targets(lacking, analysis.module)
        yield Finding(
            f"{what} is `{value.element}`, which can't be loaded atomically {where}",
            atomic.span,
            helps=("remove `atomic`, or list the targets that have it",),
        )
    elif odd:
        where = on_targets(odd, analysis.module, among)
        yield Finding(
            f"{what} is `{value.element}`, which isn't aligned to its size {where}",
            atomic.span,
            notes=("an atomic of Rust is, on every target",),
            helps=("use an atomic type, which changes the layout there",),
        )
