"""Numbers that depend on the data model, as a header picks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.emit.models import Models
from vmgen.layout.targets import TARGETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.emit.job import Job
    from vmgen.emit.models import Model

LISTED_TARGETS = 12


class CModels(Models):
    """The models of a job, with C's ways to name one and to pick a number by it.

    A header measures the compiler's pointers and integers, and finds the model that
    has the same; so it needs no list of compilers, and no host's number stands alone.
    """

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self.prefix = job.module.name.upper()
        self._picks: dict[tuple[int, ...], str] = {}

    @property
    def host(self) -> str:
        """The constant that is the model of the compiler's target."""
        return f"{self.prefix}_MODEL_HOST"

    @property
    def parameters(self) -> list[str]:
        """Names for macro parameters, one per model."""
        return [_parameter(model) for model in self.all]

    def pick(self, numbers: Sequence[int]) -> str:
        """A constant: the number of the model that the compiler's target is of."""
        key = tuple(numbers)
        text = self._picks.get(key)
        if text is None:
            text = str(key[0]) if len(set(key)) == 1 else f"VMGEN_PICK{listed(key)}"
            self._picks[key] = text
        return text

    def by_model(self, numbers: Sequence[int]) -> str:
        """An expression: the number of the model that the macro parameter `model` is."""
        if len(set(numbers)) == 1:
            return f"{numbers[0]}u"
        return f"{self.prefix}_BY_MODEL(model, {', '.join(f'{n}u' for n in numbers)})"

    def chosen(self, model: str, among: Sequence[Model]) -> str:
        """The macro parameter for the one of `among` that the expression `model` is;
        that of the last one if it is none of them."""
        *others, last = among
        asked = (f"{model} == {o.index} ? ({_parameter(o)}) : " for o in others)
        text = f"{''.join(asked)}({_parameter(last)})"
        return f"({text})" if others else text


def listed(numbers: Sequence[int]) -> str:
    """The arguments of a macro."""
    return f"({', '.join(map(str, numbers))})"


def about(model: Model) -> str:
    """Which targets a model is for, in a line or two."""
    if len(model.targets) <= LISTED_TARGETS:
        return ", ".join(model.targets)
    kinds = {TARGETS[t].arch if t in TARGETS else t for t in model.targets}
    return f"{len(model.targets)} targets of {', '.join(sorted(kinds))}"


def _parameter(model: Model) -> str:
    return f"m{model.name.lower()}"
