"""The kinds of words: numbers of all sizes."""

from __future__ import annotations

import ctypes
import struct
from _operator import index

from .hints import TYPE_CHECKING, Any, Callable, Final, Iterator, cast
from .kinds import Kind, Tree, asking, kept, rust
from .models import HOST

if TYPE_CHECKING:
    from .models import Model
    from .space import Space

CTYPES: Final[dict[str, Any]] = {
    "u8": ctypes.c_uint8, "u16": ctypes.c_uint16, "u32": ctypes.c_uint32,
    "u64": ctypes.c_uint64, "usize": ctypes.c_size_t, "i8": ctypes.c_int8,
    "i16": ctypes.c_int16, "i32": ctypes.c_int32, "i64": ctypes.c_int64,
    "isize": ctypes.c_ssize_t, "f32": ctypes.c_float, "f64": ctypes.c_double,
    "bool": ctypes.c_uint8, "char": ctypes.c_uint32,
}  # fmt: skip
"""What stores each word on this host."""


class Word(Kind):
    """An integer of 1, 2, 4 or 8 bytes, and the base of all that is stored as one.

    `width` is in bytes, 0 for that of a pointer. `aligned` is a number of bytes, or
    the word of a model's `aligns` that says it.
    """

    direct = True
    signed = False
    width = 0
    aligned: int | str = "pointer"

    def __init__(
        self,
        spelling: Tree,
        ctype: Any,
        width: int,
        aligned: int | str,
        signed: bool = False,
    ) -> None:
        super().__init__(spelling)
        self.ctype = ctype
        self.width = width
        self.aligned = aligned
        self.signed = signed

    def size(self, model: Model | None) -> int:
        return self.width or cast("Model", model).pointer

    def align(self, model: Model | None) -> int:
        if isinstance(self.aligned, int):
            return self.aligned or self.size(model)
        return cast("Model", model).aligns.get(self.aligned, 1)

    def live(self, address: int, owner: object) -> Any:
        return self.see(self.ctype.from_address(address).value, None)

    def place(self, address: int, owner: object) -> Any:
        if self.face is None:
            return self.live(address, owner)
        return kept(self.face.from_address(address), owner)

    def place_there(self, address: int, space: Space) -> Any:
        return word_there(self, address, space)

    def put(self, address: int, value: Any) -> None:
        ctype = self.ctype
        number = self.number(value, ctypes.sizeof(ctype))
        ctype.from_address(address).value = number

    def live_reader(self, field: Any, stored: str, name: str) -> Callable[[Any], Any]:
        return self.reader(stored, None, name)

    def live_values(self, stored: Any) -> Iterator[Any]:
        if self.direct:
            return iter(stored)
        see = self.see
        return (see(raw, None) for raw in stored)

    def dtype(self, model: Model) -> Any:
        return self.dtype_in(model.prefix, model)

    def dtype_in(self, prefix: str, model: Model) -> Any:
        """The same in the byte order of a prefix of `struct`'s."""
        from .dtypes import word

        return word(prefix, "i" if self.signed else "u", self.size(model))

    def code(self, model: Model) -> str:
        letter = {1: "b", 2: "h", 4: "i", 8: "q"}[self.size(model)]
        return letter if self.signed else letter.upper()

    def see(self, raw: Any, model: Model | None) -> Any:
        return raw

    def raw(self, value: Any, model: Model) -> Any:
        return self.number(value, self.size(model))

    def number(self, value: Any, size: int) -> Any:
        return fitting(value, size, self.signed, self.spelling)


class Float(Word):
    """A float; the schema has allowed one."""

    def dtype_in(self, prefix: str, model: Model) -> Any:
        from .dtypes import word

        return word(prefix, "f", self.width)

    def code(self, model: Model) -> str:
        return "f" if self.width == 4 else "d"

    def number(self, value: Any, size: int) -> float:
        return float(value)


class Bool(Word):
    """A byte that is 0 or 1; any other value reads as true."""

    direct = False

    def reader(
        self, stored: str, model: Model | None, name: str
    ) -> Callable[[Any], Any]:
        return asking(lambda record: bool(record.stored), stored)

    def see(self, raw: Any, model: Model | None) -> bool:
        return bool(raw)

    def number(self, value: Any, size: int) -> int:
        return int(bool(value))


class Named(Word):
    """A plain enum: its members by number. An unknown number stays an int."""

    direct = False

    def __init__(self, inner: Word, names: Any) -> None:
        super().__init__(
            names.__name__, inner.ctype, inner.width, inner.aligned, inner.signed
        )
        self.face = names
        self.members = {int(member): member for member in names}

    def place(self, address: int, owner: object) -> Any:
        return self.live(address, owner)

    def place_there(self, address: int, space: Space) -> Any:
        return self.there(address, space)

    def reader(
        self, stored: str, model: Model | None, name: str
    ) -> Callable[[Any], Any]:
        named = self.members.get

        def read(record: Any) -> Any:
            raw = record.stored
            return named(raw, raw)

        return asking(read, stored)

    def see(self, raw: Any, model: Model | None) -> Any:
        return self.members.get(raw, raw)


