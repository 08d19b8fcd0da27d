"""Handles for llvmlite: the loads and stores of a schema's records, with what LLVM may
assume of each.

A generated module declares a class for each record and hands a table to `define_handles`.
The numbers are those of the module of ctypes classes, on any of its targets.
"""

from __future__ import annotations

from .errors import LayoutMismatch
from .hints import TYPE_CHECKING, Any, ClassVar, Final, Mapping, Sequence
from .kinds import modules
from .llvm_numbers import Number, Unknown
from .llvm_parts import Elements, Pointer
from .llvm_places import Place
from .llvm_records import Context, Record, RecordTable
from .llvm_target import Target, WrongTarget

if TYPE_CHECKING:
    from .models import Targets

FORMAT: Final[int] = 1
"""Version of the tables that `define_handles` understands."""


NONE_LOOSE: Final[Mapping[Any, Sequence[int]]] = {}


class Compiler:
    """Base of the handles of a module on one target: an attribute for each record.

    `target` is a target of the schema's or one of its data models. Raises UnknownTarget.
    """

    _vm: ClassVar[Mapping[str, type[Record]]]
    _targets: ClassVar[Targets]
    _loose: ClassVar[Mapping[type[Record], Sequence[int]]]

    def __init__(self, target: str) -> None:
        self._target = Target(self._targets, target)
        self._target.loosen(self._loose)
        for name, cls in self._vm.items():
            align = cls._vm_held().align_on(self._target)
            setattr(self, name, cls(name, Place(self._target, align)))

    def __repr__(self) -> str:
        return f"<{type(self).__module__} for {self._target.name}>"


def define_handles(
    namespace: dict[str, Any],
    layouts: Any,
    *,
    version: int,
    remake: str,
    module: str,
    records: Sequence[tuple[Any, ...]],
    loose: Mapping[type[Record], Sequence[int]] = NONE_LOOSE,
) -> None:
    """Give the classes of a generated module what its table says.

    A row of `records` is the name of a record's class in `layouts` and of that here, and the
    parts. A part is name, type, alias region, words and ranges of values; what is behind
    the last that isn't empty is left out. `loose` are the alignments, by the columns of the
    table of layouts, of records that a pointer may lead to at less than their types'. Raises ImportError for a table of
    another version, LayoutMismatch for one of other records.
    """
    if version != FORMAT:
        raise ImportError(
            f"this vmgen_runtime reads handles of version {FORMAT}, those of "
            f"{namespace['__name__']} are of version {version}: run `{remake}`"
        )
    known: dict[str, type[Record]] = {}
    for face, handles, rows in records:
        cls: type[Record] = namespace[handles]
        made = getattr(layouts, face)._vm
        context = made if issubclass(cls, Context) else None
        layout = context.fixed if context else made
        table = RecordTable(namespace, module, face, layout, context, rows)
        if not table.fits:
            raise LayoutMismatch(
                f"{handles} and {layouts.__name__}.{face} are not of the same schema: "
                f"run `{remake}`"
            )
        cls._vm, known[face] = table, cls
    namespace["Handles"]._vm = known
    namespace["Handles"]._loose = loose
    namespace["Handles"]._targets = modules[layouts.__name__].targets


__all__ = [
    "Compiler", "Context", "Elements", "Number", "Pointer", "Record", "Unknown",
    "WrongTarget", "define_handles",
]  # fmt: skip
