"""Names that were given up and are not to come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis


@rule(
    "VM491", "reserved-again", "A name that `reserved` keeps, and that is used again."
)
def reserved_again(analysis: Analysis) -> Iterator[Finding]:
    """What had the name is gone and meant something else. Programs that read memory by
    names, and source that was written for the old layout, would take the new thing for it.
    """
    module = analysis.module
    spans = {name: declared.span for name, declared in module.own_types.items()}
    spans |= {name: constant.span for name, constant in module.own_constants.items()}
    yield from _used_again(module.reserved, spans, "the schema")
    for record in analysis.own.values():
        if record.reserved:
            yield from _used_again(record.reserved, _named(record), f"`{record.name}`")


def _used_again(
    reserved: tuple[m.Reserved, ...], spans: dict[str, Span], where: str
) -> Iterator[Finding]:
    for name in reserved:
        span = spans.get(name.name)
        if span is not None:
            yield Finding(
                f"`{name.name}` is reserved in {where}, and used again",
                span,
                notes=(f"it is reserved at {name.span.file.name}:{name.span.line}",),
                helps=("choose another name",),
            )


def _named(record: m.Declaration) -> dict[str, Span]:
    found: dict[str, Span] = {}
    match record:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            found |= {f.name: f.span for f in fields}
        case m.PlainEnum(variants=variants) | m.TaggedEnum(variants=variants):
            found |= {v.name: v.span for v in variants}
        case m.Functions(slots=slots):
            found |= {s.name: s.span for s in slots}
        case m.Context(fields=fields, regions=regions, counts=counts):
            found |= {f.name: f.span for f in fields}
            found |= {r.name: r.span for r in regions}
            found |= {c.name: c.span for c in counts}
        case _:
            pass
    return found
