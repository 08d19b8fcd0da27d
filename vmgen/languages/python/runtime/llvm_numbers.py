"""What one load gives and one store takes."""

from __future__ import annotations

from .hints import TYPE_CHECKING
from .llvm_access import (
    BITWISE,
    LOADS,
    ORDERINGS,
    STORES,
    UPDATES,
    bits_of,
    checked,
    from_bits,
    make_volatile,
    mark,
    mark_range,
    swapped,
)
from .llvm_ir import Builder, Value, integer, ir, size_of

if not TYPE_CHECKING:
    pass
else:
    from .llvm_access import Promises
    from .llvm_ir import Type
    from .llvm_places import Place


class Placed:
    """Something at a place. `name` is what messages call it."""

    def __init__(self, name: str, place: Place, promises: Promises) -> None:
        self._name = name
        self._place = place
        self._promises = promises

    def address(self, builder: Builder, base: Value) -> Value:
        """Where it is, a pointer; `base` is a pointer to the record that the path to it
        begins with. Raises TypeError and WrongTarget."""
        return self._place.address(builder, base)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._name}>"


class Unknown(Placed):
    """Something of which no more is known than where it is."""

    if not TYPE_CHECKING:

        def __getattr__(self, name):
            if name in OF_NUMBERS:
                raise TypeError(f"nothing is known of {self._name} but where it is")
            raise AttributeError(f"{type(self).__name__} has no attribute {name}")


