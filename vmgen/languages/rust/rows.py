"""How generated Rust picks a record's numbers by the data model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages.memo import Memo
from vmgen.languages.rust.docs import INDENT, comment, doc
from vmgen.layout.models import Models
from vmgen.schema.types import Type

if TYPE_CHECKING:
    from vmgen.languages.job import Job
    from vmgen.layout.models import Model

LISTED_TARGETS = 8


class Rows(msgspec.Struct):
    """A record's different rows of numbers.

    `headings` say which models each is for; `order` has, for each model, the position
    of its row.
    """

    headings: list[str]
    values: list[tuple[int, ...]]
    order: tuple[int, ...]


class RegionNumbers(msgspec.Struct, frozen=True):
    """A region's strides, and what its beginning is rounded up to, as Rust arrays;
    `rounds` says whether it is rounded at all."""

    strides: str
    roundings: str
    rounds: bool


class ModelView(msgspec.Struct, frozen=True):
    """A model as a variant of `DataModel`; `comment` and `doc` tell its targets."""

    index: int
    variant: str
    comment: str
    doc: str
    pointer: int
    targets: tuple[str, ...]
    patterns: str


class Chooser:
    """Sorts the numbers of a job's records by model."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.models = Models(job.layouts)
        self.variants = [f"P{model.name.replace('_', '')}" for model in self.models.all]
        self.schema_texts = Memo[Type, str](str)
        self._headings = Memo[tuple[int, ...], str](self._heading)
        self._rows = Memo[str, Rows](self._sorted_rows)
        self._arrays = Memo[tuple[int, ...], str](_array)

    @property
    def measured(self) -> list[str]:
        """Rust expressions for what tells the models apart, as `Model.measured`."""
        pointer = ["size_of::<usize>()", "align_of::<usize>()"]
        return pointer + [f"align_of::<{c}>()" for c in self.models.columns]

    @property
    def described(self) -> list[tuple[str, str]]:
        """What a message says of a target: words, and the number after each."""
        pointer, align, *others = self.measured
        labels = [f", {column} to " for column in self.models.columns]
        return [
            (", pointers of ", pointer),
            (" bytes aligned to ", align),
            *zip(labels, others, strict=True),
        ]

    def views(self) -> list[ModelView]:
        """The models as the variants of `DataModel`."""
        named = zip(self.models.all, self.variants, strict=True)
        return [_view(model, variant) for model, variant in named]

    def record(self, name: str) -> Rows:
        """The rows of a declared type: size, alignment, then offsets."""
        return self._rows[name]

    def _sorted_rows(self, name: str) -> Rows:
        layouts = self.models.numbers(self.job.layouts.row(name))
        found: dict[tuple[int, ...], list[int]] = {}
        for model, r in enumerate(layouts):
            found.setdefault((r.size, r.align, *r.offsets), []).append(model)
        order = [0] * len(layouts)
        for position, models in enumerate(found.values()):
            for model in models:
                order[model] = position
        headings = [self._headings[tuple(models)] for models in found.values()]
        return Rows(headings, list(found), tuple(order))

    def columns(self, name: str) -> list[str]:
        """The numbers of a declared type the other way round: of the size, of the
        alignment and of each part's offset, an array with a number for each model."""
        rows = self.record(name)
        if len(rows.values) == 1:
            return [f"[{n}; {len(self.variants)}]" for n in rows.values[0]]
        each_model = [rows.values[position] for position in rows.order]
        return [self._arrays[column] for column in zip(*each_model, strict=True)]

    def regions(self, name: str) -> list[RegionNumbers]:
        """The numbers of a context's regions, as arrays with one for each model."""
        layouts = self.models.numbers(self.job.contexts[name])
        return [
            RegionNumbers(
                self._arrays[tuple([r.stride for r in each_model])],
                self._arrays[tuple([r.round_to for r in each_model])],
                any(r.round_to > 1 for r in each_model),
            )
            for each_model in zip(*[c.regions for c in layouts], strict=True)
        ]

    def _heading(self, models: tuple[int, ...]) -> str:
        if len(models) == len(self.variants):
            return "every target"
        return ", ".join([self.variants[i] for i in models])


def _array(numbers: tuple[int, ...]) -> str:
    same = numbers.count(numbers[0]) == len(numbers)
    listed = f"{numbers[0]}; {len(numbers)}" if same else str(numbers)[1:-1]
    return f"[{listed}]"


def _view(model: Model, variant: str) -> ModelView:
    before, names = "", list(model.targets)
    if len(names) > LISTED_TARGETS:
        before = f"{len(names)} targets of "
        names = sorted({t.partition("-")[0] for t in model.targets})
    return ModelView(
        model.index,
        variant,
        comment(f"{before}{', '.join(names)}", INDENT),
        doc(f"{before}`{'`, `'.join(names)}`.", INDENT),
        model.pointer,
        model.targets,
        " | ".join(f"[{', '.join(map(str, p))}]" for p in model.measured),
    )
