"""Numbers that depend on the data model, as a header picks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.called import keyword_of
from vmgen.languages.c.names import Names
from vmgen.layout.class_names import listed_targets
from vmgen.layout.models import Models

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.job import Job
    from vmgen.layout.models import Model


class CModels(Models):
    """The models of a job, with C's ways to name one and to pick a number by it.

    A header measures the compiler's pointers and integers, and finds the model that
    has the same; so it needs no list of compilers, and no host's number stands alone.
    """

    def __init__(self, job: Job) -> None:
        super().__init__(job.layouts)
        keywords = {n: keyword_of(one) for n, one in job.module.types.items()}
        self.names = Names(
            job.module.name,
            job.options.get("prefix", ""),
            {n: word for n, word in keywords.items() if word in ("struct", "union")},
        )
        self._listed: dict[tuple[tuple[int, ...], ...], tuple[str, str]] = {}

    def parameters(self, column: str = "") -> str:
        """Names for macro parameters, one per model; `column` ends each."""
        return ", ".join(f"{_parameter(model)}{column}" for model in self.all)

    def constant(self, model: Model) -> str:
        """The constant that is the number of a model."""
        return self.names.model(model.name)

    def listed(self, *columns: tuple[int, ...]) -> tuple[str, str]:
        """Columns of numbers, each with one per model, as the last arguments of an
        assertion, and how its name ends: one number of each where all are alike, else
        `S` and all numbers."""
        made = self._listed.get(columns)
        if made is None:
            alike = all(len(set(column)) == 1 for column in columns)
            shown = [column[:1] if alike else column for column in columns]
            groups = (", ".join(map(str, numbers)) for numbers in shown)
            words = (", " if alike else ",  ").join(groups)
            made = self._listed[columns] = ("" if alike else "S", words)
        return made

    def by_model(self, row: Sequence[int], model: str = "model") -> str:
        """An expression of a row with an entry per layout class: the number of the data
        model that `model` is, a macro's parameter."""
        differ, listed = self.listed(tuple(self.numbers(row)))
        return f"{self.names.by_model}({model}, {listed})" if differ else listed

    def of_host(self, row: Sequence[int]) -> str:
        """The same of the data model that the compiler's target is of."""
        return self.by_model(row, self.names.host)

    def measured(self) -> list[tuple[str, str]]:
        """What the compilers of each model measure, as arguments of a macro, and the
        constant of the model."""
        return [
            (", ".join(map(str, numbers)), self.constant(model))
            for model in self.all
            for numbers in model.measured
        ]

    def widths(self, columns: Sequence[str]) -> list[tuple[str, list[str]]]:
        """Per size of a pointer: UINTPTR_MAX, and of each of `columns`, as `parameters`
        takes them, the number of the compiler's model. What the preprocessor decides
        costs the compiler nothing. A model without pointers may be found at more than
        one size."""
        sizes = {pointer for model in self.all for pointer, *_ in model.measured}
        return [
            (f"0x{(1 << 8 * size) - 1:X}", [self._host(size, c) for c in columns])
            for size in sorted(sizes, reverse=True)
        ]

    def _host(self, size: int, column: str) -> str:
        *others, last = [
            model
            for model in self.all
            if any(pointer == size for pointer, *_ in model.measured)
        ]
        choice = "".join(
            f"{self.names.host} == {self.constant(m)} ? {_parameter(m)}{column} : "
            for m in others
        )
        number = f"{choice}{_parameter(last)}{column}"
        return f"({number})" if others else number

    def chosen(self) -> list[str]:
        """The same by the macro parameter `model`, a line to a choice: that of the last
        model if it is none of the others."""
        *others, last = self.all
        asked = (
            f"(model) == {self.constant(other)} ? {_parameter(other)} + 0u :"
            for other in others
        )
        return [*asked, f"{_parameter(last)} + 0u"]


def about(model: Model) -> str:
    """Which targets a model is for, in a line or two."""
    return listed_targets(model.targets)


def _parameter(model: Model) -> str:
    return f"m{model.name.lower()}"
