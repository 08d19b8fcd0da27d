"""Which old thing is which new one: by name, and what is left by what it is."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from vmgen.changes.meaning import Meanings, type_of
from vmgen.schema.former_names import kept
from vmgen.schema.types import Named, children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from vmgen.changes.saved import Constant, Record
    from vmgen.schema.types import Type

_T = TypeVar("_T", bound="HasName")


class HasName(Protocol):
    """What has a name, and perhaps had others."""

    @property
    def name(self) -> str: ...

    @property
    def was(self) -> tuple[str, ...]: ...


class Matched(msgspec.Struct, frozen=True):
    """Positions: pairs of an old and a new one, in the order of the new; those that are
    only old, only new; and of the pairs those whose order changed, as new positions."""

    pairs: tuple[tuple[int, int], ...]
    removed: tuple[int, ...]
    added: tuple[int, ...]
    reordered: frozenset[int]


def match(
    old: Sequence[_T],
    new: Sequence[_T],
    same: Callable[[_T, _T], bool],
) -> Matched:
    """Match parts by name, and by former names; between two neighbours that keep their
    place, one that is gone and one that is new are a rename where they are the `same`
    otherwise."""
    by_name = {one.name: index for index, one in enumerate(new)}
    same_names = kept({o.name: o.was for o in old}, {o.name: o.was for o in new})
    pairs = {
        index: by_name[same_names[one.name]]
        for index, one in enumerate(old)
        if one.name in same_names
    }
    steady = _longest_rise([pairs[i] for i in sorted(pairs)])
    reordered = frozenset(pairs.values()) - steady
    keeps = {i: j for i, j in pairs.items() if j in steady}
    taken = set(pairs.values())
    last = -1
    for index, one in enumerate(old):
        if index in keeps:
            last = max(last, keeps[index])
        elif index not in pairs:
            end = min((j for i, j in keeps.items() if i > index), default=len(new))
            for other in range(last + 1, end):
                if other not in taken and same(one, new[other]):
                    pairs[index] = last = other
                    taken.add(other)
                    break
    ordered = sorted(pairs.items(), key=lambda pair: pair[1])
    return Matched(
        tuple(ordered),
        tuple(i for i in range(len(old)) if i not in pairs),
        tuple(j for j in range(len(new)) if j not in taken),
        reordered,
    )


def _longest_rise(values: Sequence[int]) -> frozenset[int]:
    """The most values that are in rising order as they come: what kept its place."""
    ends: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        at = bisect_left(ends, value)
        if at == len(ends):
            ends.append(value)
            places.append(index)
        else:
            ends[at] = value
            places[at] = index
        before.append(places[at - 1] if at else -1)
    found = []
    index = places[-1] if places else -1
    while index >= 0:
        found.append(values[index])
        index = before[index]
    return frozenset(found)


def matched_types(
    old: Mapping[str, Record], new: Mapping[str, Record]
) -> dict[str, str]:
    """The new names of old types that are there still.

    Under another name those are that say so, or that are the same in all that has a name
    inside; or else what the same part is made of or points to before and after, where that
    has something in common.
    """
    found = kept(_was_of(old), _was_of(new))
    gone = [name for name in old if name not in found]
    come = [name for name in new if name not in found.values()]
    if not gone or not come:
        return found
    shapes = {name: _shape(new[name], name) for name in come}
    counted = Counter(shapes.values())
    for name in gone:
        shape = _shape(old[name], name)
        fits = [n for n in come if shapes[n] == shape and n not in found.values()]
        alone = sum(_shape(old[n], n) == shape for n in gone) == 1
        if shape[1:] != _EMPTY and alone and counted[shape] == 1 and fits:
            found[name] = fits[0]
    for one, other in _swapped(old, new):
        free = one not in found and other not in found.values()
        if free and one in gone and other in come and _alike(old[one], new[other]):
            found[one] = other
    return found


def _was_of(things: Mapping[str, Record | Constant]) -> dict[str, tuple[str, ...]]:
    return {name: thing.was for name, thing in things.items()}


_EMPTY: tuple[object, ...] = ((), (), (), ())


def _shape(record: Record, name: str) -> tuple[object, ...]:
    """What is in a record, names of parts and their types; its own name is left out.

    A newtype, an opaque and a foreign type have nothing that tells them from others.
    """

    def said(text: str | None) -> object:
        if text is None:
            return None
        return _without(type_of(text), name)

    return (
        record.kind,
        tuple((p.name, said(p.type)) for p in record.fields if record.kind != "enum"),
        tuple((v.name, v.value, said(v.type)) for v in record.variants),
        tuple((r.name, said(r.type), r.length) for r in record.regions),
        tuple(record.counts),
    )


def _without(type: Type, name: str) -> Type:
    return Meanings({}, {}, {name: "Self"}).named_now(type)


def _swapped(
    old: Mapping[str, Record], new: Mapping[str, Record]
) -> Iterator[tuple[str, str]]:
    """Names that stand where another one stood in the type of a part."""
    for name, record in old.items():
        other = new.get(name)
        if other is None:
            continue
        before = {p.name: p.type for p in record.fields}
        before |= {r.name: r.type for r in record.regions}
        before |= {v.name: v.type for v in record.variants if v.type}
        after = [(p.name, p.type) for p in other.fields]
        after += [(r.name, r.type) for r in other.regions]
        after += [(v.name, v.type) for v in other.variants if v.type]
        for part, text in after:
            if part in before and before[part] != text:
                yield from _other_names(type_of(before[part]), type_of(text))
        if record.of and other.of and record.of != other.of:
            yield from _other_names(type_of(record.of), type_of(other.of))


def _other_names(old: Type, new: Type) -> Iterator[tuple[str, str]]:
    if isinstance(old, Named) and isinstance(new, Named):
        if old != new:
            yield old.name, new.name
        return
    one, other = children(old), children(new)
    if type(old) is type(new) and len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            yield from _other_names(left, right)


def _alike(old: Record, new: Record) -> bool:
    """Whether two records have at least half of their names in common."""
    if old.kind != new.kind:
        return False
    one, other = _names(old), _names(new)
    if not one or not other:
        return (old.of, old.size, old.align) == (new.of, new.size, new.align)
    return 2 * len(one & other) >= max(len(one), len(other))


def _names(record: Record) -> set[str]:
    names = [p.name for p in record.fields] + [v.name for v in record.variants]
    return {*names, *(r.name for r in record.regions)}


def matched_constants(
    old: Mapping[str, Constant], new: Mapping[str, Constant]
) -> dict[str, str]:
    """The new names of old constants that are there still; under another one where that
    says so, or one alone has the type and the value."""
    found = kept(_was_of(old), _was_of(new))
    gone = [name for name in old if name not in found]
    come = [name for name in new if name not in found.values()]
    for name in gone:
        what = old[name].type, old[name].value
        fits = [n for n in come if (new[n].type, new[n].value) == what]
        same = [n for n in gone if (old[n].type, old[n].value) == what]
        if len(fits) == 1 and len(same) == 1:
            found[name] = fits[0]
    return found
