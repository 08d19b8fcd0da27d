"""Records in bytes of a target."""

from __future__ import annotations

import ctypes
import struct
from types import GetSetDescriptorType, MemberDescriptorType

from .arrays import ImageArray
from .hints import (
    TYPE_CHECKING,
    Any,
    Callable,
    ClassVar,
    Final,
    Mapping,
    Sequence,
    cast,
)
from .kinds import UNCHANGING, Kind, packed, unchanging, unpacked
from .layouts import Layout, record_repr, variant_value, variants_of
from .pointers import kind_of
from .words import Float, Word

if TYPE_CHECKING:
    from .models import Model


class Snapshot(ctypes.Structure):
    """A record out of bytes of a target; immutable. Equal where class, target's data
    model and what the fields hold are.

    It passes for an instance of the class that was asked to read it, and has what that
    class defines. ctypes reads its numbers, but of a copy that is laid out as they are on
    the target: nothing of this process is where it is.
    """

    __slots__ = ()
    _vm: ClassVar[Layout]
    _image: ClassVar[Image]
    _face: ClassVar[Any]

    if not TYPE_CHECKING:
        __class__ = property(lambda self: self._face)

    @property
    def _raw(self) -> tuple[Any, ...]:
        """What is stored, as `struct` unpacks it, without the padding."""
        raw = self._image.format.unpack(self)
        if self._vm.bits:
            from .bit_fields import without_padding

            return (without_padding(self._vm, raw[0], self._image.model),)
        return raw

    def __setattr__(self, name: str, value: Any) -> None:
        self._vm.kind_of(name)
        raise AttributeError(f"{self._vm.name}.{name}: {UNCHANGING}")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return type(self) is type(other) and self._raw == cast("Any", other)._raw

    def __hash__(self) -> int:
        return hash((type(self), self._raw))

    def __copy__(self) -> Snapshot:
        return self

    def __deepcopy__(self, memo: object) -> Snapshot:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        image = self._image
        data = image.format.pack(*self._raw)
        return _read_again, (self._face, image.model.key, data)

    def _variant(self) -> Any:
        return variant_value(self, self._vm)

    def __repr__(self) -> str:
        return record_repr(self, self._vm)


_STORAGE: Final[dict[str, Any]] = {
    "b": ctypes.c_int8, "h": ctypes.c_int16, "i": ctypes.c_int32, "q": ctypes.c_int64,
    "B": ctypes.c_uint8, "H": ctypes.c_uint16, "I": ctypes.c_uint32,
    "Q": ctypes.c_uint64, "f": ctypes.c_float, "d": ctypes.c_double,
}  # fmt: skip
"""What ctypes stores a number in, by the code that `struct` has for it."""

_READERS: Final[tuple[str, ...]] = (
    "at", "dtype", "read", "read_array", "pack", "write",
)  # fmt: skip
_NOT_TAKEN_OVER: Final[frozenset[str]] = frozenset(
    {
        "__dict__",
        "__slots__",
        "__weakref__",
        "_align_",
        "_fields_",
        "_layout_",
        "_pack_",
        "_vm",
    }
)


def _read_again(face: Any, target: str, data: bytes) -> Any:
    """A snapshot that was pickled."""
    return face.read(data, target)