class Little(Kind):
    """A word that is little-endian at rest on every host."""

    def __init__(self, inner: Word) -> None:
        super().__init__(("little", inner.spelling))
        self.inner = inner
        # One byte has no order, and ctypes has no swapped type for it.
        self.ctype = getattr(inner.ctype, "__ctype_le__", inner.ctype)
        self.direct = inner.direct

    def size(self, model: Model | None) -> int:
        return self.inner.size(model)

    def align(self, model: Model | None) -> int:
        return self.inner.align(model)

    def dtype(self, model: Model) -> Any:
        return self.inner.dtype_in("<", model)

    def live(self, address: int, owner: object) -> Any:
        return self.inner.see(self.ctype.from_address(address).value, None)

    def put(self, address: int, value: Any) -> None:
        number = self.inner.number(value, ctypes.sizeof(self.ctype))
        self.ctype.from_address(address).value = number

    def seen_there(self, raw: Any, space: Space) -> Any:
        return self.inner.seen_there(self.word(raw, space.model), space)

    def see(self, raw: Any, model: Model | None) -> Any:
        return self.inner.see(self.word(raw, cast("Model", model)), model)

    def word(self, raw: Any, model: Model) -> Any:
        """The word that bytes at rest stand for."""
        return struct.unpack("<" + self.inner.code(model), raw)[0]

    def raw(self, value: Any, model: Model) -> bytes:
        return struct.pack("<" + self.inner.code(model), self.inner.raw(value, model))


class Wide(Kind):
    """A 128-bit integer, stored natively as two 64-bit words that nobody sees.

    `order` is "little" for one that is so everywhere, else None. `aligned` is in bytes,
    0 where models say it.
    """

    ctype: Any = ctypes.c_uint64 * 2

    def __init__(
        self, spelling: Tree, signed: bool, order: Any = None, aligned: int = 0
    ) -> None:
        super().__init__(spelling)
        self.signed = signed
        self.order = order
        self.aligned = aligned

    def size(self, model: Model | None) -> int:
        return 16

    def align(self, model: Model | None) -> int:
        return self.aligned or cast("Model", model).aligns.get("u128", 1)

    def dtype(self, model: Model) -> Any:
        from .dtypes import void

        return void(16)

    def live(self, address: int, owner: object) -> int:
        return self.see(ctypes.string_at(address, 16), None)

    def place(self, address: int, owner: object) -> Any:
        if self.face is None:
            return self.live(address, owner)
        return kept(self.face.from_address(address), owner)

    def place_there(self, address: int, space: Space) -> Any:
        return word_there(self, address, space)

    def put(self, address: int, value: Any) -> None:
        ctypes.memmove(address, self._bytes(value, self.order or HOST.order), 16)

    def see(self, raw: Any, model: Model | None) -> int:
        order = self.order or (model.order if model else HOST.order)
        return int.from_bytes(raw, order, signed=self.signed)

    def raw(self, value: Any, model: Model) -> bytes:
        return self._bytes(value, self.order or model.order)

    def _bytes(self, value: Any, order: Any) -> bytes:
        number = fitting(value, 16, self.signed, self.spelling)
        return number.to_bytes(16, order, signed=self.signed)


class NonZero(Kind):
    """An integer whose zero is refused, or is None where the type is optional."""

    optional = False

    def __init__(self, spelling: Tree, inner: Word | Little | Wide) -> None:
        super().__init__(spelling)
        self.inner = inner
        self.ctype = inner.ctype

    def size(self, model: Model | None) -> int:
        return self.inner.size(model)

    def align(self, model: Model | None) -> int:
        return self.inner.align(model)

    def dtype(self, model: Model) -> Any:
        return self.inner.dtype(model)

    def live(self, address: int, owner: object) -> int | None:
        return self._seen(self.inner.live(address, owner))

    def place(self, address: int, owner: object) -> Any:
        if self.face is None:
            return self.live(address, owner)
        return kept(self.face.from_address(address), owner)

    def place_there(self, address: int, space: Space) -> Any:
        return word_there(self, address, space)

    def put(self, address: int, value: Any) -> None:
        self.inner.put(address, self._given(value))

    def code(self, model: Model) -> str:
        return self.inner.code(model)

    def see(self, raw: Any, model: Model | None) -> int | None:
        return self._seen(self.inner.see(raw, model))

    def raw(self, value: Any, model: Model) -> Any:
        return self.inner.raw(self._given(value), model)

    def _seen(self, number: int) -> int | None:
        return None if number == 0 and self.optional else number

    def _given(self, value: int | None) -> int:
        if not value and not self.optional:
            raise ValueError(f"{self.rust} is never zero")
        return value or 0


def word_there(kind: Kind, address: int, space: Space) -> Any:
    """What following a pointer to a word in another memory gives."""
    if kind.face is None:
        return kind.there(address, space)
    from .seen import word_view

    return word_view(kind, address, space)


def fitting(value: Any, size: int, signed: bool, what: Tree) -> int:
    """`value` as an int that `size` bytes hold. Raises OverflowError, TypeError."""
    number = index(value)
    low = -1 << (8 * size - 1) if signed else 0
    high = low + (1 << (8 * size)) - 1
    if not low <= number <= high:
        raise OverflowError(f"{number} doesn't fit {rust(what)}: {low} to {high}")
    return number
