"""Typed access to a live context: a pointer to each field and to each element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.rust.context_offsets import region_method
from vmgen.languages.rust.docs import INDENT, WIDTH, doc, paragraphs
from vmgen.languages.rust.members import SKIP, field_doc, field_member
from vmgen.languages.rust.names import free, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.job import Job
    from vmgen.languages.rust.safety import Safety
    from vmgen.languages.rust.spelling import Spelling
    from vmgen.schema import model as m

LONGEST_NAME = 28
"""Columns of a context's name with which rustfmt breaks no line about it."""

LONGEST_PART = 36
"""The same of a field's or a region's name."""

METHODS = frozenset({"new", "offsets", "part"})
"""Methods of the generated access type; a part of that name gets an underscore."""


class Accessor(msgspec.Struct, frozen=True):
    """A method of the access type; `head` is its signature, `body` its lines."""

    doc: str
    attributes: str
    head: str
    body: list[str]


class LiveContext(msgspec.Struct, frozen=True):
    """One context's access type. `attributes` are its items'; `left_out` says of which
    parts there is no typed pointer."""

    name: str
    cfg: str
    attributes: str
    accessors: list[Accessor]
    elements: bool
    left_out: str


def live_context(
    declared: m.Context, job: Job, spelling: Spelling, safety: Safety
) -> LiveContext:
    """The view of one context's access type."""
    held = {f.name: f.text.type for f in declared.fields}
    held |= {r.name: r.element for r in declared.regions}
    left_out = [name for name, type in held.items() if not safety.is_safe[type]]
    about = f"Not VmSafe, and so not here: {', '.join(left_out)}." if left_out else ""
    accessors = [
        *_fields(declared, spelling, left_out),
        *_regions(declared, job, spelling, left_out),
    ]
    return LiveContext(
        name=declared.name,
        cfg="".join(
            f'#[cfg(target_has_atomic = "{bits}")]\n'
            for bits in sorted(spelling.atomics(declared.name))
        ),
        attributes=SKIP if len(declared.name) > LONGEST_NAME else "",
        accessors=accessors,
        elements=any(
            r.count is not None for r in declared.regions if r.name not in left_out
        ),
        left_out=about,
    )


def _fields(
    declared: m.Context, spelling: Spelling, left_out: list[str]
) -> Iterator[Accessor]:
    for field in declared.fields:
        if field.name in left_out:
            continue
        made = field_member(field, spelling)
        found = f"self.shared_(self.offsets.fixed().{made.name})"
        name = free(made.name, METHODS)
        yield _accessor(
            field_doc(field), name, f"{spelling.names['NonNull']}<{made.type}>", [found]
        )


def _regions(
    declared: m.Context, job: Job, spelling: Spelling, left_out: list[str]
) -> Iterator[Accessor]:
    names = spelling.names
    for index, region in enumerate(declared.regions):
        if region.name in left_out:
            continue
        element = spelling.type(region.element)
        found = f"self.offsets.{region_method(region)}()"
        several = region.count is not None
        returns = f"{names['Elements' if several else 'NonNull']}<{element}>"
        given = "self.shared_(place)"
        if several:
            given = (
                f"{names['Elements']}::new(self.shared_(place.begin()), place.count())"
            )
        if region.when is not None:
            returns = f"{names['Option']}<{returns}>"
            body = [f"let place = {found}?;", f"{names['Some']}({given})"]
        else:
            body = [f"let place = {found};", given]
        text = paragraphs(region.doc, _warning(job, declared.name, index))
        name = free(spelled(region.name), METHODS)
        yield _accessor(doc(text, INDENT), name, returns, body)


def _warning(job: Job, context: str, index: int) -> str:
    """A sentence for a region that is not always aligned."""
    for layout in job.contexts[context]:
        region = layout.regions[index]
        if region.misaligned is not None:
            counts = [f"`{name}` is {n}" for name, n in region.misaligned.counts]
            where = f" where {' and '.join(counts)}" if counts else ""
            return (
                f"These are not always aligned: they begin {region.misaligned.remainder} "
                f"past a multiple of {region.align}{where}. Use `read_unaligned`."
            )
    return ""


def _accessor(doc: str, name: str, returns: str, body: list[str]) -> Accessor:
    head = f"pub fn {name}(self) -> {returns}"
    long = len(name) > LONGEST_PART or len(head) > WIDTH - len("     {")
    long = long or max(map(len, body)) > WIDTH - len("        ")
    return Accessor(doc, f"{INDENT}{SKIP}" if long else "", head, body)
