"""Contexts: records whose size depends on counts."""

from __future__ import annotations

from _operator import index

from .arrays import Array, ImageArray, LiveArray
from .errors import did_you_mean
from .hints import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Final,
    Iterator,
    Mapping,
    Self,
    Sequence,
    cast,
)
from .layouts import Layout, write_into
from .pointers import here
from .records import image_of, native_layout
from .words import Kind, packed, shown

if not TYPE_CHECKING:
    from .hints import overload
else:
    from typing import overload

    from .models import Model
    from .words import Kinds, Tree

U32_MAX: Final[int] = 0xFFFF_FFFF


class Region:
    """A region of a context as the table tells of it: name, kind, count and flag, of
    which the last two may be None. `place` is its position among the regions."""

    def __init__(
        self,
        source: Kinds,
        place: int,
        name: str,
        tree: Tree,
        count: str | int | None,
        when: str | None,
    ) -> None:
        self.place = place
        self.name = name
        self.kind = source[tree]
        self.count = count
        self.when = when

    @property
    def single(self) -> bool:
        """Whether it is one record rather than an array."""
        return self.count is None

    def length(self, counts: Mapping[str, int]) -> int:
        """How many elements there are with these counts."""
        if self.when is not None and not counts[self.when]:
            return 0
        if isinstance(self.count, str):
            return counts[self.count]
        return 1 if self.count is None else self.count


class RegionOffsets(Sequence[int]):
    """Where a region of a context is: `region[i]` is the offset of its element i.

    All in bytes from the start of the context. An index that the region doesn't have
    is an IndexError.
    """

    def __init__(self, name: str, begin: int, length: int, stride: int) -> None:
        self.name = name
        self.begin = begin
        self.stride = stride
        self._length = length

    @property
    def size(self) -> int:
        """Bytes that the region takes."""
        return self._length * self.stride

    @property
    def end(self) -> int:
        """Where the region ends."""
        return self.begin + self.size

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[int]: ...
    def __getitem__(self, index: int | slice) -> Any:
        elements = range(self.begin, self.end, self.stride or 1)
        try:
            return elements[index]
        except IndexError:
            raise IndexError(
                f"{self.name}[{index}] is outside of {self._length} elements"
            ) from None

    def __repr__(self) -> str:
        what = f"{self._length} of {self.stride} bytes at offset {self.begin}"
        return f"<{self.name}: {what}>"


class ContextLayout:
    """A context as the table tells of it: a fixed part, counts and regions."""

    def __init__(
        self,
        fixed: Layout,
        counts: Sequence[str],
        flags: Sequence[str],
        regions: Sequence[Region],
    ) -> None:
        self.fixed = fixed
        self.targets = fixed.source.targets
        self.name = fixed.name
        self.flags = frozenset(flags)
        self.counts = tuple(counts)
        self.regions = {region.name: region for region in regions}

    def stride(self, region: Region, model: Model | None) -> int:
        """Bytes from one element to the next."""
        return self.fixed.row(model)[len(self.fixed.names) + 2 * region.place + 3]

    def round_to(self, region: Region, model: Model) -> int:
        """What a region's begin is rounded up to, 1 where that changes nothing."""
        return self.fixed.row(model)[len(self.fixed.names) + 2 * region.place + 2]

    def checked(self, counts: Mapping[str, int]) -> dict[str, int]:
        """All counts by name, 0 where none is given. Raises TypeError for a name
        that is no count, OverflowError for a count that is no u32."""
        for name in counts:
            if name not in self.counts:
                hint = did_you_mean(name, self.counts)
                raise TypeError(f"{self.name} has no count {name}{hint}")
        checked = {}
        for name in self.counts:
            number = index(counts.get(name, 0))
            high = 1 if name in self.flags else U32_MAX
            if not 0 <= number <= high:
                raise OverflowError(f"{name} = {number} is not in 0 to {high}")
            checked[name] = number
        return checked

    def begins(self, counts: Mapping[str, int], model: Model) -> list[int]:
        """Where each region begins with these counts, and last where all ends."""
        end = self.fixed.size_on(model)
        begins = []
        for region in self.regions.values():
            to = self.round_to(region, model)
            begins.append((end + to - 1) & -to)
            end = begins[-1] + self.stride(region, model) * region.length(counts)
        return [*begins, end]


