"""How generated Rust picks a record's numbers by the data model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.emit.models import Models
from vmgen.emit.rust.docs import INDENT, WIDTH, comment, doc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.emit.job import Job
    from vmgen.emit.models import Model

LISTED_TARGETS = 8
LONGEST_PATTERN = WIDTH - len("            " " => &Self {") - 1


class Heading(msgspec.Struct, frozen=True):
    """Some of the models: how a comment names them, and how a `match` does.

    `pattern` is empty for all models. `awkward` says that rustfmt would write such an
    arm in another way.
    """

    models: str
    pattern: str
    awkward: bool


class Rows(msgspec.Struct):
    """A record's different rows of numbers, each with the models it is for.

    `order` has, for each model, the position of its row.
    """

    headings: list[Heading]
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
        self.models = Models(job)
        self.variants = [f"P{model.name.replace('_', '')}" for model in self.models.all]
        self._headings: dict[tuple[int, ...], Heading] = {}
        self._rows: dict[str, Rows] = {}
        self._arrays: dict[tuple[int, ...], str] = {}

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
        rows = self._rows.get(name)
        if rows is None:
            layouts = self.models.numbers(self.job.layouts.row(name))
            keys = [(r.size, r.align, *r.offsets) for r in layouts]
            rows = self._rows[name] = self.sort(keys)
        return rows

    def columns(self, name: str) -> list[str]:
        """The numbers of a declared type the other way round: of the size, of the
        alignment and of each part's offset, an array with a number for each model."""
        rows = self.record(name)
        if len(rows.values) == 1:
            return [f"[{n}; {len(self.variants)}]" for n in rows.values[0]]
        each_model = [rows.values[position] for position in rows.order]
        return [self._array(column) for column in zip(*each_model, strict=True)]

    def regions(self, name: str) -> list[RegionNumbers]:
        """The numbers of a context's regions, as arrays with one for each model."""
        layouts = self.models.numbers(self.job.contexts[name])
        return [
            RegionNumbers(
                self._array(tuple([r.stride for r in each_model])),
                self._array(tuple([r.round_to for r in each_model])),
                any(r.round_to > 1 for r in each_model),
            )
            for each_model in zip(*[c.regions for c in layouts], strict=True)
        ]

    def _array(self, numbers: tuple[int, ...]) -> str:
        found = self._arrays.get(numbers)
        if found is None:
            same = numbers.count(numbers[0]) == len(numbers)
            listed = f"{numbers[0]}; {len(numbers)}" if same else str(numbers)[1:-1]
            found = self._arrays[numbers] = f"[{listed}]"
        return found

    def sort(self, keys: Sequence[tuple[int, ...]]) -> Rows:
        """The rows of numbers that are given, one entry per model."""
        found: dict[tuple[int, ...], list[int]] = {}
        for model, key in enumerate(keys):
            found.setdefault(key, []).append(model)
        position = {key: index for index, key in enumerate(found)}
        return Rows(
            [self._heading(tuple(models)) for models in found.values()],
            list(found),
            tuple([position[key] for key in keys]),
        )

    def _heading(self, models: tuple[int, ...]) -> Heading:
        found = self._headings.get(models)
        if found is None:
            variants = [self.variants[i] for i in models]
            patterns = [f"DataModel::{v}" for v in variants]
            found = Heading(
                ", ".join(variants), _alternatives(patterns), _is_awkward(patterns)
            )
            if len(variants) == len(self.variants):
                found = Heading("every target", "", False)
            self._headings[models] = found
        return found


def _view(model: Model, variant: str) -> ModelView:
    about = ", ".join(model.targets)
    if len(model.targets) > LISTED_TARGETS:
        archs = sorted({t.partition("-")[0] for t in model.targets})
        about = f"{len(model.targets)} targets of {', '.join(archs)}"
    return ModelView(
        model.index,
        variant,
        comment(about, INDENT),
        doc(f"{about}.", INDENT),
        model.pointer,
        model.targets,
        " | ".join(f"[{', '.join(map(str, p))}]" for p in model.measured),
    )


def _alternatives(patterns: Sequence[str]) -> str:
    """Patterns of one arm of a `match`, as rustfmt writes them."""
    short = " | ".join(patterns)
    if len(short) <= LONGEST_PATTERN:
        return short
    return "\n            | ".join(patterns)


def _is_awkward(patterns: Sequence[str]) -> bool:
    """Whether they fit a line on which nothing else fits, which makes rustfmt move what
    comes after the arrow into a block of its own."""
    return LONGEST_PATTERN < len(" | ".join(patterns)) <= LONGEST_PATTERN + 8
