"""Arrays: in memory of this process, and in bytes of a target."""

from __future__ import annotations

import ctypes
from _operator import index as as_index

from .hints import TYPE_CHECKING, Any, Final, Iterator, NoReturn, Sequence, V, cast
from .kinds import (
    UNCHANGEABLE,
    UNCHANGING,
    Kind,
    kept,
    modules,
    shown,
    unpacked,
)

if not TYPE_CHECKING:
    from .hints import overload
else:
    from typing import overload

    from .models import Model
    from .space import Space

AT_ONCE: Final[int] = 1024
"""How many records share a copy of their bytes, which each of them keeps."""


class Array(Sequence[V]):
    """Values of one type at equal distances: a field, a region, or what is pointed to.

    A slice is a view of the same memory. `bytes(array)` is what is stored.
    """

    def __init__(self, kind: Kind, at: int, stride: int, count: int) -> None:
        self._kind = kind
        self._at = at
        self._stride = stride
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> V: ...
    @overload
    def __getitem__(self, index: slice) -> Array[V]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            start, stop, step = index.indices(self._count)
            at = self._at + start * self._stride
            count = len(range(start, stop, step))
            return self._part(at, self._stride * step, count)
        return self._get(self._at_index(index))

    def __setitem__(self, index: int | slice, value: Any) -> None:
        if isinstance(index, slice):
            part = self[index]
            if len(part) != len(value):
                raise ValueError(f"{len(value)} values for {len(part)} elements")
            for position, element in enumerate(value):
                part[position] = element
        else:
            self._put(self._at_index(index), value)

    def __iter__(self) -> Iterator[V]:
        for index in range(self._count):
            yield self._get(self._at + index * self._stride)

    def numpy(self) -> Any:
        """The same memory as an array of numpy: of records, each as `dtype` tells, or of
        numbers. Raises ImportError where numpy isn't installed."""
        raise NotImplementedError

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        # What numpy calls; else it would take element after element.
        array = self.numpy()
        if dtype is not None and array.dtype != dtype:
            return array.astype(dtype)
        return array.copy() if copy else array

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __bytes__(self) -> bytes:
        return b"".join(
            self._bytes(self._at + index * self._stride) for index in range(self._count)
        )

    def __repr__(self) -> str:
        parts = [shown(self, index) for index in range(min(self._count, 16))]
        return f"[{', '.join(parts)}{', ...' if self._count > 16 else ''}]"

    def _at_index(self, index: int) -> int:
        position = as_index(index)
        if position < 0:
            position += self._count
        if not 0 <= position < self._count:
            raise IndexError(f"index {index} is outside of {self._count} elements")
        return self._at + position * self._stride

    def _part(self, at: int, stride: int, count: int) -> Array[V]:
        raise NotImplementedError

    def _get(self, at: int) -> V:
        raise NotImplementedError

    def _put(self, at: int, value: Any) -> None:
        raise TypeError(UNCHANGING)

    def _bytes(self, at: int) -> bytes:
        raise NotImplementedError


class LiveArray(Array[V]):
    """An array in this process; `owner` is kept as long as the array is."""

    def __init__(
        self, kind: Kind, at: int, stride: int, count: int, owner: object
    ) -> None:
        super().__init__(kind, at, stride, count)
        self._owner = owner

    @property
    def address(self) -> int:
        """Where the first element is."""
        return self._at

    def memory(self) -> memoryview:
        """The bytes themselves, to be read and written in bulk."""
        if self._stride != ctypes.sizeof(self._kind.ctype):
            raise ValueError("the elements don't follow each other")
        data = (ctypes.c_ubyte * (self._stride * self._count)).from_address(self._at)
        return memoryview(kept(data, self._owner)).cast("B")

    def numpy(self) -> Any:
        from .dtypes import shared

        kind, stride, count = self._kind, self._stride, self._count
        first, size = _extent(stride, count, ctypes.sizeof(kind.ctype))
        data = (ctypes.c_ubyte * size).from_address(self._at + first)
        data = kept(data, self._owner)
        array = shared(data, kind.dtype(kind.host), -first, stride, count)
        array.flags.writeable = not kind.readonly
        return array

    def __bytes__(self) -> bytes:
        if self._stride == ctypes.sizeof(self._kind.ctype):
            return ctypes.string_at(self._at, self._stride * self._count)
        return super().__bytes__()

    def __iter__(self) -> Iterator[V]:
        kind = self._kind
        if self._stride != ctypes.sizeof(kind.ctype):
            return super().__iter__()
        stored = (kind.ctype * self._count).from_address(self._at)
        # Its elements keep it, and it keeps the memory.
        return kind.live_values(kept(stored, self._owner))

    def _part(self, at: int, stride: int, count: int) -> Array[V]:
        return LiveArray(self._kind, at, stride, count, self._owner)

    def _get(self, at: int) -> V:
        return cast("V", self._kind.live(at, self._owner))

    def _put(self, at: int, value: Any) -> None:
        if self._kind.readonly:
            raise AttributeError(f"{self._kind.rust} is read-only: use store")
        self._kind.put(at, value)

    def _bytes(self, at: int) -> bytes:
        return ctypes.string_at(at, ctypes.sizeof(self._kind.ctype))

    def __copy__(self) -> LiveArray[V]:
        return LiveArray(self._kind, self._at, self._stride, self._count, self._owner)

    def __reduce__(self) -> NoReturn:
        raise TypeError("an array in live memory can't be copied or pickled: use list")


