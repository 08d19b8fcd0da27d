"""The data models that generated code tells apart.

Layout classes that agree on every number that code states of a module are one *model*.
Generated code measures the primitives of the compiler it meets and looks for the model
that fits; only what the module uses is measured, so that a target with an odd `f64` may
use a schema without one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from vmgen.analysis.order import held_types
from vmgen.analysis.peel import below_cells, laid_out
from vmgen.layout.classes import c_columns_of, fields_of
from vmgen.layout.groups import Group, split
from vmgen.schema import model as m
from vmgen.schema.types import Array, CNumber, Int, NonZero, Primitive
from vmgen.targets.bit_fields import BIT_RULES
from vmgen.targets.data_model import NATURAL_ALIGN, odd_alignments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence, Set

    from vmgen.layout.classes import LayoutClass, Widths
    from vmgen.layout.layouts import Layouts
    from vmgen.schema.types import Type
    from vmgen.targets.bit_fields import BitRule

_T = TypeVar("_T")


class Model(msgspec.Struct, frozen=True):
    """One entry of every list of numbers in generated code.

    `name` tells it from the module's other models: `64`, `32`, and `32_U64A4` where
    a 64-bit integer is aligned to 4. `classes` are indices of the layout classes it
    stands for, `targets` their targets in the schema's order. `measured` is what
    compilers for those targets find, each the size of a pointer, its alignment, and
    the alignments of `Models.columns` and the widths of `Models.c_columns`, all in bytes; then
    of a module with bit-fields the index of the rule in `BIT_RULES`, and of
    `Models.conditions` 1 for each that holds.
    """

    index: int
    name: str
    pointer: int
    classes: Group
    targets: tuple[str, ...]
    measured: tuple[tuple[int, ...], ...]


class Models:
    """The models of a module, in the order of the schema's targets.

    `columns` are the primitives besides the pointer whose alignment can move an
    offset of the module, as names of `NATURAL_ALIGN`, and `c_columns` C's types whose
    width can; `bit_fields` is whether there are any. `stated_lengths` says whether code
    states the lengths of arrays in bytes.
    """

    def __init__(self, layouts: Layouts, *, stated_lengths: bool = True) -> None:
        self.columns = columns_of(layouts.held)
        self.c_columns = c_columns_of(layouts.held)
        self.conditions = layouts.conditions
        classes = layouts.classes
        self.bit_fields = any(c.bit_rule is not None for c in classes)
        self.all = tuple(
            self._model(index, [classes[i] for i in group])
            for index, group in enumerate(_alike(layouts, stated_lengths))
        )
        self._first = [model.classes[0] for model in self.all]

    def numbers(self, row: Sequence[_T]) -> list[_T]:
        """One entry per model, of a row that has one per layout class."""
        return [row[i] for i in self._first]

    def _model(self, index: int, group: list[LayoutClass]) -> Model:
        measured = dict.fromkeys(self._measure(c) for c in group)
        return Model(
            index=index,
            name=self._name(next(iter(measured)), group[0], odd_bit_rule(group)),
            pointer=group[0].model.pointer,
            classes=tuple(c.index for c in group),
            targets=tuple(t for c in group for t in c.targets),
            measured=tuple(measured),
        )

    def _measure(self, layout_class: LayoutClass) -> tuple[int, ...]:
        model = layout_class.model
        aligns = (int(getattr(model, f"align_{c}")) for c in self.columns)
        widths = map(layout_class.c_width, self.c_columns)
        rule = layout_class.bit_rule
        rules = [] if rule is None else [BIT_RULES.index(rule)]
        truths = (int(layout_class.meets(c)) for c in self.conditions)
        return (model.pointer, model.align_pointer, *aligns, *widths, *rules, *truths)

    def _odd_c_widths(self, layout_class: LayoutClass) -> Widths:
        odd = layout_class.odd_c_widths
        return tuple((column, w) for column, w in odd if column in self.c_columns)

    def _name(
        self, measured: tuple[int, ...], first: LayoutClass, odd_bits: BitRule | None
    ) -> str:
        """`64`; `32_U64A4` where an alignment is other than the size; `16_MAX1` where
        none is more than 1 and each is otherwise the size; `64_LONG32` where one of C's
        types is not as wide as usual; `64_MICROSOFT` where bit-fields have another rule than
        on most targets; `64_LINUX` where fields are that are there only on Linux."""
        pointer, *aligns = measured[: 2 + len(self.columns)]
        columns = ("ptr", *self.columns)
        sizes = {"ptr": pointer} | {c: NATURAL_ALIGN[c] for c in self.columns}
        caps = (1, 2) if self.columns else ()
        odd = odd_alignments(sizes, dict(zip(columns, aligns, strict=True)), caps)
        odd_c = self._odd_c_widths(first)
        c = "".join(f"_{column[2:]}{width * 8}" for column, width in odd_c)
        c += f"_{odd_bits}" if odd_bits else ""
        met = "".join(f"_{one.slug.replace('.', '_')}" for one in first.met)
        return f"{pointer * 8}{odd.suffix.replace('-', '_')}{c}{met}".upper()


def odd_bit_rule(group: Sequence[LayoutClass]) -> BitRule | None:
    """The rule of bit-fields that some layout classes share, if it isn't that of most
    targets. Those that agree whatever the rule have none."""
    rules = {c.bit_rule for c in group}
    return group[0].bit_rule if len(rules) == 1 and "sysv" not in rules else None


def used_columns(module: m.Module) -> tuple[str, ...]:
    """The columns of `NATURAL_ALIGN` that can move an offset of the module's."""
    return columns_of({t for d in module.types.values() for t in held_types(d)})


