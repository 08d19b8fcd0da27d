"""`src/<module>_offsets.rs`: every target's numbers, for a compiler.

A compiler may compile for another target than its own, so that nothing here is
measured: each record has a function from the target's data model to its offsets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.emit.job import Output
from vmgen.emit.render import render
from vmgen.emit.rust.constants import (
    PORTABLE,
    AccessView,
    ConstantView,
    accesses,
    constant,
    tags,
)
from vmgen.emit.rust.context_offsets import context_view
from vmgen.emit.rust.docs import INDENT, doc
from vmgen.emit.rust.members import SKIP
from vmgen.emit.rust.names import free, spelled
from vmgen.emit.text import header_lines
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.emit.rust.rows import Chooser

SIZE_DOC = doc("Size of the whole.", INDENT)
BEGIN_DOC = doc("Where the regions may begin.", INDENT)
ALIGN_DOC = doc("Alignment of the whole.", INDENT)


class Arm(msgspec.Struct, frozen=True):
    """The numbers of some models: a pattern, and finished lines `name: number`."""

    pattern: str
    fields: str


class OffsetsView(msgspec.Struct, frozen=True):
    """One record's offsets type.

    `parts` are finished lines of its fields. `kept` is an attribute of its function,
    if that needs one for rustfmt. `tags` are an enum's values, of `tag_type`.
    """

    name: str
    doc: str
    parts: str
    arms: list[Arm]
    kept: str
    accesses: list[AccessView]
    tag_type: str
    tags: list[ConstantView]


def offsets_file(chooser: Chooser) -> Output:
    """The numbers of one module."""
    job = chooser.job
    types = job.module.types.values()
    records = [view for d in types if (view := offsets_view(d, chooser))]
    contexts = [context_view(d, chooser) for d in types if isinstance(d, m.Context)]
    described = [*(r.accesses for r in records), *(c.accesses for c in contexts)]
    return Output(
        f"rust/src/{job.module.name}_offsets.rs",
        render(
            "rust/offsets.rs.j2",
            header=header_lines(job),
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


def offsets_view(declared: m.Declaration, chooser: Chooser) -> OffsetsView | None:
    """The offsets type of a declared type, if it has a layout."""
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            parts = [(spelled(f.name), str(f.text.type)) for f in fields]
            return _view(declared, parts, chooser, accesses(fields))
        case m.Context(fields=fields):
            parts = [(spelled(f.name), str(f.text.type)) for f in fields]
            return _view(declared, parts, chooser, accesses(fields))
        case m.Functions(slots=slots):
            parts = [(spelled(s.name), "") for s in slots]
            return _view(declared, parts, chooser)
        case m.TaggedEnum(tag=tag, variants=variants):
            parts = [("tag", tag.name), ("payload", "")]
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
    name = f"{declared.name}Fixed" if context else declared.name
    names = [part for part, _ in parts]
    size, align = free("record_size", names), free("record_align", names)
    rows = chooser.record(declared.name)
    inset = " " * (12 if len(rows.values) == 1 else 16)
    line = "".join([f"{inset}{n}: %d,\n" for n in (size, align, *names)])
    return OffsetsView(
        name=name,
        doc=f"/// Where the parts of `{name}` are, in bytes.\n",
        parts=f"{BEGIN_DOC if context else SIZE_DOC}    pub {size}: u32,\n"
        f"{ALIGN_DOC}    pub {align}: u32,\n" + "".join(map(_part, parts)),
        arms=[
            Arm(heading.pattern, line % values)
            for heading, values in zip(rows.headings, rows.values, strict=True)
        ],
        kept=f"{INDENT}{SKIP}" if any(h.awkward for h in rows.headings) else "",
        accesses=accesses or [],
        tag_type=PORTABLE.get(tag, tag),
        tags=tags(variants),
    )


def _part(part: tuple[str, str]) -> str:
    name, type = part
    described = f"    /// `{type}`.\n" if type else ""
    return f"{described}    pub {name}: u32,\n"
