"""Typed access to a live context: a pointer to each field and to each element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.emit.rust.context_offsets import region_method
from vmgen.emit.rust.docs import INDENT, WIDTH, doc, paragraphs
from vmgen.emit.rust.members import field_doc, field_member
from vmgen.emit.rust.names import free, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.emit.job import Job
    from vmgen.emit.rust.safety import Safety
    from vmgen.emit.rust.spelling import Spelling
    from vmgen.schema import model as m

METHODS = frozenset({"new", "offsets", "part"})
"""Methods of the generated access type; a part of that name gets an underscore."""


class Accessor(msgspec.Struct, frozen=True):
    """A method of the access type, for a field or a region `part`; `head` is its
    signature, `body` its lines."""

    part: str
    doc: str
    attributes: str
    head: str
    body: list[str]


class LiveContext(msgspec.Struct, frozen=True):
    """One context's access type. `attributes` are its constructor's; `left_out` says of
    which parts there is no typed pointer."""

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
    left_out = [name for name, type in held.items() if not safety.is_safe(type)]
    about = f"Not VmSafe, and so not here: {', '.join(left_out)}." if left_out else ""
    return LiveContext(
        name=declared.name,
        cfg="".join(
            f'#[cfg(target_has_atomic = "{bits}")]\n'
            for bits in sorted(spelling.atomics(declared.name))
        ),
        attributes=_kept(
            f"pub unsafe fn new(base: NonNull<{declared.name}>, "
            f"offsets: &'a {declared.name}Offsets) -> Self {{"
        ),
        accessors=[
            accessor
            for accessor in (
                *_fields(declared, spelling),
                *_regions(declared, job, spelling),
            )
            if accessor.part not in left_out
        ],
        elements=any(r.count is not None for r in declared.regions),
        left_out=about,
    )


def _fields(declared: m.Context, spelling: Spelling) -> Iterator[Accessor]:
    for field in declared.fields:
        made = field_member(field, spelling)
        found = f"self.shared(self.offsets.fixed().{made.name})"
        name = free(made.name, METHODS)
        yield _accessor(
            field.name, field_doc(field), name, f"NonNull<{made.type}>", [found]
        )


def _regions(declared: m.Context, job: Job, spelling: Spelling) -> Iterator[Accessor]:
    for index, region in enumerate(declared.regions):
        element = spelling.type(region.element)
        found = f"self.offsets.{region_method(region)}()"
        several = region.count is not None
        returns = f"{'Elements' if several else 'NonNull'}<{element}>"
        given = "self.shared(place)"
        if several:
            given = "Elements::new(self.shared(place.begin()), place.count())"
        if region.when is not None:
            returns = f"Option<{returns}>"
            body = [f"let place = {found}?;", f"Some({given})"]
        else:
            body = [f"let place = {found};", given]
        text = paragraphs(region.doc, _warning(job, declared.name, index))
        name = free(spelled(region.name), METHODS)
        yield _accessor(region.name, doc(text, INDENT), name, returns, body)


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


def _accessor(
    part: str, doc: str, name: str, returns: str, body: list[str]
) -> Accessor:
    head = f"pub fn {name}(self) -> {returns}"
    kept = _kept(f"{head} {{", *(f"    {line}" for line in body))
    return Accessor(part, doc, kept, head, body)


def _kept(*lines: str) -> str:
    """An attribute for a method with a line that rustfmt would break."""
    return f"{INDENT}#[rustfmt::skip]\n" if max(map(len, lines)) > WIDTH - 4 else ""