def columns_of(types: Set[Type]) -> tuple[str, ...]:
    """The same of those types that the module's are made of."""
    used = set(map(column_of, types))
    for column in c_columns_of(types):
        # As wide as one of two integers, it is aligned as that one.
        used |= {"u16", "u32"} if column == "c_int" else {"u32", "u64"}
    return tuple(column for column in NATURAL_ALIGN if column in used)


def column_of(type: Type) -> str | None:
    """The column that says how `type` is aligned, of those besides the pointer's.

    None for what a pointer or a declared type decides, and for bytes and atomics,
    which are aligned to their size everywhere.
    """
    match laid_out(type):
        case Int(name) | NonZero(inner=name):
            column = f"u{name[1:]}"
        case Primitive("char"):
            column = "u32"
        case CNumber(plain=str(name)):
            column = name if name[0] == "f" else f"u{name[1:]}"
        case Primitive(name):
            column = name
        case _:
            return None
    return column if column in NATURAL_ALIGN else None


def _alike(layouts: Layouts, stated_lengths: bool) -> tuple[Group, ...]:
    """The layout classes that have every number in common that code states of the
    module's own types.

    How a record's parts are aligned is no number of it, nor are their sizes, except
    where code states them: those of arrays. In a union, and before padding, they can
    differ where nothing else does.
    """
    groups: tuple[Group, ...] = (tuple(range(len(layouts.classes))),)
    own = layouts.module.own_types
    # Many records are laid out alike.
    for row in {id(row): row for row in map(layouts.row, own)}.values():
        if any(row[i] is not row[group[0]] for group in groups for i in group):
            groups = split(groups, [(r.size, r.align, r.offsets, r.bits) for r in row])
    for array in _arrays(layouts) if stated_lengths else []:
        groups = split(groups, [layouts.extent(array, c)[0] for c in layouts.classes])
    conditions = {f.on for d in own.values() for f in fields_of(d) if f.on is not None}
    for condition in sorted(conditions, key=str):
        groups = split(groups, [c.meets(condition) for c in layouts.classes])
    for name, declared in own.items():
        if isinstance(declared, m.Context):
            row_of_regions = [c.regions for c in layouts.context(name)]
            steps = [tuple((r.round_to, r.stride) for r in rs) for rs in row_of_regions]
            groups = split(groups, steps)
    return groups


def _arrays(layouts: Layouts) -> list[Type]:
    """The types of arrays that the module's own types are made of."""
    held: Iterable[Type] = layouts.held
    if layouts.module.used:
        own = layouts.module.own_types.values()
        held = {t for declared in own for t in held_types(declared)}
    return [t for t in held if isinstance(below_cells(t), Array)]
