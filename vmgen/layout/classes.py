"""Layout classes: the targets on which every record has the same layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.targets.data_model import DataModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.schema import model as m


class LayoutClass(msgspec.Struct, frozen=True):
    """The targets on which everything has the same layout.

    `model` is the first target's; `targets` are names in the schema's order.
    """

    index: int
    model: DataModel
    targets: tuple[str, ...]


def classify(targets: Sequence[m.ModelTarget]) -> tuple[LayoutClass, ...]:
    """Group targets by what can move an offset, in the order first met."""
    groups: dict[tuple[int, ...], list[m.ModelTarget]] = {}
    for target in targets:
        groups.setdefault(target.model.layout_key, []).append(target)
    return tuple(
        LayoutClass(index, group[0].model, tuple(t.name for t in group))
        for index, group in enumerate(groups.values())
    )