class Image:
    """A record in the bytes of one data model: a compiled format, and the classes that
    show what was unpacked. A union is unpacked member by member, when asked."""

    __slots__ = ("_snapshots", "_stored", "format", "layout", "model", "size")

    def __init__(self, layout: Layout, model: Model) -> None:
        self.layout = layout
        self.model = model
        self.size = layout.size_on(model)
        offsets = layout.row(model)[2 : len(layout.names) + 2]
        whole = layout.category == "union" or bool(layout.bits)
        code = f"{self.size}s" if whole else self._code(offsets)
        self.format = struct.Struct(model.prefix + code)
        self._snapshots: dict[type, type[Snapshot]] = {}
        self._stored: Any = None

    def snapshot(self, face: type) -> type[Snapshot]:
        """The class of what `face` reads here, made once."""
        made = self._snapshots.get(face)
        if made is None:
            made = self._snapshots[face] = self._new_snapshot(face)
        return made

    def _new_snapshot(self, face: type) -> type[Snapshot]:
        parts = stand_in(self.layout.cls, face, self._fields())
        parts.update(_image=self, _vm=self.layout)
        return type(face.__name__, (self._stored,), parts)

    def _fields(self) -> dict[str, Any]:
        """What reads each field of a snapshot."""
        if self._stored is None:
            self._stored = self._new_stored()
        layout, model = self.layout, self.model
        parts: dict[str, Any] = {}
        if layout.category == "tagged":
            parts["value"] = property(Snapshot._variant)
        offsets = layout.row(model)[2:] if layout.bits else [0] * len(layout.names)
        kinds = layout.kinds_on(model)
        for name, kind, offset in zip(layout.names, kinds, offsets, strict=False):
            if layout.category == "union" or layout.bits:
                parts[name] = _member(kind, model, offset)
                continue
            field = self._stored.__dict__[f".{name}"]
            if type(kind) in (Word, Float):
                parts[name] = field
                continue
            if kind.code(model) not in _STORAGE:
                parts[f".{name}"] = property(_bytes_of(field))
            parts[name] = property(kind.reader(f".{name}", model, name))
        return parts

    def _new_stored(self) -> type[Snapshot]:
        """The class by which ctypes knows where the fields are, as `.NAME`, which no other name is."""
        layout = self.layout
        stored: list[tuple[str, Any]] = []
        end = 0
        names = () if layout.category == "union" or layout.bits else layout.names
        offsets = layout.row(self.model)[2 : len(names) + 2]
        kinds = layout.kinds_on(self.model)
        for name, kind, offset in zip(names, kinds, offsets, strict=False):
            if offset > end:
                stored.append((f"_vm_padding_{end}", ctypes.c_ubyte * (offset - end)))
            size = kind.size(self.model)
            storage = self._storage(kind.code(self.model), size)
            stored.append((f".{name}", storage))
            end = offset + size
        if self.size > end:
            stored.append((f"_vm_padding_{end}", ctypes.c_ubyte * (self.size - end)))
        parts = {"__slots__": (), "_pack_": 1, "_layout_": "ms", "_fields_": stored}
        return type(layout.name, (Snapshot,), parts)

    def _storage(self, code: str, size: int) -> Any:
        """What ctypes stores a field in: a number in the target's byte order, or bytes."""
        number = _STORAGE.get(code)
        if number is None:
            return ctypes.c_ubyte * size
        # One byte has no order, and ctypes has no swapped type for it.
        order = "__ctype_le__" if self.model.order == "little" else "__ctype_be__"
        return getattr(number, order, number)

    def _code(self, offsets: Sequence[int]) -> str:
        codes, end = [], 0
        kinds = self.layout.kinds_on(self.model)
        for kind, offset in zip(kinds, offsets, strict=True):
            if offset > end:
                codes.append(f"{offset - end}x")
            codes.append(kind.code(self.model))
            end = offset + kind.size(self.model)
        return "".join(codes) + f"{self.size - end}x"

    def read(self, data: Any, offset: int, face: type) -> Any:
        try:
            return self.snapshot(face).from_buffer_copy(data, offset)
        except ValueError:
            raise self._too_short(data, self.size, offset) from None

    def read_array(
        self, data: Any, count: int, offset: int, face: type
    ) -> ImageArray[Any]:
        kind = kind_of(face)
        size = kind.size(self.model)
        end = offset + count * size
        if offset < 0 or count < 0 or end > memoryview(data).nbytes:
            raise self._too_short(data, count * size, offset)
        own = unchanging(data, offset, count * size)
        return ImageArray(kind, own, 0, size, count, self.model)

    def _too_short(self, data: Any, size: int, offset: int) -> ValueError:
        have = memoryview(data).nbytes
        return ValueError(
            f"{self.layout.name} takes {size} bytes at offset {offset} "
            f"on {self.model.name}, of {have} bytes"
        )

    def pack(self, value: Any) -> bytes:
        """The bytes of a record: a snapshot, a live one, or a mapping."""
        layout = self.layout
        if isinstance(value, Snapshot) and value._image is self:
            return self.format.pack(*value._raw)
        if layout.category == "union":
            return self._pack_union(value)
        mapping = isinstance(value, Mapping)
        if mapping:
            for name in value:
                layout.kind_of(name)
            value = layout.grouped(value)
        raw = []
        among_bits = []
        kinds = layout.kinds_on(self.model)
        for position, (name, kind) in enumerate(zip(layout.names, kinds, strict=True)):
            given: Any
            if not mapping:
                given = getattr(value, name)
            elif name in value:
                given = value[name]
            elif kind.default is not None:
                given = kind.default
            elif kind.absent:
                given = None
            else:
                raise TypeError(f"{layout.name}.{name} has no value")
            if kind.absent and given is not None:
                raise self._not_there(name)
            if layout.category == "tagged" and hasattr(given, "_vm"):
                tag = value["tag"] if mapping else cast("Any", value).tag
                given = _one_member(given, int(tag), layout)
            if layout.bits:
                offset = layout.row(self.model)[position + 2]
                among_bits.append((kind, offset, given))
                continue
            raw.append(kind.raw(given, self.model))
        if layout.bits:
            from .bit_fields import pack

            return pack(layout, among_bits, self.model)
        return self.format.pack(*raw)

    def _not_there(self, name: str) -> ValueError:
        return ValueError(f"{self.layout.name}.{name} isn't there on {self.model.key}")

    def _pack_union(self, value: Any) -> bytes:
        name = self.layout.name
        if isinstance(value, (bytes, bytearray)) and len(value) == self.size:
            return bytes(value)
        live = self.layout.native and issubclass(type(value), self.layout.cls)
        if live and self.model is self.layout.source.targets.host:
            return bytes(value)
        if isinstance(value, Mapping):
            value = self.layout.grouped(value)
        if not isinstance(value, Mapping) or len(value) > 1:
            raise TypeError(f"{name} is a union: give its one member or its bytes")
        data = b""
        for member, inner in value.items():
            kind = self.layout.kind_on(member, self.model)
            if kind.absent:
                raise self._not_there(member)
            data = packed(kind, inner, self.model)
        return data.ljust(self.size, b"\0")


