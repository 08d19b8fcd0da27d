"""On which targets records are held by others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.order import held_types
from vmgen.analysis.peel import by_value
from vmgen.schema import model as m
from vmgen.schema.types import Named
from vmgen.targets.conditions import all_of, any_of

if TYPE_CHECKING:
    from vmgen.layout.layouts import Layouts
    from vmgen.schema.types import Type
    from vmgen.targets.conditions import Condition

Where = tuple["Condition | None", frozenset[int]]
"""A condition on targets, None of all, and the layout classes that don't meet it."""

ALWAYS: Where = (None, frozenset())


class HeldOn:
    """Where the records of a module are held: what only fields hold that are on some targets
    has their condition. A record that nothing holds is there on all."""

    def __init__(self, layouts: Layouts) -> None:
        self._holders: dict[str, list[tuple[str, Where]]] = {}
        self._known: dict[str, Where] = {}
        for name, declared in layouts.module.types.items():
            if isinstance(declared, m.Struct | m.Union):
                for part in layouts.parts(name):
                    self._add(by_value(part.type), name, (part.on, part.absent))
            else:
                for type in held_types(declared):
                    self._add(by_value(type), name, ALWAYS)

    def _add(self, held: Type, holder: str, where: Where) -> None:
        if isinstance(held, Named):
            self._holders.setdefault(held.name, []).append((holder, where))

    def of(self, name: str) -> Where:
        """Where a declared type is held. By value none holds itself."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._made(name)
        return known

    def _made(self, name: str) -> Where:
        conditions, absent = [], []
        for holder, (on, without) in self._holders.get(name, ()):
            its_on, its_without = self.of(holder)
            both = all_of([its_on, on])
            if both is None:
                return ALWAYS
            conditions.append(both)
            absent.append(its_without | without)
        if not conditions:
            return ALWAYS
        return any_of(conditions), frozenset.intersection(*absent)
