"""Members that not all targets have, and the conditions that tell these targets apart."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen.imports.found import ImportFailed
from vmgen.imports.names import distinct
from vmgen.targets.conditions import ARCHITECTURES, SYSTEMS
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from vmgen.imports.draft import Declared, Part

    Both = Callable[[Part, Part], Part]

FACTS = ("width", "endian", "os", "arch")
_NAMED = {"os": SYSTEMS, "arch": ARCHITECTURES}


def side_by_side(
    ours: Sequence[Part],
    theirs: Sequence[Part],
    targets: tuple[tuple[str, ...], tuple[str, ...]],
    both: Both,
) -> tuple[Part, ...]:
    """The members of a record on the targets of two drafts, in an order that is that of each:
    those that both have, as `both` makes them one, and those that one has. Where `both`
    raises `ImportFailed`, two of one name in C are two."""
    made: list[Part] = []
    names = [[part.name for part in parts] for parts in (ours, theirs)]
    found = SequenceMatcher(None, names[0], names[1], autojunk=False).get_opcodes()
    taken = {*names[0], *names[1]}

    def add(part: Part, there: tuple[str, ...]) -> None:
        name = part.name
        if any(one.name == name for one in made):
            if part.anonymous:
                raise ImportFailed(f"`{name}` is another one on {', '.join(there)}")
            (name,) = distinct([name], taken)
            taken.add(name)
            part = replace(part, name=name, called={"c_name": part.name, **part.called})
        made.append(replace(part, there=part.there or there))

    for word, begin, end, start, stop in found:
        if word != "equal":
            runs = [(ours[begin:end], targets[0]), (theirs[start:stop], targets[1])]
            # Nothing may stand between bit-fields that isn't there everywhere.
            runs.sort(key=lambda run: bool(run[0] and run[0][-1].bits))
            for parts, there in runs:
                for part in parts:
                    add(part, there)
            continue
        for one, other in zip(ours[begin:end], theirs[start:stop], strict=True):
            try:
                made.append(_together(both(one, other), one, other, targets))
            except ImportFailed:
                add(one, targets[0])
                add(other, targets[1])
    return tuple(made)


def _together(
    made: Part, one: Part, other: Part, targets: tuple[tuple[str, ...], tuple[str, ...]]
) -> Part:
    if not one.there and not other.there:
        return made
    there = (*(one.there or targets[0]), *(other.there or targets[1]))
    return replace(made, there=there)


def with_conditions(declared: Declared, targets: Sequence[str]) -> Declared:
    """A type whose members say which of the targets they are on. Raises `ImportFailed` where
    no condition of a schema's tells these from the others."""
    if not any(part.there for part in declared.parts):
        return declared
    parts = []
    for part in declared.parts:
        on = ""
        if part.there and set(part.there) != set(targets):
            on = next(_conditions(part.there, targets), "")
            if not on:
                raise ImportFailed(
                    f"`{declared.name}.{part.name}` is on {', '.join(part.there)} alone, "
                    "which no condition of a schema's says"
                )
        parts.append(replace(part, on=on))
    return replace(declared, parts=tuple(parts))


def _conditions(there: Sequence[str], targets: Sequence[str]) -> Iterator[str]:
    """The conditions that hold on some of the targets and on no other, the shortest first."""
    for number in (1, 2):
        for facts in combinations(FACTS, number):
            values = {fact: sorted({_value(t, fact) for t in there}) for fact in facts}
            if not all(_can_be_named(fact, values[fact]) for fact in facts):
                continue
            met = [t for t in targets if all(_value(t, f) in values[f] for f in facts)]
            if set(met) == set(there):
                said = (f"{fact}: {_listed(values[fact])}" for fact in facts)
                yield f"{{{', '.join(said)}}}"


def _value(target: str, fact: str) -> str:
    known = TARGETS[target]
    match fact:
        case "width":
            return str(known.pointer_width)
        case "endian":
            return known.endian
        case "os":
            return known.os
        case _:
            return known.arch


def _can_be_named(fact: str, values: Sequence[str]) -> bool:
    named = _NAMED.get(fact)
    return named is None or all(value in named for value in values)


def _listed(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"
