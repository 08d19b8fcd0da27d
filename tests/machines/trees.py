"""Trees of words on any target, and of whole contexts with their regions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from tests.oracle.rustc_source import count_vectors
from tests.values.tree import Case, Group, Part, Trees, words_of
from vmgen.layout.layouts import Layouts
from vmgen.schema import model as m


@dataclass(frozen=True, slots=True)
class ContextCase:
    """A context with some counts, each region an array in its tree, of one
    element or none where it is a single record."""

    case: Case
    counts: dict[str, int]


class TargetTrees(Trees):
    """The trees of a module's types on one of its targets."""

    def __init__(self, module: m.Module, target: str) -> None:
        # Not as `Trees` does it, whose host need not be a target of the module.
        self.module = module
        self.layouts = Layouts(module)
        self.host = self.layouts.class_of(target)

    def contexts(self) -> list[ContextCase]:
        """Every context, with several counts each."""
        return [
            self._context(declared, number, counts)
            for declared in self.module.types.values()
            if isinstance(declared, m.Context)
            for number, counts in enumerate(count_vectors(declared))
        ]

    def _context(
        self, context: m.Context, number: int, counts: dict[str, int]
    ) -> ContextCase:
        self._slots = count()
        layout = self.layouts.context(context.name)[self.host.index]
        fields = zip(context.fields, layout.fixed.offsets, strict=True)
        parts = [self._field(field, offset, 0) for field, offset in fields]
        for region, placed in zip(context.regions, layout.regions, strict=True):
            begin = placed.begin(counts)
            elements = tuple(
                Part(i, self._node(region.element, begin + i * placed.stride, 0))
                for i in range(placed.length(counts))
            )
            parts.append(Part(region.name, Group("array", "", elements)))
        tree = Group("context", context.name, tuple(parts))
        size = layout.total(counts)
        case = Case(
            context.name, number, tree, tuple(words_of(tree)), size, layout.align
        )
        return ContextCase(case, counts)
