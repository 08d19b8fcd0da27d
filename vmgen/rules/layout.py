"""What can be laid out at all: no cycles, nothing empty, nothing too large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.order import embedded_name
from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, on_targets
from vmgen.schema import model as m
from vmgen.schema.types import Named
from vmgen.targets.data_model import U32_MAX
from vmgen.text import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.layout.layouts import Layouts
    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis

MAX_SIZE = {16: (1 << 15) - 1, 32: (1 << 31) - 1, 64: (1 << 61) - 1}
"""The largest type that rustc (`obj_size_bound`) and clang have, in bytes, by pointer
width in bits; that of 16 and 32 is `isize::MAX`."""
MAX_RECORD = {width: min(size, U32_MAX) for width, size in MAX_SIZE.items()}
"""The largest type whose numbers generated code can hold."""


@rule(
    "VM201", "by-value-cycle", "A type that contains itself by value.", stage="cycles"
)
def by_value_cycle(analysis: Analysis) -> Iterator[Finding]:
    """A record that contains itself, directly or by way of others, would be larger than
    itself. Through a pointer it may refer to itself as much as it likes.
    """
    for cycle in analysis.cycles:
        first = cycle[0]
        following = cycle[1] if len(cycle) > 1 else first
        span = _place_of(analysis.types[first], following)
        path = " -> ".join(f"`{name}`" for name in [*cycle, first])
        yield Finding(
            f"`{first}` contains itself by value",
            span,
            notes=(f"by way of {path}",) if len(cycle) > 1 else (),
            helps=(f"point to it: `VmPtr<{following}>`, {CHANGES}",),
            firm=True,
        )


def _place_of(declaration: m.Declaration, name: str) -> Span:
    """Where a declaration holds another type by value."""
    for text in _texts(declaration):
        if embedded_name(text.type) == name:
            return text.part_span(text.spelled.find(Named(name)))
    return declaration.span


def _texts(declaration: m.Declaration) -> Iterator[m.TypeText]:
    match declaration:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            yield from (f.text for f in fields)
        case m.TaggedEnum(variants=variants):
            yield from (v.text for v in variants if v.text)
        case m.Newtype(of=text):
            yield text
        case m.Context(fields=fields, regions=regions):
            yield from (f.text for f in fields)
            yield from (r.text for r in regions)


@rule("VM202", "empty-record", "A record without anything in it.")
def empty_record(analysis: Analysis) -> Iterator[Finding]:
    """C has no empty struct. Compilers that accept one disagree on its size: GNU C says
    0, C++ says 1, MSVC says 4 in C. Rust says 0.
    """
    if not analysis.complete:
        return
    for declared in analysis.own.values():
        what = ""
        match declared:
            case m.Struct(fields=()):
                what = "a struct without fields"
            case m.Union(fields=()):
                what = "a union without members"
            case m.Functions(slots=()):
                what = "a table without functions"
            case m.Context(fields=(), regions=()):
                what = "a context without fields and regions"
            case m.Foreign(size=size, cases=cases) if 0 in (
                *size.values(),
                *(case.size for case in cases),
            ):
                what = "a type of no size"
        if what:
            yield Finding(
                f"`{declared.name}` is {what}",
                declared.span,
                notes=("C and C++ disagree on the size of an empty type",),
                helps=("remove it, or make it `kind: opaque` if it is pointed to",),
            )


@rule("VM203", "zero-length-array", "An array without elements.")
def zero_length_array(analysis: Analysis) -> Iterator[Finding]:
    """ISO C has no arrays of length 0, and what GNU C makes of one takes no space but
    still has an alignment. An array whose length varies belongs in a context.
    """
    for use in analysis.uses("VM203"):
        spelled = use.text.spelled
        for index in (*use.prefix, *use.misuse.path):
            spelled = spelled.parts[index]
        inside = use.text.node.text_span
        place = spelled.length
        span = inside.part(*place) if inside and place else use.span
        yield Finding(
            f"`{use.part}` has no elements",
            span,
            helps=(
                "leave it out, or make it a region of a context if its length varies",
            ),
        )


@rule("VM211", "empty-enum", "An enum without variants.")
def empty_enum(analysis: Analysis) -> Iterator[Finding]:
    """No value of such a type exists. Rust refuses `repr(u32)` on it, and C an `enum`
    without enumerators.
    """
    if not analysis.complete:
        return
    for declared in analysis.own.values():
        if isinstance(declared, (m.PlainEnum, m.TaggedEnum)) and not declared.variants:
            yield Finding(
                f"`{declared.name}` is an enum without variants",
                declared.span,
                helps=(
                    f"give it a variant, or use its tag's type, `{declared.tag}`, "
                    "instead",
                ),
            )


@rule(
    "VM219",
    "incomplete-foreign",
    "A foreign type whose size or alignment can't be right.",
)
def incomplete_foreign(analysis: Analysis) -> Iterator[Finding]:
    """The size and the alignment of a foreign type are needed for every pointer width
    that the schema's targets have, and what records are made of them rests on Rust's
    promise that a size is a multiple of the alignment.
    """
    widths = sorted({t.model.pointer_width for t in analysis.module.targets})
    for declared in analysis.own.values():
        if not isinstance(declared, m.Foreign):
            continue
        for what, given in (("size", declared.size), ("alignment", declared.align)):
            missing = [w for w in widths if w not in given]
            if missing:
                yield Finding(
                    f"`{declared.name}` has no {what} for {missing[0]}-bit targets",
                    declared.span,
                    helps=(
                        f"add `{missing[0]}:` to its {what}, or list the targets that "
                        "the schema is for under `targets`",
                    ),
                    firm=True,
                )
        here = declared.span
        sized = [
            (declared.size.get(w, 0), declared.align.get(w, 1), f"{w}-bit", here)
            for w in widths
        ]
        sized += [(c.size, c.align, f"{c.on}", c.on_span) for c in declared.cases]
        for size, align, where, span in sized:
            if size % align:
                yield Finding(
                    f"`{declared.name}` has {plural(size, 'byte')} on {where} targets, which "
                    f"is no multiple of its alignment, {align}",
                    span,
                    notes=("in Rust the size of a type is a multiple of its alignment",),
                    helps=(f"its size includes the padding at its end, if it is {align}"
                           " bytes aligned",),
                    firm=True,
                )  # fmt: skip
                break


@rule(
    "VM240",
    "foreign-fields-do-not-fit",
    "A foreign type whose fields don't come to its size or alignment.",
    stage="layout",
)
def foreign_fields_do_not_fit(analysis: Analysis) -> Iterator[Finding]:
    """The fields of a foreign type are laid out as those of a struct, and have to come to
    the size and the alignment that the schema says it has. Fields that are left out, and
    ones that are there in one configuration only, would move what follows.
    """
    layouts = analysis.laid_out
    for declared in analysis.own.values():
        if not isinstance(declared, m.ForeignRecord):
            continue
        row = layouts.row(declared.name)
        aligns = [layout.needed_align for layout in row]
        if declared.align is None:
            aligns = [layout.align for layout in row]
        sizes = [layout.size for layout in row]
        for key, given, found in (
            ("align", declared.least_align, aligns),
            ("size", declared.size, sizes),
        ):
            if given is not None:
                yield from _misfits(analysis, declared, key, given, found)


def _misfits(
    analysis: Analysis,
    declared: m.ForeignRecord,
    key: str,
    given: m.Measure,
    found: list[int],
) -> Iterator[Finding]:
    """At most one finding: where what is given isn't what the fields come to. A number
    alone for the alignment may be more than they need."""
    wrong: dict[tuple[int | None, int], list[str]] = {}
    for layout_class in analysis.laid_out.classes:
        stated = given.by_width.get(layout_class.model.pointer_width)
        actual = found[layout_class.index]
        raised = key == "align" and declared.align is not None
        fits = stated is not None and (stated >= actual if raised else stated == actual)
        if not fits:
            wrong.setdefault((stated, actual), []).extend(layout_class.targets)
    if not wrong:
        return
    (stated, actual), targets = next(iter(wrong.items()))
    where = on_targets(targets, analysis.module)
    need = f"take {plural(actual, 'byte')}"
    if key == "align":
        need = f"need an alignment of {actual}"
    said = "nothing of these" if stated is None else str(stated)
    yield Finding(
        f"the fields of `{declared.name}` {need} {where}, and its `{key}` says {said}",
        given.span,
        helps=("list all fields, those that only the host reads too",),
    )


@rule("VM204", "too-large", "A type that no compiler could lay out.", stage="layout")
def too_large(analysis: Analysis) -> Iterator[Finding]:
    """No object is larger than the largest `isize`, because the difference of two
    pointers into it has to fit; on 64-bit targets rustc and clang stop at 2 to the
    power of 61. Sizes and offsets in generated code are u32, as Cranelift's are, so that
    a record, and what a context has before its first element, has to fit that.
    """
    layouts = analysis.laid_out
    least = min(MAX_RECORD[c.model.pointer_width] for c in layouts.classes)
    wrong: set[str] = set()
    for name in layouts.order:
        if name not in analysis.own:
            continue
        row = layouts.row(name)
        most = max(max(r.size, r.align) for r in row)
        if most <= least or _holds(analysis.types[name], wrong):
            continue
        for what, span, sizes in _measured(layouts, name):
            finding = _over(analysis, what, span, sizes, MAX_RECORD)
            if finding is not None:
                wrong.add(name)
                yield finding
                break
    for use in analysis.uses("VM204"):
        sizes = [layouts.extent(use.part, c)[0] for c in layouts.classes]
        finding = _over(analysis, f"`{use.part}`", use.span, sizes, MAX_SIZE)
        if finding is not None:
            yield finding
    yield from _large_contexts(analysis)


def _holds(declaration: m.Declaration, names: set[str]) -> bool:
    return any(embedded_name(t.type) in names for t in _texts(declaration))


def _measured(layouts: Layouts, name: str) -> Iterator[tuple[str, Span, list[int]]]:
    """Fields by their types and then the whole, with sizes, one per layout class."""
    for part in layouts.parts(name):
        if isinstance(part.source, m.Field):
            sizes = [size for size, _ in part.extents]
            yield f"`{part.type}`", part.source.text.span, sizes
    # A context's size isn't rounded up, and what it is declared as in Rust is.
    sizes = [layout.rounded_size for layout in layouts.row(name)]
    yield f"`{name}`", layouts.module.types[name].span, sizes


def _over(
    analysis: Analysis, what: str, span: Span, sizes: list[int], limits: dict[int, int]
) -> Finding | None:
    """A finding if one of the sizes, one per layout class, is over its limit."""
    over = [
        c
        for c in analysis.laid_out.classes
        if sizes[c.index] > limits[c.model.pointer_width]
    ]
    if not over:
        return None
    narrowest = min(over, key=lambda c: c.model.pointer_width)
    limit = limits[narrowest.model.pointer_width]
    by_compilers = limit == MAX_SIZE[narrowest.model.pointer_width]
    where = on_targets([t for c in over for t in c.targets], analysis.module)
    return Finding(
        f"{what} takes {sizes[narrowest.index]} bytes {where}, more than {limit}",
        span,
        notes=(
            (
                "no compiler has larger types there"
                if by_compilers
                else "sizes and offsets in generated code are u32"
            ),
        ),
        helps=("make it smaller, or list the targets it is for under `targets`",),
    )


def _large_contexts(analysis: Analysis) -> Iterator[Finding]:
    for name, row in analysis.contexts.items():
        yield from _large_elements(analysis, name)
        sizes = [layout.size.evaluate({}) for layout in row]
        over = [c for c in analysis.laid_out.classes if sizes[c.index] > U32_MAX]
        if over:
            size = sizes[over[0].index]
            where = on_targets([t for c in over for t in c.targets], analysis.module)
            yield Finding(
                f"`{name}` takes at least {size} bytes {where}, more than a u32 holds",
                analysis.types[name].span,
                notes=("offsets in contexts are u32",),
                helps=("make its fixed fields and regions smaller",),
            )


def _large_elements(analysis: Analysis, name: str) -> Iterator[Finding]:
    for region in analysis.laid_out.of(name).regions:
        strides = [layout.stride for layout in region.layouts]
        what, span = f"`{region.type}`", region.source.text.span
        finding = _over(analysis, what, span, strides, MAX_RECORD)
        if finding is not None:
            yield finding
