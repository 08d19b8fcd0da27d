"""The types that elements of contexts are told apart by, where the project has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.rust.conditions import Conditions, cfg_lines
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Mapping


class ImportView(msgspec.Struct, frozen=True):
    """Index types of the project that are there together; `cfg` are finished lines."""

    cfg: str
    names: list[str]


class MethodOfIndices(msgspec.Struct, frozen=True):
    """How index types of the project give their numbers: the trait whose method that is,
    empty for a method of their own, and the method."""

    trait: str
    method: str


class IndexTypes:
    """Those of a module's contexts, by name."""

    def __init__(self, module: m.Module) -> None:
        self._conditions = Conditions(module)
        self._needing: dict[str, list[str]] = {}
        for name, declared in module.own_types.items():
            for index in indices_of(declared).values():
                self._needing.setdefault(index, []).append(name)
        self.names = sorted(self._needing)

    def imports(self) -> list[ImportView]:
        """The project's index types, those without a condition first. What only contexts
        need that aren't always there need not be there either."""
        found: dict[str, list[str]] = {"": []}
        for index in self.names:
            found.setdefault(self._condition(self._needing[index]), []).append(index)
        return [
            ImportView(cfg_lines([text] if text else []), names)
            for text, names in sorted(found.items())
            if names
        ]

    def _condition(self, contexts: list[str]) -> str:
        """The condition that one of several contexts is there; nothing if one always is."""
        each = [self._conditions.of(name) for name in contexts]
        texts = sorted({condition.text for condition in each if condition})
        if not all(each):
            return ""
        return texts[0] if len(texts) == 1 else f"any({', '.join(texts)})"

    def condition_of(self, declared: m.Declaration) -> str:
        """The lines before what names the index types of a context; nothing if it has
        none, or is always there."""
        found = self._conditions.of(declared.name)
        if found is None or not indices_of(declared):
            return ""
        return cfg_lines([found.text])


def indices_of(declared: m.Declaration) -> Mapping[str, str]:
    """The index types of a context, by count; empty of anything else."""
    if not isinstance(declared, m.Context):
        return {}
    return {c.name: c.index.text for c in declared.counts if c.index is not None}


def method_at(path: str) -> MethodOfIndices | None:
    """What the option says of how index types give their numbers."""
    if not path:
        return None
    trait, _, method = path.rpartition("::")
    return MethodOfIndices(trait, method)
