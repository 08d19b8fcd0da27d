"""Contexts: records whose size depends on counts."""

from __future__ import annotations

from .arrays import Array, ImageArray, LiveArray, ThereArray
from .hints import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Mapping,
    Self,
    cast,
)
from .kinds import Kind, packed, shown, unchanging
from .layouts import write_into
from .offsets import (
    ContextLayout,
    ContextOffsets,
    Region,
    RegionOffsets,
    offsets_of,
)
from .pointers import here
from .records import image_of, native_layout

if not TYPE_CHECKING:
    pass
else:

    from .models import Model
    from .space import Space


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

    def __init__(self, data: bytes | memoryview, model: Model) -> None:
        self.data = data
        self.model = model

    def array(self, kind: Kind, begin: int, stride: int, count: int) -> Array[Any]:
        return ImageArray(kind, self.data, begin, stride, count, self.model)


class _There:
    """Another memory with a context in it."""

    __slots__ = ("space", "start")

    def __init__(self, start: int, space: Space) -> None:
        self.start = start
        self.space = space

    def array(self, kind: Kind, begin: int, stride: int, count: int) -> Array[Any]:
        return ThereArray(kind, self.start + begin, stride, count, self.space)


class Context:
    """Base of contexts: fixed fields, then regions whose places depend on counts.

    A view of one, live, in bytes, or in another memory. A field's attribute is its value, a region's an
    `Array`, or the record itself where the schema declares a single one (None when
    its flag is not set). Without counts only the fixed fields can be looked at.
    """

    _vm: ClassVar[ContextLayout]
    __slots__ = ("_fixed", "_memory", "_offsets")

    def __init__(
        self,
        fixed: Any,
        offsets: ContextOffsets | None,
        memory: _Live | _Image | _There,
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
        """The context in bytes of a target, the host's own when None; immutable.

        Data that can be written to is copied.
        """
        layout = cls._vm
        model = layout.targets.model(target)
        offsets = cls._offsets_for(counts, target)
        fixed_size = layout.fixed.size_on(model)
        size = fixed_size if offsets is None else offsets._size
        own = unchanging(data, max(offset, 0), size)
        if offset < 0 or len(own) < size:
            raise ValueError(
                f"{cls.__name__} takes {size} bytes at offset {offset} "
                f"on {model.name}, of {memoryview(data).nbytes} bytes"
            )
        fixed = image_of(layout.fixed, model).read(own, 0, layout.fixed.cls)
        return cls(fixed, offsets, _Image(own, model))

    @classmethod
    def dtype(cls, target: str | None = None) -> Any:
        """The `numpy.dtype` of the fixed fields on a target; a region is an array, and
        has `numpy`. Raises ImportError where numpy isn't installed."""
        return cls._vm.fixed.dtype(cls._vm.targets.model(target))

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
            return offsets_of(layout, {}, target) if not layout.counts else None
        if not isinstance(counts, ContextOffsets):
            return offsets_of(layout, counts, target)
        if counts._vm is not layout or counts._model.column != model.column:
            raise ValueError(
                f"{type(counts).__name__} of {counts._model.key} are no offsets of "
                f"a {cls.__name__} of {model.key}"
            )
        return counts

    @classmethod
    def _vm_kind(cls) -> Kind:
        return ContextBody(cls._vm, cls)

    def __copy__(self) -> Self:
        return type(self)(self._fixed, self._offsets, self._memory)

    def __reduce__(self) -> tuple[Any, ...]:
        memory = self._memory
        if not isinstance(memory, _Image):
            raise TypeError(f"a live {type(self).__name__} can't be pickled: use pack")
        counts = self._offsets._counts if self._offsets else None
        return _context_again, (
            type(self),
            bytes(memory.data),
            memory.model.key,
            counts,
        )

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
        placed: RegionOffsets = getattr(self._offsets, region.name)
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

    def there(
        self,
        address: int,
        space: Space,
        counts: Mapping[str, int] | ContextOffsets | None = None,
    ) -> Any:
        """As of any kind, and with counts its regions too. Raises as offsets do."""
        from .views import view

        fixed = self.layout.fixed
        own = fixed.source.targets.own(space.model)
        offsets = self.face._offsets_for(counts, own.key)
        start = view(fixed, fixed.cls, address, space)
        return self.face(start, offsets, _There(address, space))

    def see(self, raw: Any, model: Model | None) -> Any:
        return self.face.read(raw, cast("Model", model).name)
