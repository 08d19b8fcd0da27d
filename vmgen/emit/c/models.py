"""The data models that a header tells apart, and how it picks a number by them.

Layout classes that agree on every number of the schema are one *model*. The header
measures the compiler's own integers and pointers and looks for the model that they
belong to; only what the schema uses is measured, so that a target whose `double` is
odd may use a schema without one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from vmgen.layout.data_model import NATURAL_ALIGN
from vmgen.layout.targets import TARGETS
from vmgen.schema import model as m
from vmgen.schema.types import Int, NonZero, Primitive, Type, by_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.emit.job import Job
    from vmgen.layout.records import LayoutClass

LISTED_TARGETS = 12

_T = TypeVar("_T")

_COLUMN_OF_INT = {
    f"{sign}{bits}": f"u{bits}" for sign in "ui" for bits in (16, 32, 64, 128)
}
_COLUMN_OF_PRIMITIVE = {"char": "u32", "f32": "f32", "f64": "f64"}


@dataclass(frozen=True, slots=True)
class Model:
    """One entry of every list of numbers in the header.

    `classes` are indices of layout classes, whose numbers are equal; `measured` what
    a compiler of theirs finds, each a list of arguments for `VMGEN_MEASURED`.
    """

    index: int
    name: str
    width: int
    classes: tuple[int, ...]
    measured: tuple[str, ...]
    about: str


class Models:
    """The models of a job, in the order of the schema's targets."""

    def __init__(self, job: Job) -> None:
        self.columns = tuple(used_columns(job.module))
        classes = job.layouts.classes
        self.all = tuple(
            _model(index, [classes[i] for i in group], self.columns)
            for index, group in enumerate(_merged(job))
        )
        self._first = [model.classes[0] for model in self.all]
        self._picks: dict[tuple[int, ...], str] = {}

    def __len__(self) -> int:
        return len(self.all)

    def numbers(self, row: Sequence[_T]) -> list[_T]:
        """One entry per model of a row that has one per layout class."""
        return [row[i] for i in self._first]

    def pick(self, numbers: Sequence[int]) -> str:
        """A C constant: the number of the model that the compiler's target is of."""
        key = tuple(numbers)
        text = self._picks.get(key)
        if text is None:
            text = str(key[0]) if len(set(key)) == 1 else f"VMGEN_PICK{_listed(key)}"
            self._picks[key] = text
        return text

    @property
    def parameters(self) -> list[str]:
        """Names for macro parameters, one per model."""
        return [f"m{model.name.lower()}" for model in self.all]

    def by_model(self, macro: str, model: str, numbers: Sequence[int]) -> str:
        """A C expression: the number of the model that the expression `model` is."""
        if len(set(numbers)) == 1:
            return f"{numbers[0]}u"
        return f"{macro}({model}, {', '.join(f'{n}u' for n in numbers)})"

    def chosen(self, model: str, among: Sequence[Model]) -> str:
        """The parameter of the one of `among` that the expression `model` is; of the
        last one if it is none of them."""
        *others, last = among
        asked = (f"{model} == {o.index} ? (m{o.name.lower()}) : " for o in others)
        return f"({''.join(asked)}(m{last.name.lower()}))"


def _listed(numbers: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, numbers))})"


def used_columns(module: m.Module) -> Iterator[str]:
    """The columns of `NATURAL_ALIGN` that can move an offset of the module's."""
    used = {_column(by_value(t)) for d in module.types.values() for t in _held(d)}
    return (column for column in NATURAL_ALIGN if column in used)


def _held(declared: m.Declaration) -> Iterator[Type]:
    match declared:
        case m.Struct(fields=fields) | m.Union(fields=fields):
            yield from (f.text.type for f in fields)
        case m.PlainEnum(tag=tag):
            yield tag
        case m.TaggedEnum(tag=tag, variants=variants):
            yield tag
            yield from (v.text.type for v in variants if v.text)
        case m.Newtype(inner=inner):
            yield inner
        case m.Context(fields=fields, regions=regions):
            yield from (f.text.type for f in fields)
            yield from (r.element for r in regions)


def _column(type: Type) -> str | None:
    match type:
        case Int(name) | NonZero(inner=name):
            return _COLUMN_OF_INT.get(name)
        case Primitive(name):
            return _COLUMN_OF_PRIMITIVE.get(name)
        case _:
            return None


def _merged(job: Job) -> list[list[int]]:
    """Indices of layout classes, grouped by having every number in common."""
    layouts = job.layouts
    groups = [list(range(len(layouts.classes)))]
    for name in layouts.order:
        row = layouts.row(name)
        keys = [(r.size, r.align, r.offsets) for r in row]
        groups = _split(groups, keys)
    for contexts in job.contexts.values():
        steps = [tuple((r.round_to, r.stride) for r in c.regions) for c in contexts]
        groups = _split(groups, steps)
    return groups


def _split(groups: list[list[int]], keys: Sequence[object]) -> list[list[int]]:
    if len(groups) == len(keys):
        return groups
    split: list[list[int]] = []
    for group in groups:
        by_key: dict[object, list[int]] = {}
        for index in group:
            by_key.setdefault(keys[index], []).append(index)
        split.extend(by_key.values())
    return sorted(split)


def _model(index: int, group: list[LayoutClass], columns: tuple[str, ...]) -> Model:
    measured = dict.fromkeys(tuple(_measured(c, columns).values()) for c in group)
    targets = [t for c in group for t in c.targets]
    return Model(
        index=index,
        name=_name(_measured(group[0], columns)),
        width=group[0].model.pointer_width,
        classes=tuple(c.index for c in group),
        measured=tuple(_listed(numbers) for numbers in measured),
        about=_about(targets),
    )


def _measured(layout_class: LayoutClass, columns: tuple[str, ...]) -> dict[str, int]:
    """What a header measures and finds on these targets: the size of a pointer, its
    alignment, and those of the columns."""
    model = layout_class.model
    aligns = {c: int(getattr(model, f"align_{c}")) for c in columns}
    return {"size": model.pointer, "ptr": model.align_pointer, **aligns}


def _name(measured: dict[str, int]) -> str:
    """`64`; `32_U64A4` where u64 has an alignment other than its size; `16_MAX1` where
    no alignment is more than 1, and otherwise each is its size."""
    actual = dict(measured)
    size = actual.pop("size")
    natural = {c: NATURAL_ALIGN.get(c, size) for c in actual}
    name = str(size * 8)
    for cap in (1, 2):
        capped = {c: min(align, cap) for c, align in natural.items()}
        if actual == capped != natural and len(actual) > 2:
            return f"{name}_MAX{cap}"
    odd = (f"_{c.upper()}A{a}" for c, a in actual.items() if a != natural[c])
    return name + "".join(odd)


def _about(targets: list[str]) -> str:
    if len(targets) <= LISTED_TARGETS:
        return ", ".join(targets)
    kinds = {TARGETS[t].arch if t in TARGETS else t for t in targets}
    return f"{len(targets)} targets of {', '.join(sorted(kinds))}"
