"""The kinds of arrays: fields with a fixed number of elements, and bare bytes."""

from __future__ import annotations

import ctypes

from .arrays import Array, ImageArray, LiveArray, ThereArray
from .hints import TYPE_CHECKING, Any, cast
from .kinds import Kind, Tree, packed

if TYPE_CHECKING:
    from typing import Protocol

    from .models import Model
    from .space import Space

    class Extent(Protocol):
        """What has a size and an alignment on each target."""

        def size_on(self, model: Model | None) -> int: ...
        def align_on(self, model: Model | None) -> int: ...


class Elements(Kind):
    """The kind of an array with a fixed number of elements."""

    face = Array

    def __init__(self, spelling: Tree, element: Kind, count: int) -> None:
        super().__init__(spelling)
        self.element = element
        self.count = count
        self.readonly = element.readonly
        if element.ctype is not None:
            self.ctype = element.ctype * count

    def size(self, model: Model | None) -> int:
        return self.element.size(model) * self.count

    def align(self, model: Model | None) -> int:
        return self.element.align(model)

    def dtype(self, model: Model) -> Any:
        from .dtypes import array

        return array(self.element.dtype(model), self.count)

    def live(self, address: int, owner: object) -> LiveArray[Any]:
        size = ctypes.sizeof(self.element.ctype)
        return LiveArray(self.element, address, size, self.count, owner)

    def put(self, address: int, value: Any) -> None:
        self._check(value)
        size = ctypes.sizeof(self.element.ctype)
        for index, element in enumerate(value):
            self.element.put(address + index * size, element)

    def there(self, address: int, space: Space) -> ThereArray[Any]:
        size = self.element.size(space.model)
        return ThereArray(self.element, address, size, self.count, space)

    def see(self, raw: Any, model: Model | None) -> ImageArray[Any]:
        image = cast("Model", model)
        size = self.element.size(image)
        return ImageArray(self.element, raw, 0, size, self.count, image)

    def raw(self, value: Any, model: Model) -> bytes:
        self._check(value)
        return b"".join(packed(self.element, element, model) for element in value)

    def _check(self, value: Any) -> None:
        if len(value) != self.count:
            raise ValueError(f"{len(value)} values for {self.rust}")


class Blob(Kind):
    """The bytes of a type that is defined elsewhere: size and alignment are `extent`'s."""

    def __init__(self, extent: Extent, byte: Kind, host: Model | None) -> None:
        super().__init__("bytes")
        self.extent = extent
        self.byte = byte
        if host:
            self.ctype = ctypes.c_uint8 * self.size(host)

    def size(self, model: Model | None) -> int:
        return self.extent.size_on(model)

    def align(self, model: Model | None) -> int:
        return self.extent.align_on(model)

    def dtype(self, model: Model) -> Any:
        from .dtypes import array

        return array(self.byte.dtype(model), self.size(model))

    def live(self, address: int, owner: object) -> LiveArray[int]:
        return LiveArray(self.byte, address, 1, ctypes.sizeof(self.ctype), owner)

    def put(self, address: int, value: Any) -> None:
        size = ctypes.sizeof(self.ctype)
        ctypes.memmove(address, self._bytes(value, size), size)

    def there(self, address: int, space: Space) -> ThereArray[int]:
        return ThereArray(self.byte, address, 1, self.size(space.model), space)

    def see(self, raw: Any, model: Model | None) -> ImageArray[int]:
        return ImageArray(self.byte, raw, 0, 1, len(raw), cast("Model", model))

    def raw(self, value: Any, model: Model) -> bytes:
        return self._bytes(value, self.size(model))

    def _bytes(self, value: Any, size: int) -> bytes:
        data = bytes(value)
        if len(data) != size:
            raise ValueError(f"{len(data)} bytes for {size}")
        return data
