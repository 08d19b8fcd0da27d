"""What LLVM is told of loads and stores.

What becomes of what a schema says:

- The alias region is a scalar node of TBAA, so that two accesses with different nodes below
  one root don't meet. The root is that of the module that declares the record: accesses
  with different roots, or with none, may meet.
- ``readonly`` is ``invariant.load``, of loads that aren't atomic. Where that is wrong, a load
  may give what was there at any other time.
- ``can_move`` is nothing on a load: LLVM makes one earlier than it was asked for only where
  it knows that the bytes are there. So it is ``dereferenceable`` of the pointer that leads
  to the record, up to the end of the last part that may be moved.
- What is never null is ``nonnull``; what has some values alone has a ``range``. Where these
  are wrong, the value is poison. They don't make LLVM move a load.
- What is in the other byte order than the target is swapped, and has neither of these.
- What is ``volatile`` is loaded and stored as that: LLVM leaves none of it out.
"""

from __future__ import annotations

from .hints import TYPE_CHECKING, Any, Iterable, Sequence
from .llvm_ir import I64, Builder, Value, integer, ir

if not TYPE_CHECKING:
    pass
else:
    from .llvm_ir import Type

LOADS = ("unordered", "monotonic", "acquire", "seq_cst")
STORES = ("unordered", "monotonic", "release", "seq_cst")
UPDATES = ("monotonic", "acquire", "release", "acq_rel", "seq_cst")

ORDERINGS = {
    "relaxed": ("monotonic", "monotonic", "monotonic"),
    "acquire_release": ("acquire", "release", "acq_rel"),
    "seq_cst": ("seq_cst", "seq_cst", "seq_cst"),
}
"""LLVM's words for loads, stores and updates, by those of the schema language."""

BITWISE = ("xchg", "and", "or", "xor", "nand")
"""The updates that do the same to each byte, in whatever order these are."""


class Region:
    """An alias region: a name below a root.

    Where it is `indexed`, each element of what it is of is a region of its own. An element
    with an index that isn't known is in the region as a whole, which meets all of them.
    """

    __slots__ = ("index", "indexed", "name", "root")

    def __init__(
        self, root: str, name: str, *, indexed: bool = False, index: int | None = None
    ) -> None:
        self.root = root
        self.name = name
        self.indexed = indexed
        self.index = index

    def element(self, index: int) -> Region:
        """The region of one element."""
        return Region(self.root, self.name, indexed=True, index=index)

    def mark(self, builder: Builder, instruction: Value) -> None:
        """Put the region on an instruction."""
        module, zero = builder.module, ir.Constant(I64, 0)
        root = module.add_metadata([self.root])
        node = module.add_metadata([self.name, root, zero])
        if self.index is not None:
            node = module.add_metadata([f"{self.name}[{self.index}]", node, zero])
        instruction.set_metadata("tbaa", module.add_metadata([node, node, zero]))


class Promises:
    """What a schema says of a part besides its type. Nothing of it changes.

    `ordering` is one of the schema language's words, `ranges` are values with both ends
    included, None for all.
    """

    __slots__ = (
        "can_move", "little", "nonzero", "ordering", "ranges", "readonly", "region",
        "volatile",
    )  # fmt: skip

    def __init__(
        self,
        region: Region | None = None,
        *,
        readonly: bool = False,
        can_move: bool = False,
        little: bool = False,
        volatile: bool = False,
        nonzero: bool = False,
        ordering: str | None = None,
        ranges: tuple[tuple[int, int], ...] | None = None,
    ) -> None:
        self.region = region
        self.readonly = readonly
        self.can_move = can_move
        self.little = little
        self.volatile = volatile
        self.nonzero = nonzero
        self.ordering = ordering
        self.ranges = ranges

    def and_all(self, of_whole: Promises) -> Promises:
        """The same where this is a part of something of which more may be promised. What
        is volatile changes whatever it is in."""
        if not (of_whole.readonly or of_whole.can_move or of_whole.volatile):
            return self
        volatile = self.volatile or of_whole.volatile
        return self.but(
            readonly=not volatile and (self.readonly or of_whole.readonly),
            can_move=not volatile and (self.can_move or of_whole.can_move),
            volatile=volatile,
        )

    def but(self, **changed: Any) -> Promises:
        """The same but for some."""
        known = {name: getattr(self, name) for name in self.__slots__}
        return Promises(**{**known, **changed})


