"""Layout classes: the targets on which every record has the same layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.analysis.peel import laid_out
from vmgen.schema import model as m
from vmgen.schema.mentions import mentions_of
from vmgen.schema.types import CNumber, children
from vmgen.targets.c_types import COLUMNS, usual
from vmgen.targets.conditions import Condition
from vmgen.targets.data_model import DataModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.schema.types import Type
    from vmgen.targets.bit_fields import BitRule

Widths = tuple[tuple[str, int], ...]
"""Columns of C's types, each with the width in bytes."""

Truths = tuple[tuple[Condition, bool], ...]
"""Conditions of fields, each with whether it holds."""


class LayoutClass(msgspec.Struct, frozen=True):
    """The targets on which everything has the same layout.

    `model` is the first target's; `targets` are names in the schema's order. `bit_rule` is
    how they lay out bit-fields, None where the module has none.
    """

    index: int
    model: DataModel
    targets: tuple[str, ...]
    c_widths: Widths = ()
    bit_rule: BitRule | None = None
    truths: Truths = ()

    def meets(self, condition: Condition) -> bool:
        """Whether a condition of a field holds on its targets."""
        known = dict(self.truths).get(condition)
        return condition.holds(self.targets[0], self.model) if known is None else known

    @property
    def met(self) -> tuple[Condition, ...]:
        """The conditions of fields that tell it from others, of those that hold."""
        return tuple(condition for condition, holds in self.truths if holds)

    def c_width(self, column: str) -> int:
        """How wide one of C's types is that the module uses, in bytes."""
        return dict(self.c_widths)[column]

    @property
    def odd_c_widths(self) -> Widths:
        """Those that are not as on most targets with such pointers."""
        most = usual(self.model.pointer)
        return tuple((c, w) for c, w in self.c_widths if w != most.width(c))


def classify(
    targets: Sequence[m.ModelTarget],
    c_columns: Sequence[str] = (),
    conditions: Sequence[Condition] = (),
    *,
    bit_fields: bool = False,
) -> tuple[LayoutClass, ...]:
    """Group targets by what can move an offset, in the order first met. `c_columns` are
    those of C's types whose widths matter, `conditions` those of fields, and `bit_fields`
    whether there are any."""
    groups: dict[tuple[object, ...], list[m.ModelTarget]] = {}
    for target in targets:
        widths = c_widths(target, c_columns)
        rule = target.bit_rule if bit_fields else None
        truths = _truths(target, conditions)
        key = (*target.model.layout_key, widths, rule, truths)
        groups.setdefault(key, []).append(target)
    return tuple(
        LayoutClass(
            index,
            group[0].model,
            tuple(t.name for t in group),
            c_widths(group[0], c_columns),
            group[0].bit_rule if bit_fields else None,
            _truths(group[0], conditions),
        )
        for index, group in enumerate(groups.values())
    )


def c_widths(target: m.ModelTarget, columns: Sequence[str]) -> Widths:
    """The widths of some of C's types on a target, in bytes."""
    return tuple((c, target.c_types.width(c)) for c in columns) if columns else ()


def _truths(target: m.ModelTarget, conditions: Sequence[Condition]) -> Truths:
    return tuple((c, target.is_met(c)) for c in conditions)


def conditions_of(module: m.Module, *, by_width: bool = False) -> tuple[Condition, ...]:
    """The conditions of a module's fields, each once, in an order that stays when types
    move; those that the width of pointers decides only if they are asked for."""
    found = {
        on
        for declared in module.types.values()
        for on in _asked_of(declared)
        if by_width or not on.by_width
    }
    return tuple(sorted(found, key=str))


def _asked_of(declared: m.Declaration) -> Iterator[Condition]:
    """The conditions of a type's fields, and of the sizes of a foreign one."""
    yield from (f.on for f in fields_of(declared) if f.on is not None)
    if isinstance(declared, m.Foreign):
        yield from (case.on for case in declared.cases)


def fields_of(declared: m.Declaration) -> tuple[m.Field, ...]:
    """The fields of a struct, a union or a context; nothing of other kinds."""
    match declared:
        case (
            m.Struct(fields=fields) | m.Union(fields=fields) | m.Context(fields=fields)
        ):
            return fields
    return ()


def c_columns_of(types: Iterable[Type]) -> tuple[str, ...]:
    """The columns of C's types that decide how wide some of these types are."""
    numbers = map(laid_out, types)
    used = {t.column for t in numbers if isinstance(t, CNumber)}
    return tuple(column for column in COLUMNS if column in used)


def has_bit_fields(module: m.Module) -> bool:
    """Whether a record of a module has bit-fields, an own one or another module's."""
    return any(
        field.bits
        for declared in module.types.values()
        if isinstance(declared, m.Struct)
        for field in declared.fields
    )


def mentioned(module: m.Module) -> set[Type]:
    """Every type in a module, those that pointers lead to and of signatures too."""
    found: set[Type] = set()
    for declared in module.types.values():
        pending = [type for _, types in mentions_of(declared) for type in types]
        while pending:
            type = pending.pop()
            if type not in found:
                found.add(type)
                pending += children(type)
    return found
