"""The two texts that a generated module hands to its runtime: models and layouts.

`templates/python/runtime/define.py.j2` reads them. Numbers are those of
`vmgen.layout`, one per column; a column is for the layout classes that what the
schema lays out cannot tell apart.
"""

from __future__ import annotations

from functools import cache
from textwrap import wrap
from typing import TYPE_CHECKING

from vmgen.layout.targets import TARGETS
from vmgen.schema import model as m
from vmgen.schema.types import (
    INT_BITS,
    Array,
    Atomic,
    FnPointer,
    Int,
    Named,
    NonZero,
    Option,
    Primitive,
    RawPointer,
    Type,
    Unit,
    UnsafeCell,
    VmPtr,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.emit.job import Job
    from vmgen.layout.data_model import DataModel
    from vmgen.source import Span

POINTER = "pointer"
U128 = "u128"
_NO_SYSTEM = frozenset({"none", "unknown", "cuda", "amdhsa", "uefi", ""})


class Columns:
    """The columns of a module's table, and the models whose targets share each."""

    def __init__(self, job: Job) -> None:
        self._facts = sorted(_facts(job.module))
        self._by_key: dict[tuple[int, ...], int] = {}
        self.classes: list[int] = []
        for layout_class in job.layouts.classes:
            key = self._key(layout_class.model)
            if key not in self._by_key:
                self._by_key[key] = len(self.classes)
                self.classes.append(layout_class.index)
        self._tokens: dict[tuple[int, ...], str] = {}
        self._targets = job.module.targets

    def token(self, numbers: tuple[int, ...]) -> str:
        """One number per column as the table has them; one alone if they agree."""
        known = self._tokens.get(numbers)
        if known is None:
            shown = numbers[:1] if len(set(numbers)) == 1 else numbers
            known = self._tokens[numbers] = ",".join(map(str, shown))
        return known

    def models(self) -> str:
        """A block per data model: name, byte order, facts; then the targets."""
        groups: dict[tuple[tuple[int, ...], str], list[m.ModelTarget]] = {}
        for target in self._targets:
            key = self._key(target.model), target.model.endian
            groups.setdefault(key, []).append(target)
        blocks = []
        for group in groups.values():
            model = group[0].model
            facts = [f"{fact}={_fact(model, fact)}" for fact in self._facts]
            if U128 in self._facts and self._is_doubtful(model):
                facts[self._facts.index(U128)] += "?"
            if all(map(_is_bare, group)):
                facts.insert(0, "bare")
            head = " ".join([model.name, model.endian, *facts])
            names = " ".join(t.name for t in group)
            lines = wrap(names, 88, break_long_words=False, break_on_hyphens=False)
            blocks.append("\n".join([head, *lines]))
        return "\n\n".join(blocks)

    def _is_doubtful(self, model: DataModel) -> bool:
        """Whether hosts differ in the alignment of u128 alone, which Python can't see.

        Hosts are what rustc knows with an operating system, in the schema or not.
        """
        seen = [fact for fact in self._facts if fact != U128]
        facts = (model.endian, *(_fact(model, fact) for fact in seen))
        return any(
            other.align_u128 != model.align_u128
            and facts == (other.endian, *(_fact(other, fact) for fact in seen))
            for other in _host_models()
        )

    def _key(self, model: DataModel) -> tuple[int, ...]:
        key = [int(getattr(model, f"align_{fact}")) for fact in self._facts]
        return (*key, model.pointer) if POINTER in self._facts else tuple(key)


class Blocks:
    """Builds the blocks of the layouts' text, by value first."""

    def __init__(self, job: Job, columns: Columns) -> None:
        self._job = job
        self._columns = columns
        self._files = {f.name: number for number, f in enumerate(job.module.files)}

    def place(self, span: Span) -> str:
        """`FILE:LINE`, the file by number; the line alone in the schema itself."""
        number = self._files[span.file.name]
        return f"{number}:{span.line}" if number else str(span.line)

    def block(
        self,
        category: str,
        name: str,
        span: Span,
        extents: Iterable[tuple[int, int]],
        rows: Iterable[str],
        options: str = "",
    ) -> str:
        """A record: its sizes and alignments, one pair per column, and its rows."""
        sizes, aligns = zip(*extents, strict=True)
        token = self._columns.token
        head = f"{category} {name} {self.place(span)} {token(sizes)} {token(aligns)}"
        return "\n".join([f"{head}{options}", *rows])

    def extents(self, name: str) -> list[tuple[int, int]]:
        """Size and alignment of a declared type, per column."""
        row = self._job.layouts.row(name)
        return [(row[i].size, row[i].align) for i in self._columns.classes]

    def part_extents(self, name: str) -> list[list[tuple[int, int]]]:
        """Size and alignment of each part of a declared type, per column."""
        row = self._job.layouts.row(name)
        parts = zip(*[row[i].extents for i in self._columns.classes], strict=True)
        return [list(part) for part in parts]

    def offsets(self, name: str) -> Iterator[str]:
        """The offsets of each part of a declared type, as the table has them."""
        row = self._job.layouts.row(name)
        layouts = [row[i] for i in self._columns.classes]
        parts = zip(*[layout.offsets for layout in layouts], strict=True)
        return map(self._columns.token, parts)

    def region_rows(
        self, name: str, attributes: Sequence[str], tokens: Sequence[str]
    ) -> Iterator[str]:
        """The rows of a context's regions; `.` is no count, and no flag."""
        context = self._job.module.types[name]
        assert isinstance(context, m.Context)
        layouts = self._job.contexts[name]
        columns = [layouts[i].regions for i in self._columns.classes]
        for region, attribute, token, placed in zip(
            context.regions, attributes, tokens, zip(*columns, strict=True), strict=True
        ):
            count = "." if region.count is None else region.count
            rounding = self._columns.token(tuple(r.round_to for r in placed))
            strides = self._columns.token(tuple(r.stride for r in placed))
            yield (
                f"+ {attribute} {token} {region.span.line} {count} "
                f"{region.when or '.'} {region.align or 0} {rounding} {strides}"
            )


@cache
def _host_models() -> tuple[DataModel, ...]:
    """The data models of targets that have an operating system."""
    hosts = [t.model for t in TARGETS.values() if t.os not in _NO_SYSTEM]
    return tuple({model.name: model for model in hosts}.values())


def _is_bare(target: m.ModelTarget) -> bool:
    """Whether nothing runs there that could run Python; unknown of own models."""
    known = TARGETS.get(target.name)
    return known is not None and known.os in _NO_SYSTEM


def _fact(model: DataModel, fact: str) -> str:
    align = getattr(model, f"align_{fact}")
    return f"{model.pointer}/{align}" if fact == POINTER else str(align)


def _facts(module: m.Module) -> set[str]:
    """The widths whose alignment can show in a layout of the module."""
    facts: set[str] = set()
    for declared in module.types.values():
        match declared:
            case m.Struct(fields=fields) | m.Union(fields=fields):
                types = [f.text.type for f in fields]
            case m.Context(fields=fields, regions=regions):
                types = [f.text.type for f in fields] + [r.element for r in regions]
            case m.TaggedEnum(tag=tag, variants=variants):
                types = [tag, *(v.text.type for v in variants if v.text)]
            case m.PlainEnum(tag=tag):
                types = [tag]
            case m.Newtype(inner=inner):
                types = [inner]
            case m.Functions() | m.Foreign():
                facts.add(POINTER)
                continue
            case _:
                continue
        for type in types:
            fact = _fact_of(type)
            if fact is not None:
                facts.add(fact)
    return facts


def _fact_of(type: Type) -> str | None:
    """The width that a type's size or alignment depends on."""
    while isinstance(type, (Array, UnsafeCell, Option)):
        type = type.element if isinstance(type, Array) else type.inner
    match type:
        case VmPtr() | RawPointer() | FnPointer():
            return POINTER
        case Int(name) | NonZero(inner=name):
            bits = INT_BITS[name]
            return POINTER if bits is None else f"u{bits}" if bits > 8 else None
        case Atomic(inner=name):
            return POINTER if name in ("usize", "isize") else None
        case Primitive("char"):
            return "u32"
        case Primitive(name):
            return name if name != "bool" else None
        case Named() | Unit():
            return None
        case _:
            return None
