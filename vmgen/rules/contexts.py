"""Contexts: where regions begin, for all counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import CHANGES, best_known, listed, on_targets
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.layout.classes import LayoutClass
    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis


def _contexts(analysis: Analysis) -> Iterator[m.Context]:
    for declared in analysis.own.values():
        if isinstance(declared, m.Context):
            yield declared


def _element_span(region: m.Region) -> Span:
    spelled = region.text.spelled
    return region.text.part_span(spelled if region.count is None else spelled.parts[0])


def _where(analysis: Analysis, classes: list[LayoutClass]) -> str:
    return on_targets([t for c in classes for t in c.targets], analysis.module)


@rule(
    "VM206",
    "region-align-too-small",
    "A region rounded to less than its elements need.",
    stage="layout",
)
def region_align_too_small(analysis: Analysis) -> Iterator[Finding]:
    """`align:` on a region rounds its begin to more than its elements ask for: to a cache
    line, say. Rounding to less serves nothing and still doesn't align the elements.
    """
    layouts = analysis.laid_out
    for context in _contexts(analysis):
        for region in context.regions:
            if region.align is None or region.align == 1:
                continue
            natural = [layouts.extent(region.element, c)[1] for c in layouts.classes]
            more = [c for c in layouts.classes if natural[c.index] > region.align]
            if more:
                yield Finding(
                    f"`{region.name}` is rounded to {region.align}, and "
                    f"`{region.element}` needs {natural[more[0].index]} "
                    f"{_where(analysis, more)}",
                    _element_span(region),
                    helps=(
                        "remove `align` to have it rounded as the element needs, or "
                        "write `align: none` to have it not rounded at all; both change the "
                        "layout",
                    ),
                )


@rule(
    "VM207",
    "context-align-too-small",
    "A region that needs more alignment than its context has.",
    stage="layout",
)
def context_align_too_small(analysis: Analysis) -> Iterator[Finding]:
    """Offsets are counted from the context's own address. That is a multiple of the
    context's alignment and of nothing more, so that a region which has to be at a
    multiple of 16 needs a context that is.
    """
    layouts = analysis.laid_out
    for context in _contexts(analysis):
        row = layouts.row(context.name)
        for region in context.regions:
            wanted = [
                max(layouts.extent(region.element, c)[1], region.align or 1)
                for c in layouts.classes
            ]
            more = [c for c in layouts.classes if wanted[c.index] > row[c.index].align]
            if more:
                first = more[0].index
                yield Finding(
                    f"`{region.name}` needs an alignment of {wanted[first]}, and "
                    f"`{context.name}` has {row[first].align} {_where(analysis, more)}",
                    _element_span(region),
                    helps=(
                        f"write `align: {max(wanted)}` in `{context.name}`, {CHANGES}",
                    ),
                )


@rule(
    "VM213",
    "misaligned-region",
    "A region that some counts put off its elements' alignment.",
    stage="layout",
    allowable=True,
)
def misaligned_region(analysis: Analysis) -> Iterator[Finding]:
    """With `align: none` a region begins where the one before it ends, which may be no
    multiple of its elements' alignment. Rust and C may then not make references to the
    elements, and processors that don't load across alignment trap.

    vmgen proves each region aligned for all counts, or shows the smallest counts for
    which it isn't. The proof is complete: nothing is sampled.
    """
    for context in _contexts(analysis):
        if context.name not in analysis.contexts:
            continue
        for region in analysis.laid_out.of(context.name).regions:
            if region.source.align not in (None, 1):
                continue
            classes = {
                name: c
                for c in analysis.laid_out.classes
                if region.layouts[c.index].misaligned
                for name in c.targets
            }
            if not classes:
                continue
            example = best_known(classes)[0]
            place = region.layouts[classes[example].index]
            wrong = place.misaligned
            assert wrong is not None
            given = [f"{name} = {count}" for name, count in wrong.counts]
            begin = place.begin(dict(wrong.counts))
            yield Finding(
                f"with {listed(given) if given else 'any counts'}, {region.name} is at "
                f"{begin}, {wrong.remainder} mod {place.align}",
                _element_span(region.source),
                (region.allow, context.allow),
                notes=(_whose_numbers(example, list(classes), analysis.module),),
                helps=(f"remove its `align` to have its begin rounded up, {CHANGES}",),
            )


def _whose_numbers(example: str, names: list[str], module: m.Module) -> str:
    note = f"the numbers are those of {example}"
    if len(names) > 1:
        note += f"; it is misaligned {on_targets(names, module)}"
    return note


@rule(
    "VM214",
    "unproved-alignment",
    "A context whose alignment is too much to prove.",
    stage="layout",
)
def unproved_alignment(analysis: Analysis) -> Iterator[Finding]:
    """Whether regions are aligned is proved by following every remainder that an offset
    can have. Many regions that share many counts, with roundings between them and large
    alignments behind, make so many combinations that the proof is given up. What isn't
    proved isn't emitted.
    """
    for context in _contexts(analysis):
        if context.name not in analysis.contexts:
            yield Finding(
                f"the alignment of the regions of `{context.name}` is too much to prove",
                context.span,
                notes=(
                    "counts that regions on both sides of a rounding share are followed together",
                ),
                helps=("lower `align`, or give the regions counts of their own",),
            )
