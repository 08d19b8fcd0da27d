"""Bit-fields: integers in some bits of the bytes that they have a bit in."""

from __future__ import annotations

import ctypes
from _operator import index

from .hints import TYPE_CHECKING, Any, Sequence, cast
from .kinds import Kind, packed
from .models import HOST
from .padding import padding, set_aligned

if TYPE_CHECKING:
    from .layouts import Layout
    from .models import Model


class BitField(Kind):
    """The bit-field at a position of a record, `width` bits wide, of the type `inner`. `nth`
    is how many bit-fields are before it there.

    Bits are counted from the low end of bytes on little-endian targets and from the high end
    on others. Raw is the bytes that have a bit of it, and packed all other bits are 0.
    """

    def __init__(self, layout: Layout, position: int, inner: Kind, nth: int) -> None:
        super().__init__(inner.spelling)
        self.layout = layout
        self.inner = inner
        self.key = inner.key
        self.position = position
        self.name = layout.names[position]
        self.width = layout.bits[self.name]
        self.readonly = inner.readonly
        self.default = inner.default
        self.signed = bool(getattr(inner, "signed", False))
        self._bit = 2 + len(layout.names) + nth

    @property
    def offset(self) -> int:
        """Bytes from the start of the record on this host, as a field of ctypes has it."""
        return self.layout.row(None)[self.position + 2]

    def first_bit(self, model: Model | None) -> int:
        """How many bits of its first byte are in front of it, 0 to 7."""
        return self.layout.row(model)[self._bit]

    def size(self, model: Model | None) -> int:
        return (self.first_bit(model) + self.width + 7) // 8

    def align(self, model: Model | None) -> int:
        return 1

    def shift(self, model: Model | None) -> int:
        """How far its bits are from the low end of its bytes as one integer."""
        first = self.first_bit(model)
        if (model.order if model else HOST.order) == "little":
            return first
        return 8 * self.size(model) - first - self.width

    def live(self, address: int, owner: object) -> Any:
        return self.see(ctypes.string_at(address, self.size(None)), None)

    def put(self, address: int, value: Any) -> None:
        there = ctypes.string_at(address, self.size(None))
        data = self.merged(there, value, None)
        ctypes.memmove(address, data, len(data))

    def dtype(self, model: Model) -> Any:
        from .dtypes import void

        return void(self.size(model))

    def see(self, raw: Any, model: Model | None) -> Any:
        order = model.order if model else HOST.order
        bits = int.from_bytes(raw, order) >> self.shift(model)
        number = bits & ((1 << self.width) - 1)
        if self.signed and number >> (self.width - 1):
            number -= 1 << self.width
        return self.inner.see(number, model)

    def raw(self, value: Any, model: Model | None) -> bytes:
        return self.merged(bytes(self.size(model)), value, model)

    def _whole(self, value: Any, model: Model | None) -> Any:
        """The number of all bits of its type that a value is."""
        if model is not None:
            return self.inner.raw(value, model)
        return cast("Any", self.inner).number(value, ctypes.sizeof(self.inner.ctype))

    def merged(self, there: Any, value: Any, model: Model | None) -> bytes:
        """The bytes that are there, with its bits set to a value. Raises OverflowError."""
        order = model.order if model else HOST.order
        number = index(self._whole(value, model))
        low = -1 << (self.width - 1) if self.signed else 0
        high = low + (1 << self.width) - 1
        if not low <= number <= high:
            raise OverflowError(
                f"{number} doesn't fit {self.width} bits of {self.rust}: {low} to {high}"
            )
        shift = self.shift(model)
        mask = ((1 << self.width) - 1) << shift
        kept = int.from_bytes(there, order) & ~mask
        made = kept | (number << shift) & mask
        return made.to_bytes(len(there), order)


def with_bit_fields(layout: Layout, kinds: list[Kind]) -> list[Kind]:
    """The kinds of a record's parts, where some are bit-fields of these."""
    nth = 0
    made: list[Kind] = []
    for position, (name, kind) in enumerate(zip(layout.names, kinds, strict=True)):
        if name in layout.bits:
            kind = BitField(layout, position, kind, nth)
            nth += 1
        made.append(kind)
    return made


def set_fields(layout: Layout, host: Model, stored: Sequence[Any]) -> None:
    """Give a record's class the fields around its bit-fields, which ctypes has bytes for:
    those of its own are laid out by rules of its own."""
    fields: list[tuple[str, Any]] = []
    end = 0
    row = layout.row(host)
    for name, kind, ctype, offset in zip(
        layout.names, layout.kinds_on(host), stored, row[2:], strict=False
    ):
        if name in layout.bits:
            continue
        if offset > end:
            fields.append(padding(end, offset - end))
        fields.append((name, ctype))
        end = offset + kind.size(host)
    size = layout.size_on(host)
    if size > end:
        fields.append(padding(end, size - end))
    if layout.packed:
        layout.cls._pack_, layout.cls._layout_ = layout.packed, "ms"
    set_aligned(layout, host, fields)


def pack(layout: Layout, values: list[tuple[Kind, int, Any]], model: Model) -> bytes:
    """The bytes of a record that has bit-fields, each value with its kind and offset."""
    made = bytearray(layout.size_on(model))
    for kind, offset, value in values:
        end = offset + kind.size(model)
        if isinstance(kind, BitField):
            made[offset:end] = kind.merged(made[offset:end], value, model)
        else:
            made[offset:end] = packed(kind, value, model)
    return bytes(made)


def without_padding(layout: Layout, data: bytes, model: Model) -> bytes:
    """The bytes of such a record with zeros for all that is no field's."""
    made = bytearray(len(data))
    offsets = layout.row(model)[2:]
    for kind, offset in zip(layout.kinds_on(model), offsets, strict=False):
        end = offset + kind.size(model)
        if isinstance(kind, BitField):
            value = kind.see(data[offset:end], model)
            made[offset:end] = kind.merged(made[offset:end], value, model)
        else:
            made[offset:end] = data[offset:end]
    return bytes(made)
