"""Words for what changed: targets, conditions on counts, by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.wording import best_known, listed, some

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from vmgen.changes.change import Number
    from vmgen.layout.difference import Condition, Counts, Difference

DataKind = tuple[int, str]
"""A target's pointer width in bits, and ``little`` or ``big``."""

SHOWN_NUMBERS = 4
"""How many numbers a note names; the JSON has all."""


def on_targets(names: Collection[str], compared: Mapping[str, DataKind]) -> str:
    """`on 64-bit targets`, `on 32-bit little-endian targets`; `on every target` of several
    that are compared. `compared` has all those, each with what it is."""
    if len(names) == len(compared):
        return "on every target" if len(compared) > 1 else f"on {next(iter(names))}"
    if len(names) > 1:
        chosen = set(names)
        for words in (_width, _width_and_order):
            reached = {words(compared[name]) for name in names}
            if all(
                name in chosen for name, k in compared.items() if words(k) in reached
            ):
                return f"on {listed(sorted(reached, key=_number_of))} targets"
    return f"on {some(best_known(names))}"


def _width(kind: DataKind) -> str:
    return f"{kind[0]}-bit"


def _width_and_order(kind: DataKind) -> str:
    return f"{kind[0]}-bit {kind[1]}-endian"


def _number_of(words: str) -> tuple[int, str]:
    """What puts 16-bit before 128-bit."""
    return len(words), words


def moves_by(found: Difference) -> str:
    """By how much a place in a context moves: `by 4 when num_defined_tags is odd`."""
    if found.grows_with:
        return f"with {listed(found.grows_with)}"
    amounts = [str(amount) for amount in found.amounts if amount]
    by = f"by {listed(amounts, 'or')}"
    if 0 not in found.amounts:
        return by
    if found.condition is None:
        return f"{by} with some counts"
    return f"{by} when {holds(found.condition)}"


def holds(condition: Condition) -> str:
    """`num_defined_tags is odd`, of the smallest period that says it."""
    name, period, residues = condition.name, condition.period, condition.residues
    if condition.flag:
        return f"{name} is {'' if residues == (1,) else 'not '}set"
    if period == 2:
        return f"{name} is {'odd' if residues == (1,) else 'even'}"
    if residues == (0,):
        return f"{name} is a multiple of {period}"
    if residues == tuple(range(1, period)):
        return f"{name} is no multiple of {period}"
    return f"{name} modulo {period} is {listed([str(r) for r in residues], 'or')}"


def with_counts(counts: Counts) -> str:
    """`num_defined_tags = 1`; nothing where all are 0."""
    return " and ".join(f"{name} = {count}" for name, count in counts)


def numbers_in_words(numbers: Sequence[Number]) -> str:
    """`size 120 -> 128, offset of fuel 16 -> 24 and 3 more`."""
    said = [_number(number) for number in numbers[:SHOWN_NUMBERS]]
    if len(numbers) > SHOWN_NUMBERS + 1:
        return f"{', '.join(said)} and {len(numbers) - SHOWN_NUMBERS} more"
    return listed([_number(number) for number in numbers])


def _number(number: Number) -> str:
    what = {"align": "alignment"}.get(number.what, number.what)
    whose = f"{what} of `{number.part}`" if number.part is not None else what
    given = f" with {number.counts}" if number.counts else ""
    if number.unless:
        given += f" (the same unless {number.unless})"
    return f"{whose} {number.old} -> {number.new}{given}"