NOTHING_PROMISED = Promises()


def make_volatile(instruction: Value) -> None:
    """Have a load, a store or an atomic update printed as one that has to happen.

    llvmlite has no such thing. How an instruction is printed is what `descr` is for, and
    each of these begins with its `opname`, behind which LLVM reads the word.
    """
    plain, begin = instruction.descr, instruction.opname

    def descr(into: list[str]) -> None:
        printed: list[str] = []
        plain(printed)
        text = "".join(printed)
        if not text.startswith(f"{begin} "):
            raise TypeError(f"{text} can't be volatile")
        into.append(f"{begin} volatile{text[len(begin) :]}")

    instruction.descr = descr


def mark(builder: Builder, instruction: Value, what: str, *numbers: int) -> None:
    """Put metadata on an instruction: a name, and numbers as i64."""
    operands = [ir.Constant(I64, number) for number in numbers]
    instruction.set_metadata(what, builder.module.add_metadata(operands))


def mark_range(
    builder: Builder, instruction: Value, ranges: Iterable[tuple[int, int]]
) -> None:
    """Say that an integer has one of some values: `ranges`, both ends included. All of
    its width say nothing."""
    values = 1 << instruction.type.width
    limits = []
    for low, high in apart(ranges, values):
        limits += [low, (high + 1) % values]
    if limits:
        operands = [ir.Constant(instruction.type, number) for number in limits]
        instruction.set_metadata("range", builder.module.add_metadata(operands))


def apart(ranges: Iterable[tuple[int, int]], values: int) -> list[tuple[int, int]]:
    """Ranges as LLVM takes them: modulo the number of values, none touching another,
    one perhaps leading from the highest to the lowest, those first that begin with what
    is negative as a signed number. Nothing of all values."""
    unsigned = []
    for low, high in ((a % values, b % values) for a, b in ranges):
        unsigned += [(low, high)] if low <= high else [(0, high), (low, values - 1)]
    found: list[tuple[int, int]] = []
    for low, high in sorted(unsigned):
        if found and low <= found[-1][1] + 1:
            low, high = found[-1][0], max(high, found.pop()[1])
        found.append((low, high))
    if found == [(0, values - 1)]:
        return []
    if len(found) > 1 and found[0][0] == 0 and found[-1][1] == values - 1:
        found[-1] = (found[-1][0], found[0][1])
        del found[0]
    return sorted(found, key=lambda pair: (pair[0] < values >> 1, pair[0]))


def bits_of(builder: Builder, value: Value, width: int) -> Value:
    """A value as the integer that has the same bytes."""
    if isinstance(value.type, ir.PointerType):
        return builder.ptrtoint(value, integer(width))
    if isinstance(value.type, ir.IntType):
        return value
    return builder.bitcast(value, integer(width))


def from_bits(builder: Builder, value: Value, kind: Type) -> Value:
    """The value of a type that has the bytes of an integer."""
    if isinstance(kind, ir.PointerType):
        return builder.inttoptr(value, kind)
    return value if isinstance(kind, ir.IntType) else builder.bitcast(value, kind)


def swapped(builder: Builder, value: Value) -> Value:
    """An integer with its bytes in the other order."""
    return value if value.type.width == 8 else builder.bswap(value)


def checked(ordering: str, known: Sequence[str]) -> str:
    """An ordering that is one of those known. Raises ValueError."""
    if ordering not in known:
        raise ValueError(f"{ordering!r} is none of {', '.join(known)}")
    return ordering
