"""What is said for the source of one language alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules import changes as kinds

if TYPE_CHECKING:
    from vmgen.changes.saved import Saved
    from vmgen.changes.subject import Subject


def compare_source(
    it: Subject, where: str, old: Saved, new: Saved, part: str | None
) -> None:
    """Tell what is said otherwise for the source of one language."""
    for key in sorted(old.source.keys() | new.source.keys()):
        before, after = old.source.get(key), new.source.get(key)
        if before != after:
            it.edit(
                kinds.ITEM_CHANGED if key != "c" else kinds.C_NAME_CHANGED,
                f"`{key}` of {where} is {_value(after)} instead of {_value(before)}",
                part,
            )


def _value(said: str | bool | None) -> str:
    """What a key says, in words."""
    if said is None:
        return "left out"
    return str(said).lower() if isinstance(said, bool) else f"`{said}`"