class ContextOffsets:
    """Base of the offsets of a context with given counts on a given target.

    A fixed field's attribute is its offset, a region's a `RegionOffsets`. All that can
    overflow a u32 has been checked when there is an instance: OverflowError.
    """

    _vm: ClassVar[ContextLayout]

    def __init__(self, target: str | None, counts: Mapping[str, int]) -> None:
        layout = self._vm
        self._model = layout.targets.model(target)
        self._counts = layout.checked(counts)
        *begins, self._size = layout.begins(self._counts, self._model)
        if self._size > U32_MAX:
            raise OverflowError(
                f"a {layout.name} of {self._size} bytes overflows a u32"
            )
        for name in layout.fixed.names:
            setattr(self, name, layout.fixed.offset(name, self._model))
        self._regions = []
        for region, begin in zip(layout.regions.values(), begins, strict=True):
            count = region.length(self._counts)
            stride = layout.stride(region, self._model)
            placed = RegionOffsets(region.name, begin, count, stride)
            self._regions.append(placed)
            setattr(self, region.name, placed)

    @property
    def size(self) -> int:
        """Bytes that the whole context takes."""
        return self._size

    @property
    def counts(self) -> dict[str, int]:
        """The counts, by name."""
        return dict(self._counts)

    def regions(self) -> Iterator[RegionOffsets]:
        """Every region in order; each knows its name, begin, size and stride."""
        return iter(self._regions)

    def __reduce__(self) -> tuple[Any, ...]:
        return _offsets_again, (type(self), self._model.name, self._counts)


def _offsets_again(
    cls: type[ContextOffsets], target: str, counts: Mapping[str, int]
) -> ContextOffsets:
    """Offsets that were pickled."""
    made = object.__new__(cls)
    ContextOffsets.__init__(made, target, counts)
    return made


class _Live:
    """Memory of this process with a context in it."""

    __slots__ = ("owner", "start")

    def __init__(self, start: int, owner: object) -> None:
        self.start = start
        self.owner = owner

    def array(self, kind: Kind, begin: int, stride: int, count: int) -> Array[Any]:
        return LiveArray(kind, self.start + begin, stride, count, self.owner)


class _Image:
    """Bytes of a target with a context in them."""

    __slots__ = ("data", "model")

    def __init__(self, data: bytes, model: Model) -> None:
        self.data = data
        self.model = model

    def array(self, kind: Kind, begin: int, stride: int, count: int) -> Array[Any]:
        return ImageArray(kind, self.data, begin, stride, count, self.model)


