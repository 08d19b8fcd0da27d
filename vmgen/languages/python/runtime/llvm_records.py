"""Records: what is held in them, and contexts with their regions."""

from __future__ import annotations

from .hints import TYPE_CHECKING, Any, ClassVar, Mapping, Self, Sequence, cast
from .llvm_access import NOTHING_PROMISED, Promises, Region
from .llvm_held import Held
from .llvm_ir import FLOATS, WIDTHS, Builder, Value, is_pointer
from .llvm_kinds import (
    OF_C,
    POINTER_WIDE,
    HeldArray,
    HeldNumber,
    HeldNumberOfC,
    HeldPointer,
    HeldUnknown,
    Pointee,
    taken_for,
)
from .llvm_numbers import OF_NUMBERS
from .llvm_parts import Elements
from .llvm_places import Place
from .offsets import offsets_of

if not TYPE_CHECKING:
    pass
else:
    from .kinds import Tree
    from .layouts import Layout
    from .llvm_target import Target
    from .offsets import ContextLayout, ContextOffsets


class HeldRecord(Held):
    """A record, by its class of handles. What is promised of it is of all its parts."""

    def __init__(
        self, cls: type[Record], promises: Promises = NOTHING_PROMISED
    ) -> None:
        self.cls = cls
        self.promises = promises

    def at(self, name: str, place: Place, number: int | None = None) -> Record:
        return self.cls(name, place, self.promises)

    def size_on(self, target: Target) -> int:
        if self.cls._vm.context is not None:
            raise TypeError(f"a {self.cls._vm.name} has a size with its counts alone")
        return self.cls._vm.layout.size_on(target.model)

    def align_on(self, target: Target) -> int:
        return target.align_of(self.cls, self.cls._vm.layout.align_on(target.model))

    def reach_on(self, target: Target) -> int:
        if self.promises.can_move and self.cls._vm.context is None:
            return self.size_on(target)
        return self.cls._vm.reach_on(target)

    def other(self, type: Any, target: Target, align: int) -> Held:
        return taken_for(type, target, align)


class RecordTable:
    """What the table of a module says of one record.

    `layout` has its numbers, of a context's fixed part; `context` is the whole of one.
    `rows` say what its parts are, in the order of the numbers.
    """

    def __init__(
        self,
        namespace: Mapping[str, Any],
        module: str,
        name: str,
        layout: Layout,
        context: ContextLayout | None,
        rows: Sequence[Any],
    ) -> None:
        self.namespace = namespace
        self.module = module
        self.name = name
        self.layout = layout
        self.context = context
        self.rows = rows
        self.index = {row[0]: number for number, row in enumerate(rows)}
        self._parts: dict[tuple[int, bool, bool, bool], Held] = {}

    @property
    def fits(self) -> bool:
        """Whether it has as many parts as the numbers are for."""
        category, fixed = self.layout.category, len(self.layout.names)
        if category == "foreign":
            fixed = 0
        elif category == "tagged":
            fixed = len(self.rows) if fixed > 1 and self.rows else 1
        regions = len(self.context.regions) if self.context else 0
        return len(self.rows) == fixed + regions

    def part(self, number: int, of_record: Promises = NOTHING_PROMISED) -> Held:
        """What a part holds, where so much is promised of the record."""
        key = number, of_record.readonly, of_record.can_move, of_record.volatile
        known = self._parts.get(key)
        if known is None:
            _, tree, *said = self.rows[number]
            promises = self._promises(*said).and_all(of_record)
            known = self._parts[key] = self.held(tree, promises)
        return known

    def offset(self, number: int, target: Target) -> int:
        """Where a part is. The payloads of an enum are all behind its tag."""
        row = self.layout.row(target.model)
        if self.layout.category == "tagged":
            number = min(number, 1)
        return row[2 + number]

    def reach_on(self, target: Target) -> int:
        """How many bytes can be read wherever there is a pointer to one: up to the end of
        the last part whose loads may be moved."""
        fixed = len(self.rows) - (len(self.context.regions) if self.context else 0)
        ends = [0]
        for number in range(fixed):
            held = self.part(number)
            reach = held.reach_on(target)
            if self.may_move(number) and not isinstance(held, HeldUnknown):
                reach = held.size_on(target)
            if reach:
                ends.append(self.offset(number, target) + reach)
        return max(ends)

    def may_move(self, number: int) -> bool:
        """Whether loads of a part may be moved."""
        row = self.rows[number]
        return len(row) > 3 and "can_move" in row[3].split()

    def _promises(
        self,
        region: Tree | None = None,
        words: str = "",
        ranges: tuple[tuple[int, int], ...] | None = None,
    ) -> Promises:
        said = words.split()
        orderings = [w for w in said if w in ("relaxed", "acquire_release", "seq_cst")]
        return Promises(
            self._region(region, indexed="indexed" in said),
            readonly="readonly" in said,
            can_move="can_move" in said,
            little="little" in said,
            volatile="volatile" in said,
            nonzero="nonzero" in said,
            ordering=orderings[0] if orderings else None,
            ranges=ranges,
        )

    def _region(self, region: Tree | None, *, indexed: bool) -> Region | None:
        """A region by its name, before which the module stands if it is another's."""
        if region is None:
            return None
        module, name = (self.module, region) if isinstance(region, str) else region
        return Region(f"vmgen {module}", name, indexed=indexed)

    def held(self, tree: Tree, promises: Promises) -> Held:
        """What a type of the table is."""
        if isinstance(tree, str):
            if tree == "()":
                return HeldUnknown()
            if tree in OF_C:
                return HeldNumberOfC(tree, promises)
            if tree in WIDTHS or tree in FLOATS or tree in POINTER_WIDE:
                return HeldNumber(tree, promises)
            return HeldRecord(self.namespace[tree], promises)
        what, inner, *more = tree
        if what == "array":
            return HeldArray(self.held(inner, promises), more[0])
        nullable = what == "nullable"
        return HeldPointer(self._pointee(inner, *more), promises, nullable=nullable)

    def _pointee(
        self,
        tree: Tree,
        region: Tree | None = None,
        words: str = "",
        reach: Sequence[int] = (),
    ) -> Pointee:
        """What a pointer leads to: its type, alias region, what else is said of it, and
        how many bytes there are by the columns of the table of layouts."""
        promises = self._promises(region, words)
        return Pointee(lambda: self.held(tree, promises), reach)


