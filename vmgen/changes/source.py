"""What is said for the source of one language alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules import changes as kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.changes.saved import Saved
    from vmgen.changes.subject import Subject
    from vmgen.rules.changes import Change


def compare_source(
    it: Subject, where: str, old: Saved, new: Saved, part: str | None
) -> None:
    """Tell what is said otherwise for the source of one language."""
    for key, how in changed_source(old, new):
        it.edit(kind_of(key), f"`{key}` of {where} {how}", part)


def kind_of(key: str) -> Change:
    """What kind of change another value of a key is."""
    match key:
        case "c" | "c_name" | "anonymous":
            return kinds.C_NAME_CHANGED
        case "python_name":
            return kinds.RENAMED
        case _:
            return kinds.ITEM_CHANGED


def changed_source(old: Saved, new: Saved) -> Iterator[tuple[str, str]]:
    """The keys that say something else for the source of one language, each with what is
    different in words."""
    for key in sorted(old.source.keys() | new.source.keys()):
        before, after = old.source.get(key), new.source.get(key)
        if before != after:
            yield key, f"is {_value(after)} instead of {_value(before)}"


def _value(said: str | bool | None) -> str:
    """What a key says, in words."""
    if said is None:
        return "left out"
    return str(said).lower() if isinstance(said, bool) else f"`{said}`"