class ImageArray(Array[V]):
    """An array in bytes of a target; it doesn't change."""

    def __init__(
        self,
        kind: Kind,
        data: bytes | memoryview,
        at: int,
        stride: int,
        count: int,
        model: Model,
    ) -> None:
        super().__init__(kind, at, stride, count)
        self._data = data
        self._model = model

    def __iter__(self) -> Iterator[V]:
        size = self._kind.size(self._model)
        if self._stride != size or not size:
            yield from super().__iter__()
            return
        end = self._at + self._count * size
        data = memoryview(self._data)
        for start in range(self._at, end, size * AT_ONCE):
            part = data[start : min(start + size * AT_ONCE, end)]
            yield from self._kind.values(part, self._model)

    def _part(self, at: int, stride: int, count: int) -> Array[V]:
        return ImageArray(self._kind, self._data, at, stride, count, self._model)

    def _get(self, at: int) -> V:
        return cast("V", unpacked(self._kind, self._data, at, self._model))

    def numpy(self) -> Any:
        from .dtypes import shared

        place = self._at, self._stride, self._count
        return shared(self._data, self._kind.dtype(self._model), *place)

    def _bytes(self, at: int) -> bytes:
        return bytes(self._data[at : at + self._kind.size(self._model)])

    def __copy__(self) -> ImageArray[V]:
        return self

    def __deepcopy__(self, memo: object) -> ImageArray[V]:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        kind = self._kind
        if kind.source is None:
            raise TypeError(f"an array of {kind.rust} isn't of a schema: use list")
        which: Any = kind.source.namespace["__name__"], kind.key, kind.is_pointed
        if not kind.key:
            # Of a class that users derived.
            which = kind.face
        place = bytes(self._data), self._at, self._stride, self._count
        return _array_again, (which, *place, self._model.key)


def _array_again(
    which: Any,
    data: bytes,
    at: int,
    stride: int,
    count: int,
    target: str,
) -> ImageArray[Any]:
    """An array that was pickled."""
    kind: Any
    if isinstance(which, tuple):
        module, key, is_pointed = which
        __import__(module)
        kind = modules[module][key]
        kind = kind.pointed if is_pointed else kind
    else:
        kind = which._vm_kind()
    source = kind.source
    return ImageArray(kind, data, at, stride, count, source.targets.model(target))


class ThereArray(Array[V]):
    """An array in another memory, whose elements are read when asked for."""

    def __init__(
        self, kind: Kind, at: int, stride: int, count: int, space: Space
    ) -> None:
        super().__init__(kind, at, stride, count)
        self._space = space

    @property
    def address(self) -> int:
        """Where the first element is."""
        return self._at

    def _part(self, at: int, stride: int, count: int) -> Array[V]:
        return ThereArray(self._kind, at, stride, count, self._space)

    def _get(self, at: int) -> V:
        return cast("V", self._kind.there(at, self._space))

    def _put(self, at: int, value: Any) -> None:
        raise TypeError(UNCHANGEABLE)

    def numpy(self) -> Any:
        """A copy of all elements as an array of numpy, read at once. Raises Unmapped,
        and ImportError where numpy isn't installed."""
        from .dtypes import shared

        kind, stride, count = self._kind, self._stride, self._count
        model = self._space.model
        first, size = _extent(stride, count, kind.size(model))
        data = self._space.memory.read(self._at + first, size) if size else b""
        return shared(data, kind.dtype(model), -first, stride, count)

    def __bytes__(self) -> bytes:
        if self._stride == self._kind.size(self._space.model):
            return self._space.memory.read(self._at, self._stride * self._count)
        return super().__bytes__()

    def _bytes(self, at: int) -> bytes:
        return self._space.memory.read(at, self._kind.size(self._space.model))

    def __copy__(self) -> ThereArray[V]:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "an array in another memory can't be copied or pickled: use list"
        )


def _extent(stride: int, count: int, size: int) -> tuple[int, int]:
    """Where the memory of so many elements begins, from the first of them on, and how
    long it is."""
    steps = stride * max(count - 1, 0)
    return min(0, steps), abs(steps) + size if count else 0