class Record:
    """Base of the handles of a record: an attribute for each part.

    It isn't loaded or stored itself; its parts are.
    """

    _vm: ClassVar[RecordTable]

    def __init__(
        self, name: str, place: Place, promises: Promises = NOTHING_PROMISED
    ) -> None:
        self._name = name
        self._place = place
        self._promises = promises

    def address(self, builder: Builder, base: Value) -> Value:
        """Where it is, a pointer; `base` is a pointer to the record that the path to it
        begins with. Raises TypeError and WrongTarget."""
        return self._place.address(builder, base)

    def describe(self, argument: Value) -> None:
        """Say of a function's argument that it is a pointer to one: never null, aligned,
        and that what may be moved can be read as long as the function runs."""
        if not is_pointer(argument):
            raise TypeError(
                f"a pointer to a {self._vm.name} is a `ptr`, not {argument.type}"
            )
        argument.add_attribute("nonnull")
        argument.attributes.align = self._place.known_align
        argument.attributes.dereferenceable = self._reach()

    def _reach(self) -> int:
        return self._vm.reach_on(self._place.target)

    @classmethod
    def _vm_held(cls) -> Held:
        return HeldRecord(cls)

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            table = type(self)._vm
            number = table.index.get(name)
            if number is None:
                raise self._missing(name)
            return self._part(number)

    def _part(self, number: int) -> Any:
        table = self._vm
        place = self._place.behind(table.offset(number, self._place.target))
        held = table.part(number, self._promises)
        return held.at(f"{self._name}.{table.rows[number][0]}", place)

    def _missing(self, name: str) -> Exception:
        if name in OF_NUMBERS:
            return TypeError(
                f"{self._name} is a record, {self._vm.name}: its parts are loaded and "
                "stored, not the whole"
            )
        from .errors import did_you_mean

        hint = did_you_mean(name, self._vm.index)
        return AttributeError(f"{self._vm.name} has no part {name}{hint}")

    def __dir__(self) -> list[str]:
        return sorted([*object.__dir__(self), *self._vm.index])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._name}>"


class Context(Record):
    """Base of the handles of a context: its fixed fields, and with counts its regions.

    A region is an array of its elements, or where the schema declares a single one that
    itself.
    """

    _offsets: ContextOffsets | None = None

    def _with_counts(self, counts: Mapping[str, int]) -> Self:
        layout = cast("ContextLayout", self._vm.context)
        made = type(self)(self._name, self._place, self._promises)
        # By a target: models that differ in C's `long` alone have one name.
        model = layout.targets.own(self._place.target.model)
        made._offsets = offsets_of(layout, counts, model.targets[0])
        return made

    def _part(self, number: int) -> Any:
        layout = cast("ContextLayout", self._vm.context)
        place = number - len(layout.fixed.names)
        if place < 0:
            return super()._part(number)
        region = [*layout.regions.values()][place]
        name = f"{self._name}.{self._vm.rows[number][0]}"
        if self._offsets is None:
            raise TypeError(f"{name} is where counts put it: use with_counts")
        placed = [*self._offsets.regions()][place]
        begin = self._place.behind(placed.begin)
        held = self._vm.part(number, self._promises)
        if not region.single:
            return Elements[Any](name, begin, held, len(placed), placed.stride)
        if not placed:
            raise IndexError(f"there is no {name}: {region.when} is 0")
        return held.at(name, begin)

    def _reach(self) -> int:
        """With counts, that of the regions too."""
        if self._offsets is None:
            return super()._reach()
        target, fixed = self._place.target, len(self._vm.rows)
        placed = [*self._offsets.regions()]
        fixed -= len(placed)
        ends = [super()._reach()]
        for number, region in enumerate(placed, fixed):
            held = self._vm.part(number)
            reach = (
                region.stride if self._vm.may_move(number) else held.reach_on(target)
            )
            if reach and region:
                ends.append(region.end - region.stride + reach)
        return max(ends)