class Number(Placed):
    """A number, or anything else that one load gives: see `type`."""

    def __init__(
        self,
        name: str,
        place: Place,
        promises: Promises,
        type: Type,
        width: int,
        signed: bool | None = None,
    ) -> None:
        super().__init__(name, place, promises)
        self.type = type
        """What `load` gives, a type of llvmlite's."""
        self.signed = signed
        """Whether an integer has a sign, for whoever makes it wider; None of what is none,
        or was cast to one."""
        self._width = width

    def load(self, builder: Builder, base: Value, name: str = "") -> Value:
        """Load it; of an atomic, as the schema says. Raises TypeError and WrongTarget."""
        ordering = self._promises.ordering
        if ordering is not None:
            return self.load_atomic(builder, base, ORDERINGS[ordering][0], name)
        return self._load(builder, base, name, None)

    def load_atomic(
        self, builder: Builder, base: Value, ordering: str = "seq_cst", name: str = ""
    ) -> Value:
        """Load it atomically, in an ordering of LLVM's. Raises TypeError, ValueError and
        WrongTarget."""
        self._check_atomic()
        return self._load(builder, base, name, checked(ordering, LOADS))

    def store(self, builder: Builder, base: Value, value: Value) -> Value:
        """Store a value; of an atomic, as the schema says. Raises TypeError, of what is
        readonly too, and WrongTarget."""
        ordering = self._promises.ordering
        if ordering is not None:
            return self.store_atomic(builder, base, value, ORDERINGS[ordering][1])
        return self._store(builder, base, value, None)

    def store_atomic(
        self, builder: Builder, base: Value, value: Value, ordering: str = "seq_cst"
    ) -> Value:
        """Store a value atomically, in an ordering of LLVM's. Raises as `store`, and
        ValueError."""
        self._check_atomic()
        return self._store(builder, base, value, checked(ordering, STORES))

    def update(
        self,
        builder: Builder,
        base: Value,
        operation: str,
        value: Value,
        ordering: str | None = None,
    ) -> Value:
        """Change it atomically by ``add``, ``xchg`` or another operation that LLVM's
        ``atomicrmw`` has; gives what was there. Raises as `store_atomic`."""
        self._check_store(value)
        self._check_atomic()
        if self._is_swapped and operation not in BITWISE:
            raise TypeError(
                f"{self._name} is little-endian on a big-endian target: no {operation} "
                "changes it in one piece"
            )
        order = checked(ordering or self._update_ordering, UPDATES)
        address = self.address(builder, base)
        stored = self._as_stored(builder, value)
        was = builder.atomic_rmw(operation, address, stored, order)
        self._mark_access(builder, was)
        return self._as_loaded(builder, was)

    def compare_exchange(
        self,
        builder: Builder,
        base: Value,
        expected: Value,
        value: Value,
        ordering: str | None = None,
    ) -> tuple[Value, Value]:
        """Store a value where the expected one is; gives what was there, and whether
        that was it, an i1. Raises as `store_atomic`."""
        self._check_store(expected)
        self._check_store(value)
        self._check_atomic()
        order = checked(ordering or self._update_ordering, UPDATES)
        failed = {"release": "monotonic", "acq_rel": "acquire"}.get(order, order)
        address = self.address(builder, base)
        old, new = (self._as_stored(builder, one) for one in (expected, value))
        both = builder.cmpxchg(address, old, new, order, failed)
        self._mark_access(builder, both)
        was = self._as_loaded(builder, builder.extract_value(both, 0))
        return was, builder.extract_value(both, 1)

    def cast(self, type: Type) -> Number:
        """The same bytes as a type of llvmlite's of the same width, of whose values
        nothing is known. Raises TypeError."""
        if size_of(type, self._place.target.pointer) != self._width:
            raise TypeError(f"{self._name} has {self._width} bytes, {type} has not")
        promises = self._promises.but(nonzero=False, ranges=None)
        return Number(self._name, self._place, promises, type, self._width)

    def mutable(self) -> Number:
        """The same without ``readonly`` and ``can_move``: for code that sets it up, of
        which no other part may have loaded it yet."""
        return Number(*self._without_access(), self.type, self._width, self.signed)

    def _without_access(self) -> tuple[str, Place, Promises]:
        promises = self._promises.but(readonly=False, can_move=False)
        return self._name, self._place, promises

    @property
    def _is_swapped(self) -> bool:
        return self._promises.little and self._place.target.swaps

    @property
    def _update_ordering(self) -> str:
        return ORDERINGS[self._promises.ordering or "seq_cst"][2]

    def _load(
        self, builder: Builder, base: Value, name: str, ordering: str | None
    ) -> Value:
        address = self.address(builder, base)
        align = self._place.known_align
        kind = integer(self._width) if self._is_swapped else self.type
        if ordering is None:
            loaded = builder.load(address, name, align, kind)
            if self._promises.readonly:
                mark(builder, loaded, "invariant.load")
        else:
            loaded = builder.load_atomic(address, ordering, align, name, kind)
        self._mark_access(builder, loaded)
        if not self._is_swapped:
            self._mark_value(builder, loaded)
        return self._as_loaded(builder, loaded)

    def _store(
        self, builder: Builder, base: Value, value: Value, ordering: str | None
    ) -> Value:
        self._check_store(value)
        address = self.address(builder, base)
        align = self._place.known_align
        stored = self._as_stored(builder, value)
        # The builder's methods ask what a pointer points to, which an opaque one doesn't
        # say, and one that llvmlite gives to a variable says of the variable.
        if ordering is None:
            done = ir.instructions.StoreInstr(builder.block, stored, address)
            done.align = align
        else:
            done = ir.instructions.StoreAtomicInstr(
                builder.block, stored, address, ordering, align
            )
        builder._insert(done)
        self._mark_access(builder, done)
        return done

    def _as_stored(self, builder: Builder, value: Value) -> Value:
        if not self._is_swapped:
            return value
        return swapped(builder, bits_of(builder, value, self._width))

    def _as_loaded(self, builder: Builder, value: Value) -> Value:
        if not self._is_swapped:
            return value
        return from_bits(builder, swapped(builder, value), self.type)

    def _mark_access(self, builder: Builder, instruction: Value) -> None:
        """Say of a load, a store or an update where it is, and that it has to happen."""
        if self._promises.region is not None:
            self._promises.region.mark(builder, instruction)
        if self._promises.volatile:
            make_volatile(instruction)

    def _mark_value(self, builder: Builder, loaded: Value) -> None:
        """Say what is known of a value that was loaded."""
        if not isinstance(self.type, ir.IntType):
            return
        ranges = self._promises.ranges
        if ranges is None and self._promises.nonzero:
            ranges = ((1, -1),)
        if ranges is not None:
            mark_range(builder, loaded, ranges)

    def _check_store(self, value: Value) -> None:
        if self._promises.readonly:
            raise TypeError(
                f"{self._name} is readonly: code that sets it up stores to its mutable()"
            )
        if value.type != self.type:
            raise TypeError(f"{self._name} is {self.type}, not {value.type}")

    def _check_atomic(self) -> None:
        if self._width > 8:
            raise TypeError(
                f"{self._name} has {self._width} bytes: no atomic is as wide"
            )
        if self._place.known_align < self._width:
            raise TypeError(
                f"{self._name} is aligned to {self._place.known_align}, and no atomic of "
                f"{self._width} bytes"
            )


OF_NUMBERS = frozenset(name for name in vars(Number) if name[0] != "_")
"""What a number has, and neither an array nor a record."""
