"""Layouts of records, as the table of a module has them."""

from __future__ import annotations

import ctypes

from .errors import UnknownVariant, did_you_mean
from .hints import TYPE_CHECKING, Any, Callable, Final, Mapping, Sequence, cast
from .kinds import shown

if TYPE_CHECKING:
    from .kinds import Kind, Kinds, Tree
    from .models import Model


OPEN: Final[tuple[str, ...]] = ("context", "prefix")
"""Records that go on behind their fields."""

NONE_ASKED: Final[Mapping[str, int]] = {}


NONE: Final[frozenset[int]] = frozenset()


class Layout:
    """A record as the table tells of it: names and types of its parts in parallel, and
    the kinds of those, which are looked up when first asked for.

    `through` has the parts of what is anonymous in C, each with the part that has it.

    `rows` are its numbers, in bytes: size, alignment, and the offset of each part. There
    is one row for each column of the table, or one that holds for all. `least` has what
    single fields are aligned to at least, `bits` how wide bit-fields are, of which the rows
    have the first bits behind all offsets, and `with_bits` makes their kinds; `packed` is the most that anything is aligned
    to in bytes, 0 for no limit.
    """

    cls: Any
    names: Sequence[str] = ()
    trees: Sequence[Tree] = ()
    native = False
    packed = 0
    least: Mapping[str, int] = NONE_ASKED
    bits: Mapping[str, int] = NONE_ASKED
    with_bits: Callable[[Layout, list[Kind]], list[Kind]] | None = None
    variants: dict[int, str] | None = None
    images: dict[Model, Any] | None = None
    views: dict[type, Any] | None = None
    on_some: Sequence[int] = ()
    _index: dict[str, int] | None = None
    _kinds: Sequence[Kind] | None = None

    def __init__(
        self, source: Kinds, category: str, name: str, rows: Sequence[Sequence[int]]
    ) -> None:
        self.source = source
        self.category = category
        self.name = name
        self.rows = rows
        self.through: dict[str, str] = {}

    @property
    def kinds(self) -> Sequence[Kind]:
        """The kind of each part."""
        if self._kinds is None:
            kinds = [*map(self.source.__getitem__, self.trees)]
            self._kinds = self.with_bits(self, kinds) if self.with_bits else kinds
        return self._kinds

    def take_parts(self, parts: Sequence[Any]) -> None:
        """Take in names and trees of parts, which alternate. Those of the tree ``on`` aren't
        there on all targets: the row has 1 for each that is, behind the offsets."""
        self.names = parts[::2]
        trees = parts[1::2]
        self.on_some = [i for i, tree in enumerate(trees) if tree[0] == "on"]
        if self.on_some:
            trees = [tree[1] if tree[0] == "on" else tree for tree in trees]
        self.trees = trees

    def absent(self, model: Model | None) -> frozenset[int]:
        """Positions of the parts that aren't there on a data model."""
        if not self.on_some:
            return NONE
        there = self.row(model)[2 + len(self.names) + len(self.bits) :]
        pairs = zip(self.on_some, there, strict=False)
        return frozenset([position for position, is_there in pairs if not is_there])

    def kinds_on(self, model: Model | None) -> Sequence[Kind]:
        """The kind of each part on a data model, the host's when None."""
        absent = self.absent(model)
        if not absent:
            return self.kinds
        from .absent import ABSENT

        return [ABSENT if i in absent else kind for i, kind in enumerate(self.kinds)]

    @property
    def index(self) -> dict[str, int]:
        """Position of each field, by name."""
        if self._index is None:
            self._index = {name: i for i, name in enumerate(self.names)}
        return self._index

    def kind_on(self, name: str, model: Model | None) -> Kind:
        """The kind of a field on a data model, as `kinds_on`."""
        if name not in self.index and name in self.through:
            member = self.through[name]
            outer = self.kind_on(member, model)
            return outer if outer.absent else self.inner(member).kind_on(name, model)
        if self.index.get(name) in self.absent(model):
            from .absent import ABSENT

            return ABSENT
        return self.kind_of(name)

    def kind_of(self, name: str) -> Kind:
        """The kind of a field. Raises AttributeError, with a suggestion."""
        position = self.index.get(name)
        if position is not None:
            return self.kinds[position]
        if name in self.through:
            return self.inner(self.through[name]).kind_of(name)
        hint = did_you_mean(name, [*self.names, *self.through])
        raise AttributeError(f"{self.name} has no field {name}{hint}")

    def inner(self, name: str) -> Layout:
        """The layout of a part that is a record."""
        return cast("Layout", cast("Any", self.kind_of(name)).layout)

    def grouped(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Values by the names of parts, with those of anonymous ones in mappings."""
        if self.through.keys().isdisjoint(values):
            return values
        found: dict[str, Any] = {}
        for name, value in values.items():
            member = self.through.get(name)
            if member is None:
                found[name] = value
            elif member in values:
                raise TypeError(
                    f"{self.name}.{name} is in {member}, which is given too"
                )
            else:
                found.setdefault(member, {})[name] = value
        return found

    def row(self, model: Model | None) -> Sequence[int]:
        """The numbers on a data model, the host's when None. It may be one of another
        module, which uses this one's types."""
        if len(self.rows) == 1:
            return self.rows[0]
        targets = self.source.targets
        return self.rows[targets.own(model or cast("Model", targets.host)).column]

    def offset(self, name: str, model: Model | None) -> int:
        """Where a field is on a data model."""
        member = self.through.get(name)
        if member is not None:
            return self.offset(member, model) + self.inner(member).offset(name, model)
        return self.row(model)[self.index[name] + 2]

    def size_on(self, model: Model | None) -> int:
        return self.row(model)[0]

    def align_on(self, model: Model | None) -> int:
        return self.row(model)[1]

    def dtype(self, model: Model) -> Any:
        """The `numpy.dtype` with the offsets and the size that the table states."""
        from .dtypes import record

        names = [*self.names]
        offsets = [*self.row(model)[2 : len(names) + 2]]
        formats = [kind.dtype(model) for kind in self.kinds_on(model)]
        return record(names, formats, offsets, self.size_on(model))


class PayloadLayout(Layout):
    """The payloads of a tagged enum. The table has no numbers of these: their size is
    that of the largest, rounded up to the alignment of the most aligned."""

    def row(self, model: Model | None) -> Sequence[int]:
        model = model or cast("Model", self.source.targets.host)
        align = max(kind.align(model) for kind in self.kinds)
        size = max(kind.size(model) for kind in self.kinds)
        return (size + align - 1) & -align, align, *([0] * len(self.kinds))


def address(record: object) -> int:
    """Where a live record is. Raises TypeError for one that was read from bytes."""
    there = hasattr(record, "_vm_there")
    if there or hasattr(record, "_image"):
        name = type(record).__name__
        why = "is in another memory" if there else "was read from bytes"
        raise TypeError(f"a {name} that {why} has no address here")
    return ctypes.addressof(getattr(record, "_vm_held", cast("Any", record)))


def variants_of(layout: Layout) -> dict[int, str]:
    """The names of a tagged enum's variants, by tag."""
    if layout.variants is None:
        layout.variants = {int(tag): tag.name for tag in layout.cls.Tag}
    return layout.variants


def variant_value(record: Any, layout: Layout) -> Any:
    """The payload that the tag means, None where its variant has none."""
    tag = int(record.tag)
    name = variants_of(layout).get(tag)
    if name is None:
        raise UnknownVariant(f"{layout.name} has no variant with tag {tag}")
    if "payload" not in layout.index:
        return None
    payload = record.payload
    return getattr(payload, name) if name in payload._vm.index else None


def record_repr(record: Any, layout: Layout) -> str:
    """A record as its `repr` shows it."""
    names: Sequence[str] = layout.names
    if layout.category == "tagged":
        names = ("tag", "value")
    parts = ", ".join(f"{name}={shown(record, name)}" for name in names)
    return f"{layout.name}({parts})"


def write_into(data: Any, packed: bytes, offset: int, cls: type) -> None:
    """Put what was packed into a writable buffer. Raises ValueError past its end."""
    end = offset + len(packed)
    view = memoryview(data).cast("B")
    if offset < 0 or end > len(view):
        raise ValueError(f"{cls.__name__} doesn't fit at {offset} of {len(view)}")
    view[offset:end] = packed
