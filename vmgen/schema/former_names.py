"""Which old thing is which new one, by their names and by those that they had before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Names = Mapping[str, Sequence[str]]


def kept(old: Names, new: Names) -> dict[str, str]:
    """The new name of each old thing that there is still; both are names with the former
    ones, the latest first.

    A former name goes before a name: where `cap` was `limit`, and another `limit` is new,
    the old `limit` is `cap`. It is history where both names are there as they were.
    """
    found = {
        name: name
        for name, was in old.items()
        if was and name in new and tuple(new[name]) == tuple(was)
    }
    claims: dict[str, str] = {}
    for name, former in new.items():
        if name in found:
            continue
        taken = {*found, *claims.values()}
        was = next((each for each in former if each in old and each not in taken), None)
        if was is not None and was != name:
            claims[name] = was
    claimed = set(claims.values())
    for name, was in claims.items():
        if was not in new or name not in old or name in claimed:
            found[was] = name
    there = set(found.values())
    for name in old:
        if name not in found and name in new and name not in there:
            found[name] = name
    return found
