"""Records in bytes of a target."""

from __future__ import annotations

import struct
from types import GetSetDescriptorType, MemberDescriptorType

from .errors import NullPointer
from .hints import TYPE_CHECKING, Any, ClassVar, Final, Mapping, Sequence, cast
from .kinds import UNCHANGING, Kind, packed, unpacked
from .layouts import Layout, record_repr, variant_value, variants_of
from .words import Float, Word

if TYPE_CHECKING:
    from .models import Model


class Snapshot:
    """A record out of bytes of a target; immutable. Equal where class, target's data
    model and bytes are.

    It passes for an instance of the class that was asked to read it, and has what that
    class defines. It is none of ctypes' own: those have memory laid out for this host.
    """

    __slots__ = ("_raw",)
    _raw: tuple[Any, ...]
    _vm: ClassVar[Layout]
    _image: ClassVar[Image]
    _face: ClassVar[Any]

    if not TYPE_CHECKING:
        __class__ = property(lambda self: self._face)

    def __setattr__(self, name: str, value: Any) -> None:
        self._vm.kind_of(name)
        raise AttributeError(f"{self._vm.name}.{name}: {UNCHANGING}")

    def __eq__(self, other: object) -> bool:
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
        return _read_again, (self._face, image.model.name, data)

    def _variant(self) -> Any:
        return variant_value(self, self._vm)

    def __repr__(self) -> str:
        return record_repr(self, self._vm)


_set_raw: Final[Any] = Snapshot.__dict__["_raw"].__set__
_READERS: Final[tuple[str, ...]] = ("at", "read", "read_array", "pack", "write")
_NOT_TAKEN_OVER: Final[frozenset[str]] = frozenset(
    {"__dict__", "__slots__", "__weakref__", "_align_", "_fields_", "_pack_", "_vm"}
)


def _read_again(face: Any, target: str, data: bytes) -> Any:
    """A snapshot that was pickled."""
    return face.read(data, target)


class Image:
    """A record in the bytes of one data model: a compiled format, and the classes that
    show what was unpacked. A union is unpacked member by member, when asked."""

    __slots__ = ("_snapshots", "format", "layout", "model", "size")

    def __init__(self, layout: Layout, model: Model) -> None:
        self.layout = layout
        self.model = model
        self.size = layout.size_on(model)
        offsets = layout.row(model)[2 : len(layout.names) + 2]
        union = layout.category == "union"
        code = f"{self.size}s" if union else self._code(offsets)
        self.format = struct.Struct(model.prefix + code)
        self._snapshots: dict[type, type[Snapshot]] = {}

    def _snapshot(self, face: type) -> type[Snapshot]:
        """The class of what `face` reads here, made once."""
        made = self._snapshots.get(face)
        if made is None:
            made = self._snapshots[face] = self._new_snapshot(face)
        return made

    def _new_snapshot(self, face: type) -> type[Snapshot]:
        parts = stand_in(self.layout.cls, face, self._fields())
        parts.update(_image=self, _vm=self.layout)
        return type(face.__name__, (Snapshot,), parts)

    def _fields(self) -> dict[str, Any]:
        """What reads each field of a snapshot."""
        layout, model = self.layout, self.model
        parts: dict[str, Any] = {}
        for index, (name, kind) in enumerate(
            zip(layout.names, layout.kinds, strict=True)
        ):
            if layout.category == "union":
                parts[name] = _member(kind, model)
            elif type(kind) in (Word, Float):
                parts[name] = _plain(index)
            else:
                parts[name] = _seen(f"{layout.name}.{name}", kind, model, index)
        if layout.category == "tagged":
            parts["value"] = property(Snapshot._variant)
        return parts

    def _code(self, offsets: Sequence[int]) -> str:
        codes, end = [], 0
        for kind, offset in zip(self.layout.kinds, offsets, strict=True):
            if offset > end:
                codes.append(f"{offset - end}x")
            codes.append(kind.code(self.model))
            end = offset + kind.size(self.model)
        return "".join(codes) + f"{self.size - end}x"

    def read(self, data: Any, offset: int, face: type) -> Snapshot:
        try:
            if offset < 0:
                raise struct.error
            raw = self.format.unpack_from(data, offset)
        except struct.error:
            raise self._too_short(data, self.size, offset) from None
        made: Snapshot = object.__new__(self._snapshot(face))
        _set_raw(made, raw)
        return made

    def read_array(
        self, data: Any, count: int, offset: int, face: type
    ) -> list[Snapshot]:
        end = offset + count * self.size
        view = memoryview(data).cast("B")
        if offset < 0 or count < 0 or end > len(view):
            raise self._too_short(data, count * self.size, offset)
        snapshot = self._snapshot(face)
        made = []
        for raw in self.format.iter_unpack(view[offset:end]):
            one: Snapshot = object.__new__(snapshot)
            _set_raw(one, raw)
            made.append(one)
        return made

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
        for name in value if mapping else ():
            layout.kind_of(name)
        raw = []
        for name, kind in zip(layout.names, layout.kinds, strict=True):
            given: Any
            if not mapping:
                given = getattr(value, name)
            elif name in value:
                given = value[name]
            elif kind.default is not None:
                given = kind.default
            else:
                raise TypeError(f"{layout.name}.{name} has no value")
            if layout.category == "tagged" and hasattr(given, "_vm"):
                tag = value["tag"] if mapping else cast("Any", value).tag
                given = _one_member(given, int(tag), layout)
            raw.append(kind.raw(given, self.model))
        return self.format.pack(*raw)

    def _pack_union(self, value: Any) -> bytes:
        name = self.layout.name
        if isinstance(value, (bytes, bytearray)) and len(value) == self.size:
            return bytes(value)
        live = self.layout.native and issubclass(type(value), self.layout.cls)
        if live and self.model is self.layout.source.targets.host:
            return bytes(value)
        if not isinstance(value, Mapping) or len(value) > 1:
            raise TypeError(f"{name} is a union: give its one member or its bytes")
        data = b""
        for member, inner in value.items():
            data = packed(self.layout.kind_of(member), inner, self.model)
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
            or isinstance(value, (GetSetDescriptorType, MemberDescriptorType))
        ):
            parts[name] = value
    return parts


def _plain(index: int) -> property:
    """Reads a field of a snapshot that is a plain number."""

    def read(self: Snapshot) -> Any:
        return self._raw[index]

    return property(read)


def _seen(where: str, kind: Kind, model: Model, index: int) -> property:
    """Reads a field of a snapshot that isn't a plain number."""

    def read(self: Snapshot) -> Any:
        try:
            return kind.see(self._raw[index], model)
        except NullPointer as error:
            raise NullPointer(f"{where}: {error}") from None

    return property(read)


def _member(kind: Kind, model: Model) -> property:
    """Reads a member of a snapshot of a union."""
    return property(lambda self: unpacked(kind, self._raw[0], 0, model))
