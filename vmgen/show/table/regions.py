"""Where a context's regions begin, as formulas that a person can check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.layout.chain import chain, misaligned
from vmgen.show.columns import merged, same_things
from vmgen.text import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.layout.chain import Link
    from vmgen.layout.contexts import RegionLayout
    from vmgen.layout.parts import Record, Region

Line = tuple[str, str]
"""A line and its role for `vmgen.colour`, empty for none."""

PROSE_WIDTH = 88


class Shown(msgspec.Struct, frozen=True):
    """A context in one column: its label, the record, the index of its layout class, and
    the column's age."""

    label: str
    record: Record
    index: int
    age: int


def formulas(
    contexts: Sequence[Shown],
    labels: Sequence[str],
    *,
    only_differences: bool,
    width: int | None,
) -> Iterator[Line]:
    """The regions of a context, each after the one before it, and the size, for all
    columns that have it; `labels` are those of all columns."""
    chains = [chain(one.record.contexts[one.index]) for one in contexts]
    names = [{r.name: r.source.was for r in one.record.regions} for one in contexts]
    things = same_things(names, [one.age for one in contexts])
    regions: dict[str, dict[int, tuple[Region, Link]]] = {
        one.label: {
            known[region.name]: (region, link)
            for region, link in zip(one.record.regions, links[:-1], strict=True)
        }
        for one, known, links in zip(contexts, things, chains, strict=True)
    }
    prose = min(width or PROSE_WIDTH, PROSE_WIDTH)
    rounded = False
    shown: list[Line] = []
    for thing in merged(list(regions.values())):
        having = [one for one in contexts if thing in regions[one.label]]
        found, links = zip(*(regions[one.label][thing] for one in having), strict=True)
        steps = {
            one.label: (link.name, link.formula)
            for one, link in zip(having, links, strict=True)
        }
        placed = {
            one.label: region.layouts[one.index]
            for one, region in zip(having, found, strict=True)
        }
        faults = {misaligned(one) for one in placed.values()}
        what = {_elements(r, [p]) for r, p in zip(found, placed.values(), strict=True)}
        everywhere = len(having) == len(labels)
        same = len(set(steps.values())) == len(faults) == 1 and everywhere
        if only_differences and same and len({str(r.type) for r in found}) == 1:
            continue
        rounded = rounded or any(link.rounds for link in links)
        shown.extend(_formula(steps, labels))
        if len({(str(r.type), r.source.count, r.source.when) for r in found}) == 1:
            shown.append((f"      {_elements(found[0], list(placed.values()))}", "dim"))
        else:
            shown.extend((f"      {text}", "dim") for text in sorted(what))
        shown.extend(_faults(found, placed, labels, prose))
    sizes = {
        one.label: ("size", links[-1].formula)
        for one, links in zip(contexts, chains, strict=True)
    }
    if not only_differences or len(set(sizes.values())) > 1:
        rounded = rounded or any(links[-1].rounds for links in chains)
        shown.extend(_formula(sizes, labels))
    if not shown:
        return
    if any(regions.values()):
        yield ("  regions, where each begins", "")
    yield from shown
    if rounded:
        yield ("    align_up(x, n) is x rounded up to a multiple of n", "dim")


def _formula(
    steps: Mapping[str, tuple[str, str]], labels: Sequence[str]
) -> Iterator[Line]:
    """`name = formula`, once for all columns or once for each different one; `steps` are
    both, by the column's label."""
    groups: dict[tuple[str, str], list[str]] = {}
    for label, step in steps.items():
        groups.setdefault(step, []).append(label)
    if len(groups) == 1 and len(steps) == len(labels):
        ((name, formula),) = groups
        yield (f"    {name} = {formula}", "bold")
        return
    for (name, formula), sharing in groups.items():
        yield (f"  * {name} = {formula}  [{' '.join(sharing)}]", "bold")


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
    regions: Sequence[Region],
    placed: Mapping[str, RegionLayout],
    labels: Sequence[str],
    prose: int,
) -> Iterator[Line]:
    groups: dict[str, list[str]] = {}
    reasons: dict[str, None] = {}
    for region, (label, layout) in zip(regions, placed.items(), strict=True):
        fault = misaligned(layout)
        if fault:
            groups.setdefault(fault, []).append(label)
            allowed = region.allow.get("misaligned-region")
            if allowed:
                reasons[allowed.reason] = None
    for fault, sharing in groups.items():
        where = f"  [{' '.join(sharing)}]" if len(sharing) < len(labels) else ""
        yield (f"      {fault}{where}", "error")
    for reason in reasons:
        for line in wrap(f"allowed: {reason}", prose - 6):
            yield (f"      {line}", "dim")