class Context:
    """Base of contexts: fixed fields, then regions whose places depend on counts.

    A view of one, live or in bytes. A field's attribute is its value, a region's an
    `Array`, or the record itself where the schema declares a single one (None when
    its flag is not set). Without counts only the fixed fields can be looked at.
    """

    _vm: ClassVar[ContextLayout]
    __slots__ = ("_fixed", "_memory", "_offsets")

    def __init__(
        self, fixed: Any, offsets: ContextOffsets | None, memory: _Live | _Image
    ) -> None:
        self._fixed = fixed
        self._offsets = offsets
        self._memory = memory

    @classmethod
    def at(
        cls,
        address: int,
        counts: Mapping[str, int] | ContextOffsets | None = None,
        keepalive: object = None,
    ) -> Self:
        """The context at an address of this process, seen live.

        Nothing but `keepalive` and the caller keeps the memory. Raises ValueError for
        an address that is not aligned as contexts are.
        """
        layout = cls._vm
        native_layout(layout.fixed.cls)
        start = here(address, cls)
        align = layout.fixed.align_on(None)
        if start % align:
            raise ValueError(
                f"a {cls.__name__} is at a multiple of {align}, {start:#x} is not"
            )
        offsets = cls._offsets_for(counts, None)
        fixed = layout.fixed.cls.at(start, keepalive)
        return cls(fixed, offsets, _Live(start, keepalive))

    @classmethod
    def read(
        cls,
        data: Any,
        target: str | None = None,
        counts: Mapping[str, int] | ContextOffsets | None = None,
        offset: int = 0,
    ) -> Self:
        """The context in bytes of a target, the host's own when None; immutable."""
        layout = cls._vm
        model = layout.targets.model(target)
        offsets = cls._offsets_for(counts, target)
        fixed_size = layout.fixed.size_on(model)
        size = fixed_size if offsets is None else offsets._size
        copy = bytes(memoryview(data).cast("B")[max(offset, 0) : offset + size])
        if offset < 0 or len(copy) < size:
            raise ValueError(
                f"{cls.__name__} takes {size} bytes at offset {offset} "
                f"on {model.name}, of {memoryview(data).nbytes} bytes"
            )
        fixed = image_of(layout.fixed, model).read(copy, 0, layout.fixed.cls)
        return cls(fixed, offsets, _Image(copy, model))

    @classmethod
    def pack(
        cls,
        value: Self | Mapping[str, Any],
        target: str | None = None,
        counts: Mapping[str, int] | ContextOffsets | None = None,
    ) -> bytes:
        """A context as bytes of a target: `value` has every field and every region.

        A region is a sequence with as many elements as the counts say; one that has
        none, or is absent, may be left out. What lies between regions is zero.
        """
        layout = cls._vm
        model = layout.targets.model(target)
        fixed: Any
        if isinstance(value, Context):
            if counts is None and value._offsets:
                counts = value._offsets._counts
            fixed = value._fixed
            regions = {name: getattr(value, name) for name in layout.regions}
        else:
            regions = {n: value[n] for n in layout.regions if n in value}
            fixed = {n: value[n] for n in value if n not in regions}
        offsets = cast("ContextOffsets", cls._offsets_for(counts or {}, target))
        data = bytearray(offsets._size)
        start = image_of(layout.fixed, model).pack(fixed)
        data[: len(start)] = start
        for placed in offsets._regions:
            region = layout.regions[placed.name]
            elements = regions.get(placed.name, ()) if placed else ()
            if region.single and placed and placed.name in regions:
                elements = (elements,)
            if len(elements) != len(placed):
                raise ValueError(f"{placed.name} needs {len(placed)} elements")
            for begin, element in zip(placed, elements, strict=True):
                part = packed(region.kind, element, model)
                data[begin : begin + len(part)] = part
        return bytes(data)

    @classmethod
    def write(
        cls,
        data: Any,
        value: Self | Mapping[str, Any],
        target: str | None = None,
        counts: Mapping[str, int] | ContextOffsets | None = None,
        offset: int = 0,
    ) -> None:
        """Put a context, as `pack` makes it, into a writable buffer."""
        write_into(data, cls.pack(value, target, counts), offset, cls)

    @classmethod
    def _offsets_for(
        cls, counts: Mapping[str, int] | ContextOffsets | None, target: str | None
    ) -> ContextOffsets | None:
        layout = cls._vm
        model = layout.targets.model(target)
        if counts is None:
            return _offsets_of(layout, {}, target) if not layout.counts else None
        if not isinstance(counts, ContextOffsets):
            return _offsets_of(layout, counts, target)
        if counts._vm is not layout or counts._model.column != model.column:
            raise ValueError(
                f"{type(counts).__name__} of {counts._model.name} are no offsets of "
                f"a {cls.__name__} of {model.name}"
            )
        return counts

    @classmethod
    def _vm_kind(cls) -> Kind:
        return ContextBody(cls._vm, cls)

    def __copy__(self) -> Self:
        return type(self)(self._fixed, self._offsets, self._memory)

    def __reduce__(self) -> tuple[Any, ...]:
        memory = self._memory
        if isinstance(memory, _Live):
            raise TypeError(f"a live {type(self).__name__} can't be pickled: use pack")
        counts = self._offsets._counts if self._offsets else None
        return _context_again, (type(self), memory.data, memory.model.name, counts)

    def __repr__(self) -> str:
        names = ", ".join(
            f"{name}={shown(self._fixed, name)}" for name in self._fixed._vm.names
        )
        return f"{type(self).__name__}({names})"


def _context_again(
    cls: type[Context], data: bytes, target: str, counts: Mapping[str, int] | None
) -> Context:
    """A context that was pickled."""
    return cls.read(data, target, counts)


def _offsets_of(
    layout: ContextLayout, counts: Mapping[str, int], target: str | None
) -> ContextOffsets:
    bare = type(f"{layout.name}Offsets", (ContextOffsets,), {"_vm": layout})
    return cast("ContextOffsets", bare(target, counts))


def fixed_attribute(name: str) -> property:
    """A fixed field of a context, whatever holds it."""

    def read(self: Context) -> Any:
        return getattr(self._fixed, name)

    def write(self: Context, value: Any) -> None:
        setattr(self._fixed, name, value)

    return property(read, write)


def region_attribute(region: Region) -> property:
    """A region of a context: its array, or its single record."""

    def read(self: Context) -> Any:
        if self._offsets is None:
            raise TypeError(f"{type(self).__name__}.{region.name} needs the counts")
        placed = cast("RegionOffsets", getattr(self._offsets, region.name))
        array = self._memory.array(
            region.kind, placed.begin, placed.stride, len(placed)
        )
        if not region.single:
            return array
        return array[0] if placed else None

    return property(read)


class ContextBody(Kind):
    """The kind of a context, as pointers know it: its fixed part, without counts."""

    def __init__(self, layout: ContextLayout, face: type[Context]) -> None:
        super().__init__(layout.name)
        self.layout = layout
        self.source = layout.fixed.source
        self.face = face

    def size(self, model: Model | None) -> int:
        return self.layout.fixed.size_on(model)

    def align(self, model: Model | None) -> int:
        return self.layout.fixed.align_on(model)

    def live(self, address: int, owner: object) -> Any:
        return self.face.at(address, None, owner)

    def see(self, raw: Any, model: Model | None) -> Any:
        return self.face.read(raw, cast("Model", model).name)