def stand_in(cls: Any, face: type, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a class has that passes for `face`, which is `cls` or derived from it: the
    fields, and what users define on the record's class, on classes that they derive from
    it, and on those that they mix in."""
    parts: dict[str, Any] = {name: getattr(face, name) for name in _READERS}
    for base in reversed(face.__mro__):
        if base is cls or base not in cls.__mro__:
            parts.update(_taken_over(base, face))
        if base is cls:
            parts.update(fields)
    parts["_face"] = face
    if face is cls:
        parts["__slots__"] = ()
    return parts


def _one_member(payload: Any, tag: int, layout: Layout) -> dict[str, Any]:
    """The member of a payload that the tag means, so that any target can pack it."""
    name = variants_of(layout).get(tag)
    if name is None or name not in payload._vm.index:
        return {}
    return {name: getattr(payload, name)}


def _taken_over(base: type, face: type) -> dict[str, Any]:
    """What a snapshot has from a class: all that doesn't belong to its memory."""
    parts = {}
    for name, value in vars(base).items():
        if isinstance(value, classmethod):
            parts[name] = value.__get__(None, face)
        elif not (
            name in _NOT_TAKEN_OVER
            or name.startswith((".", "_vm_padding_"))
            or isinstance(value, (GetSetDescriptorType, MemberDescriptorType))
        ):
            parts[name] = value
    return parts


def _bytes_of(field: Any) -> Callable[[Snapshot], bytes]:
    """What gives the bytes of a field of a snapshot."""
    unpack = struct.Struct(f"{field.offset}x{field.size}s").unpack_from
    return lambda record: cast("bytes", unpack(record)[0])


def _member(kind: Kind, model: Model, offset: int) -> property:
    """Reads a part of a snapshot that is unpacked as a whole: of a union, or of a record
    with bit-fields."""
    return property(lambda self: unpacked(kind, self._raw[0], offset, model))
