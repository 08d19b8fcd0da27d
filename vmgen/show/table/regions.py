"""Where a context's regions begin, as formulas that a person can check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.layout.chain import chain, misaligned
from vmgen.text import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.contexts import RegionLayout
    from vmgen.layout.parts import Record, Region

Line = tuple[str, str]
"""A line and its role for `vmgen.colour`, empty for none."""

PROSE_WIDTH = 88


def formulas(
    record: Record,
    classes: Sequence[int],
    labels: Sequence[str],
    *,
    only_differences: bool,
    width: int | None,
) -> Iterator[Line]:
    """The regions of a context, each after the one before it, and the size, for targets
    of those layout classes; `labels` are the targets'."""
    chains = [chain(record.contexts[index]) for index in classes]
    prose = min(width or PROSE_WIDTH, PROSE_WIDTH)
    rounded = False
    shown: list[Line] = []
    for region, *links in zip(
        record.regions, *[links[:-1] for links in chains], strict=True
    ):
        steps = [link.formula for link in links]
        placed = [region.layouts[index] for index in classes]
        faults = {misaligned(one) for one in placed}
        if only_differences and len(set(steps)) == len(faults) == 1:
            continue
        rounded = rounded or any(link.rounds for link in links)
        shown.extend(_formula(region.name, steps, labels))
        shown.append((f"      {_elements(region, placed)}", "dim"))
        shown.extend(_faults(region, placed, labels, prose))
    sizes = [links[-1].formula for links in chains]
    if not only_differences or len(set(sizes)) > 1:
        rounded = rounded or any(links[-1].rounds for links in chains)
        shown.extend(_formula("size", sizes, labels))
    if not shown:
        return
    if record.regions:
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


def _elements(region: Region, placed: Sequence[RegionLayout]) -> str:
    """What a region is made of, `[VMFuncRef; num_funcs], 32 bytes each`."""
    strides = list(dict.fromkeys(one.stride for one in placed))
    bytes_each = " or ".join(str(s) for s in strides)
    unit = "byte" if strides == [1] else "bytes"
    source = region.source
    when = f", if {source.when}" if source.when else ""
    if source.count is None:
        return f"{region.type}, {bytes_each} {unit}{when}"
    return f"[{region.type}; {source.count}], {bytes_each} {unit} each{when}"


def _faults(
    region: Region, placed: Sequence[RegionLayout], labels: Sequence[str], prose: int
) -> Iterator[Line]:
    groups: dict[str, list[str]] = {}
    for layout, label in zip(placed, labels, strict=True):
        fault = misaligned(layout)
        if fault:
            groups.setdefault(fault, []).append(label)
    for fault, sharing in groups.items():
        where = f"  [{' '.join(sharing)}]" if len(sharing) < len(labels) else ""
        yield (f"      {fault}{where}", "error")
    allowed = region.allow.get("misaligned-region")
    if groups and allowed:
        for line in wrap(f"allowed: {allowed.reason}", prose - 6):
            yield (f"      {line}", "dim")
