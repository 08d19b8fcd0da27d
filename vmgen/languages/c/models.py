"""Numbers that depend on the data model, as a header picks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.layout.class_names import listed_targets
from vmgen.layout.models import Models

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vmgen.languages.job import Job
    from vmgen.layout.models import Model


class CModels(Models):
    """The models of a job, with C's ways to name one and to pick a number by it.

    A header measures the compiler's pointers and integers, and finds the model that
    has the same; so it needs no list of compilers, and no host's number stands alone.

    A compiler judges the number of its own target. Numbers of several end with their
    sum, by which it knows that nobody has edited another's.
    """

    def __init__(self, job: Job) -> None:
        super().__init__(job.layouts)
        self.prefix = job.module.name.upper()
        self._listed: dict[tuple[int, ...], tuple[str, str]] = {}

    @property
    def host(self) -> str:
        """The constant that is the model of the compiler's target."""
        return f"{self.prefix}_MODEL_HOST"

    @property
    def parameters(self) -> list[str]:
        """Names for macro parameters, one per model."""
        return [_parameter(model) for model in self.all]

    def constant(self, model: Model) -> str:
        """The constant that is the number of a model."""
        return f"{self.prefix}_MODEL_{model.name}"

    def listed(self, numbers: tuple[int, ...]) -> tuple[str, str]:
        """Numbers, one per model, as the last arguments of an assertion, and how its
        name ends: one number where they are all alike, else `S` and all with the sum.
        """
        made = self._listed.get(numbers)
        if made is None:
            alike = len(set(numbers)) == 1
            made = ("", str(numbers[0])) if alike else ("S", _summed(numbers))
            self._listed[numbers] = made
        return made

    def pick(self, numbers: Iterable[int]) -> str:
        """A constant: the number of the model that the compiler's target is of."""
        differ, arguments = self.listed(tuple(numbers))
        return f"VMGEN_PICK({arguments})" if differ else arguments

    def pick_summed(self, numbers: Sequence[int]) -> str:
        """The same for numbers that the compiler can't judge by what it measures: they
        have a sum even when they are all alike."""
        return f"VMGEN_PICK({_summed(numbers)})"

    def by_model(self, numbers: Sequence[int]) -> str:
        """An expression: the number of the model that the macro parameter `model` is."""
        alike = len(set(numbers)) == 1
        return str(numbers[0]) if alike else self.by_model_summed(numbers)

    def by_model_summed(self, numbers: Sequence[int]) -> str:
        """The same for numbers that no compiler can judge by what it measures."""
        return f"{self.prefix}_BY_MODEL(model, {_summed(numbers)})"

    def measured(self) -> list[str]:
        """What the compilers of each model measure, as arguments of a macro."""
        return [
            f"{self.constant(model)}, {_summed(numbers)}"
            for model in self.all
            for numbers in model.measured
        ]

    def chosen(self, model: str, among: Sequence[Model]) -> list[str]:
        """An expression, a line to a choice: the macro parameter for the one of `among`
        that the expression `model` is; that of the last one if it is none of them.

        A number that somebody has deleted leaves an empty argument. With a zero added
        this is an expression all the same, and the sum says what is the matter.
        """
        *others, last = among
        asked = (
            f"{model} == {self.constant(other)} ? {_parameter(other)} + 0u :"
            for other in others
        )
        return [*asked, f"{_parameter(last)} + 0u"]


def about(model: Model) -> str:
    """Which targets a model is for, in a line or two."""
    return listed_targets(model.targets)


def _summed(numbers: Sequence[int]) -> str:
    """Numbers and their sum, as arguments of a macro."""
    return ", ".join(map(str, (*numbers, sum(numbers))))


def _parameter(model: Model) -> str:
    return f"m{model.name.lower()}"
