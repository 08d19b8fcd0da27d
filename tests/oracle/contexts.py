"""What vmgen says of a context, in the words of the program that asks Wasmtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.layout.expr import OffsetOverflow
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vmgen.layout.contexts import ContextLayout
    from vmgen.layout.layouts import Layouts

P8, P4 = "x86_64-unknown-linux-gnu", "armv7-unknown-linux-gnueabihf"


def target_of(width: int) -> str:
    """A target whose pointers have that many bytes."""
    return P8 if width == 8 else P4


def context_of(layouts: Layouts, name: str, target: str) -> ContextLayout:
    declared = layouts.module.types[name]
    assert isinstance(declared, m.Context)
    return layouts.context(declared.name)[layouts.class_of(target).index]


def stated(
    declared: m.Context, layout: ContextLayout, counts: Mapping[str, int]
) -> str:
    """What vmgen says, in the words of the oracle's answer."""
    try:
        size = layout.total(counts)
    except OffsetOverflow:
        return "overflow"
    words = [
        f"{field.name}={offset}"
        for field, offset in zip(declared.fields, layout.fixed.offsets, strict=True)
    ]
    for region, source in zip(layout.regions, declared.regions, strict=True):
        begin, length = region.begin(counts), region.length(counts)
        if source.count is None:
            words.append(f"{region.name}={begin if length else '-'}")
        else:
            last = begin + region.stride * (length - 1) if length else "-"
            words.append(f"{region.name}={begin}:{last}")
    return " ".join([*words, f"size={size}"])
