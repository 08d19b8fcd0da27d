"""The target of a set of handles, held against the LLVM modules that they are used in."""

from __future__ import annotations

from .hints import TYPE_CHECKING, Any, Mapping, Sequence
from .llvm_ir import Builder, Value, integer

if not TYPE_CHECKING:
    pass
else:
    from .llvm_ir import Type
    from .models import Model, Targets


class WrongTarget(ValueError):
    """An LLVM module that is for another data model than the handles used in it."""


class Target:
    """The data model that handles are for.

    `pointer` is the bytes of one; where the schema lays out none, that is what the LLVM
    module says. `swaps` says that little-endian words have to be swapped.
    """

    def __init__(self, targets: Targets, name: str) -> None:
        self.targets = targets
        self.name = name
        if sum(name == model.name for model in targets.models) > 1:
            # They differ in what C's numbers are.
            raise WrongTarget(f"{name} is more than one data model: name a target")
        self.model: Model = targets.model(name)
        self.pointer = self.model.pointer
        self.swaps = self.model.order == "big"
        self._seen: tuple[str, str] | None = None
        self._loose: dict[Any, int] = {}

    @property
    def word(self) -> Type:
        """The integer that is as wide as a pointer."""
        return integer(self.pointer)

    def loosen(self, aligns: Mapping[Any, Sequence[int]]) -> None:
        """Take in to what records, by their classes, are aligned at least where a pointer
        leads to one: by the columns of the table, or one number for all."""
        column = self.model.column
        for cls, numbers in aligns.items():
            self._loose[cls] = numbers[column if len(numbers) > 1 else 0]

    def align_of(self, cls: Any, align: int) -> int:
        """The alignment of a record that a pointer leads to, where its type has `align`."""
        return min(align, self._loose.get(cls, align))

    def check(self, builder: Builder) -> None:
        """Hold the builder's module against the data model. Raises WrongTarget."""
        module = builder.module
        seen = module.triple, module.data_layout
        if seen == self._seen:
            return
        self._check_triple(module.triple)
        self._check_layout(module.data_layout)
        self._seen = seen

    def _check_triple(self, triple: str) -> None:
        known = self.targets.by_target.get(triple)
        if known is not None and known is not self.model:
            raise WrongTarget(
                f"the module is for {triple}, whose data model is {known.name}; these "
                f"handles are for {self.name}, {self.model.name}"
            )

    def _check_layout(self, text: str) -> None:
        if not text:
            # LLVM takes an empty one for a big-endian machine's while it optimises.
            raise WrongTarget(
                "the module has no data_layout: set it to str(target_machine.target_data)"
            )
        order, pointer = data_layout(text)
        if order != self.model.order:
            raise WrongTarget(
                f"the module's data_layout is {order}-endian, {self.name} is "
                f"{self.model.order}-endian"
            )
        if not self.model.pointer:
            self.pointer = pointer
        if pointer != self.pointer:
            raise WrongTarget(
                f"the module's pointers have {pointer * 8} bits by its data_layout, those "
                f"of {self.name} have {self.pointer * 8}"
            )


def data_layout(text: str) -> tuple[str, int]:
    """The byte order and the bytes of a pointer that a data layout of LLVM's says."""
    order, pointer = "big", 64
    for part in text.split("-"):
        if part in ("e", "E"):
            order = "little" if part == "e" else "big"
        elif part.startswith(("p:", "p0:")):
            pointer = int(part.split(":")[1])
    return order, pointer // 8


def widened(builder: Builder, index: Value, target: Target) -> Value:
    """An index as the unsigned word that address arithmetic takes. Raises TypeError."""
    bits = getattr(index.type, "width", 0)
    if not bits or bits > target.pointer * 8:
        raise TypeError(
            f"an index is an integer of at most {target.pointer * 8} bits, not {index.type}"
        )
    return builder.zext(index, target.word)
