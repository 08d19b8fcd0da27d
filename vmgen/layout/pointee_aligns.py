"""Records that can be aligned to less than their type is, wherever a pointer leads to one.

A region of a context that its counts can put off its elements' alignment holds records
which pointers may lead to. Who has such a pointer can't rely on the type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.schema import model as m

if TYPE_CHECKING:
    from vmgen.layout.accesses import Accesses


def loose_aligns(accesses: Accesses) -> dict[str, tuple[int, ...]]:
    """The alignments, in bytes and by layout class, of the records that some region of a
    context of the module, or of one that it uses, holds at less than their types'.

    Raises `vmgen.layout.alignment.TooManyStates`.
    """
    layouts = accesses.layouts
    found: dict[str, tuple[int, ...]] = {}
    for name, declared in layouts.module.types.items():
        if not isinstance(declared, m.Context):
            continue
        for access in accesses.of_record(name):
            if access.role == "element" and access.value and access.value.record:
                _loosen(accesses, access.value.record, access.aligns, found)
    return found


def _loosen(
    accesses: Accesses,
    record: str,
    aligns: tuple[int, ...],
    found: dict[str, tuple[int, ...]],
) -> None:
    """Take in that a record, with all that it holds by value, is so aligned."""
    waiting = [record]
    while waiting:
        name = waiting.pop()
        own = tuple(layout.align for layout in accesses.layouts.row(name))
        known = found.get(name, own)
        least = tuple(map(min, known, aligns))
        if least == known:
            # What it holds is aligned to no more than it is.
            continue
        found[name] = least
        waiting += [a.value.record for a in accesses.of_record(name) if a.value]
        waiting = [name for name in waiting if name]
