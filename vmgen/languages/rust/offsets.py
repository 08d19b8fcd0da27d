"""`src/<module>_offsets.rs`: every target's numbers, for a compiler.

A compiler may compile for another target than its own, so that nothing here is
measured: each record has a function from the target's data model to its offsets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.render import render
from vmgen.languages.rust.constants import (
    PORTABLE,
    AccessView,
    ConstantView,
    accesses,
    constant,
    tags,
)
from vmgen.languages.rust.docs import doc
from vmgen.languages.rust.names import free, offsets_type, spelled
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.languages.rust.context_offsets import ContextView
    from vmgen.languages.rust.rows import Chooser

INSET = " " * 8
SIZE_DOC = doc("Size of the whole.", INSET)
BEGIN_DOC = doc("Where the regions may begin.", INSET)
ALIGN_DOC = doc("Alignment of the whole.", INSET)


class OffsetsView(msgspec.Struct, frozen=True):
    """One record's offsets type.

    `about` is the record; `parts` are finished lines, each a part and its numbers.
    `tags` are an enum's values, of `tag_type`.
    """

    name: str
    about: str
    parts: str
    accesses: list[AccessView]
    tag_type: str
    tags: list[ConstantView]


def offsets_file(chooser: Chooser) -> Output:
    """The numbers of one module."""
    job = chooser.job
    types = job.module.types.values()
    records = [view for d in types if (view := offsets_view(d, chooser))]
    contexts = _contexts(types, chooser)
    described = [*(r.accesses for r in records), *(c.accesses for c in contexts)]
    return Output(
        f"rust/src/{job.module.name}_offsets.rs",
        render(
            "rust/offsets.rs.j2",
            header=header_lines(job.schema, job.command),
            module=job.module.name,
            constants=[
                constant(c, portable=True) for c in job.module.constants.values()
            ],
            models=chooser.views(),
            here=f"[{', '.join(chooser.measured)}]",
            records=records,
            contexts=contexts,
            has_access=any(described),
        ),
    )


def _contexts(types: Iterable[m.Declaration], chooser: Chooser) -> list[ContextView]:
    declared = [d for d in types if isinstance(d, m.Context)]
    if not declared:
        return []
    from vmgen.languages.rust.context_offsets import context_view

    return [context_view(d, chooser) for d in declared]


def offsets_view(declared: m.Declaration, chooser: Chooser) -> OffsetsView | None:
    """The offsets type of a declared type, if it has a layout."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            parts = [
                (spelled(f.name), f"`{chooser.schema_texts[f.text.type]}`.")
                for f in fields
            ]
            return _view(declared, parts, chooser, accesses(fields))
        case m.Context(fields=fields):
            parts = [
                (spelled(f.name), f"`{chooser.schema_texts[f.text.type]}`.")
                for f in fields
            ]
            return _view(declared, parts, chooser, accesses(fields))
        case m.Functions(slots=slots):
            parts = [(spelled(s.name), f"The address of `{s.name}`.") for s in slots]
            return _view(declared, parts, chooser)
        case m.TaggedEnum(tag=tag, variants=variants):
            parts = [("tag", f"`{tag.name}`."), ("payload", "What the variants hold.")]
            return _view(declared, parts, chooser, tag=tag.name, variants=variants)
        case m.PlainEnum(tag=tag, variants=variants):
            return _view(declared, [], chooser, tag=tag.name, variants=variants)
        case m.Newtype() | m.Foreign():
            return _view(declared, [], chooser)
    return None


def _view(
    declared: m.Declaration,
    parts: list[tuple[str, str]],
    chooser: Chooser,
    accesses: list[AccessView] | None = None,
    *,
    tag: str = "",
    variants: Sequence[m.Variant] = (),
) -> OffsetsView:
    context = isinstance(declared, m.Context)
    names = [part for part, _ in parts]
    size, align = free("record_size", names), free("record_align", names)
    lines = [
        (BEGIN_DOC if context else SIZE_DOC, size),
        (ALIGN_DOC, align),
        *[(f"{INSET}/// {about}\n", name) for name, about in parts],
    ]
    numbers = chooser.columns(declared.name)
    return OffsetsView(
        name=offsets_type(declared),
        about=f"{declared.name}Fixed" if context else declared.name,
        parts="".join(
            [
                f"{doc}{INSET}{name}: {each},\n"
                for (doc, name), each in zip(lines, numbers, strict=True)
            ]
        ),
        accesses=accesses or [],
        tag_type=PORTABLE.get(tag, tag),
        tags=tags(variants),
    )
