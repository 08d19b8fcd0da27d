"""One side of a comparison: a module's layouts, and where its schema says what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.changes import saved
from vmgen.changes.meaning import type_of
from vmgen.changes.saved import Incomparable, Record, Target
from vmgen.schema.tokens import TypeSyntaxError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vmgen.layout.layouts import Layouts
    from vmgen.schema import model as m


class Side(msgspec.Struct, frozen=True):
    """A module as it is compared. `name` is what messages call it, `module` where its
    schema can be asked for places and allows: None of a saved one."""

    name: str
    targets: Mapping[str, Target]
    module: m.Module | None

    @property
    def first(self) -> Target:
        return next(iter(self.targets.values()))

    @property
    def version(self) -> str | None:
        return self.first.version

    @property
    def place(self) -> str:
        """Where the module is named, for messages."""
        if self.module is None:
            return f"{self.name}: `$[0].module`"
        span = self.module.span
        return f"{span.file.name}:{span.line}:{span.column}"


def of_layouts(layouts: Layouts, name: str) -> Side:
    """The side that a schema is."""
    from vmgen.show.columns import Column
    from vmgen.show.json import describe

    module = layouts.module
    columns = [Column(layouts, target) for target in module.targets]
    objects = describe(columns, list(module.own_types), {})
    return Side(name, _by_name(saved.typed(objects, name)), module)


def of_saved(text: str, name: str) -> Side:
    """The side that was saved as JSON. Raises `Incomparable`."""
    targets = saved.read(text, name)
    _check_types(targets, name)
    return Side(name, _by_name(targets), None)


def _check_types(targets: Sequence[Target], name: str) -> None:
    """Refuse a text that is no type, which vmgen never saved."""
    different = {id(t.types): t for t in targets}.values()
    for target in different:
        for declared, record in {**target.used, **target.types}.items():
            texts = [record.of, *(part.type for part in record.fields)]
            texts += [region.type for region in record.regions]
            texts += [variant.type for variant in record.variants]
            for text in texts:
                try:
                    if text is not None:
                        type_of(text)
                except TypeSyntaxError:
                    raise Incomparable(
                        f"{name}: in `{declared}`: `{text}` is no type"
                    ) from None


def _by_name(targets: Sequence[Target]) -> dict[str, Target]:
    return {target.target: target for target in targets}


class Lane(msgspec.Struct, frozen=True):
    """Targets on which both sides have one layout each: their names, and the records of
    the old and of the new side there, those of used modules among them."""

    targets: tuple[str, ...]
    old: Mapping[str, Record]
    new: Mapping[str, Record]


class Sides(msgspec.Struct, frozen=True):
    """Two sides that can be compared, and the targets that both have.

    `kinds` has each one's pointer width in bits and byte order.
    """

    old: Side
    new: Side
    lanes: tuple[Lane, ...]
    kinds: Mapping[str, tuple[int, str]]

    @property
    def big(self) -> tuple[str, ...]:
        """The big-endian targets."""
        return tuple(
            name for name, (_, endian) in self.kinds.items() if endian == "big"
        )


def sides(old: Side, new: Side) -> Sides:
    """Two sides, brought together. Raises `Incomparable` for another module, or when no
    target is on both."""
    if old.first.module != new.first.module:
        raise Incomparable(
            f"{new.place}: this is the module `{new.first.module}`, and {old.name} is the "
            f"module `{old.first.module}` ({old.place}): they are not versions of one"
        )
    common = [name for name in old.targets if name in new.targets]
    if not common:
        raise Incomparable(
            f"{new.place}: no target is on both sides: {old.name} is for "
            f"{_some(old.targets)}, {new.name} for {_some(new.targets)}"
        )
    for name in common:
        one, other = old.targets[name], new.targets[name]
        if (one.pointer_width, one.endian) != (other.pointer_width, other.endian):
            raise Incomparable(
                f"{new.place}: the target `{name}` is {other.pointer_width}-bit and "
                f"{other.endian}-endian in {new.name}, {one.pointer_width}-bit and "
                f"{one.endian}-endian in {old.name}"
            )
    lanes: dict[tuple[int, int], list[str]] = {}
    for name in common:
        key = id(old.targets[name].types), id(new.targets[name].types)
        lanes.setdefault(key, []).append(name)
    return Sides(
        old,
        new,
        tuple(
            Lane(
                tuple(names),
                _records(old.targets[names[0]]),
                _records(new.targets[names[0]]),
            )
            for names in lanes.values()
        ),
        {n: (new.targets[n].pointer_width, new.targets[n].endian) for n in common},
    )


def _records(target: Target) -> Mapping[str, Record]:
    return {**target.used, **target.types}


def _some(targets: Mapping[str, Target]) -> str:
    names = list(targets)
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
