"""Where a context's regions begin, as formulas that a person can check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.layout.chain import chain, misaligned
from vmgen.schema import model as m
from vmgen.text import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.contexts import ContextLayout
    from vmgen.layout.layouts import Layouts

Line = tuple[str, str]
"""A line and its role for `vmgen.colour`, empty for none."""

PROSE_WIDTH = 88


def formulas(
    layouts: Layouts,
    name: str,
    targets: Sequence[str],
    labels: Sequence[str],
    *,
    only_differences: bool,
    width: int | None,
) -> Iterator[Line]:
    """The regions of a context, each after the one before it, and the size."""
    declared = layouts.module.types[name]
    assert isinstance(declared, m.Context)
    row = layouts.context(name)
    placed = [row[layouts.class_of(t).index] for t in targets]
    chains = [dict(chain(p)) for p in placed]
    prose = min(width or PROSE_WIDTH, PROSE_WIDTH)
    rounded = False
    shown: list[Line] = []
    for index, region in enumerate(declared.regions):
        steps = [c[region.name] for c in chains]
        faults = {misaligned(p.regions[index]) for p in placed}
        if only_differences and len(set(steps)) == len(faults) == 1:
            continue
        rounded = rounded or any("align_up" in s for s in steps)
        shown.extend(_formula(region.name, steps, labels))
        shown.append((f"      {_elements(region, placed, index)}", "dim"))
        shown.extend(_faults(region, placed, index, labels, prose))
    sizes = [c["size"] for c in chains]
    if not only_differences or len(set(sizes)) > 1:
        shown.extend(_formula("size", sizes, labels))
    if not shown:
        return
    if declared.regions:
        yield ("  regions, where each begins", "")
    yield from shown
    if rounded:
        yield ("    align_up(x, n) is x rounded up to a multiple of n", "dim")


def _formula(name: str, steps: Sequence[str], labels: Sequence[str]) -> Iterator[Line]:
    """`name = formula`, once for all targets or once for each different one."""
    groups: dict[str, list[str]] = {}
    for step, label in zip(steps, labels, strict=True):
        groups.setdefault(step, []).append(label)
    if len(groups) == 1:
        yield (f"    {name} = {steps[0]}", "bold")
        return
    for step, sharing in groups.items():
        yield (f"  * {name} = {step}  [{' '.join(sharing)}]", "bold")


def _elements(region: m.Region, placed: Sequence[ContextLayout], index: int) -> str:
    """What a region is made of, `[VMFuncRef; num_funcs], 32 bytes each`."""
    strides = list(dict.fromkeys(p.regions[index].stride for p in placed))
    bytes_each = " or ".join(str(s) for s in strides)
    unit = "byte" if strides == [1] else "bytes"
    when = f", if {region.when}" if region.when else ""
    if region.count is None:
        return f"{region.element}, {bytes_each} {unit}{when}"
    return f"[{region.element}; {region.count}], {bytes_each} {unit} each{when}"


def _faults(
    region: m.Region,
    placed: Sequence[ContextLayout],
    index: int,
    labels: Sequence[str],
    prose: int,
) -> Iterator[Line]:
    groups: dict[str, list[str]] = {}
    for layout, label in zip(placed, labels, strict=True):
        fault = misaligned(layout.regions[index])
        if fault:
            groups.setdefault(fault, []).append(label)
    for fault, sharing in groups.items():
        where = f"  [{' '.join(sharing)}]" if len(sharing) < len(labels) else ""
        yield (f"      {fault}{where}", "error")
    allowed = region.allow.get("misaligned-region")
    if groups and allowed:
        for line in wrap(f"allowed: {allowed.reason}", prose - 6):
            yield (f"      {line}", "dim")
