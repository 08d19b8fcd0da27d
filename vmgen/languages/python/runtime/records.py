"""Records: the bases of generated classes, and the kinds of those."""

from __future__ import annotations

import ctypes

from .arrays import Array
from .hints import (
    TYPE_CHECKING,
    Any,
    Callable,
    ClassVar,
    Generic,
    Iterator,
    Mapping,
    Never,
    Self,
    V,
    cast,
)
from .kinds import Kind, kept
from .layouts import Layout, address, record_repr, variant_value, write_into
from .pointers import here

if TYPE_CHECKING:
    from typing import overload

    from .images import Image
    from .models import Model
    from .space import Space


class Attribute(tuple[Any, ...]):
    """A field that ctypes can't read by itself, with the `offset` and `size` that a
    field of ctypes has. `Record.__setattr__` writes it. There are so many that they are
    tuples, of the layout, the position in it and ctypes' field; once a record of the
    class is read, each gives way to a `Reader`."""

    __slots__ = ()

    @property
    def name(self) -> str:
        layout, position, _ = self
        return cast("str", layout.names[position])

    @property
    def offset(self) -> int:
        """Bytes from the start of the record."""
        return cast("int", self[2].offset)

    @property
    def size(self) -> int:
        """In bytes."""
        size = self[2].size
        return cast("int", size(None) if callable(size) else size)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        cls = self[0].cls
        # All at once: Python gives up on classes that change time and again.
        for name in self[0].names:
            attribute = cls.__dict__[name]
            if type(attribute) is Attribute:
                setattr(cls, name, attribute._reader())
        # Up to Python 3.12 ctypes sets attributes of unions behind the back of Python,
        # which goes on with those that it remembers, even freed ones. This tells it.
        cls.__module__ = cls.__module__
        return self._reader().__get__(instance, owner)

    def _reader(self) -> Any:
        layout, position, field = self
        stored = f".{self.name}"
        setattr(layout.cls, stored, field)
        read = layout.kinds_on(None)[position].live_reader(field, stored, self.name)
        return Reader(read, self.name, field)


class Reader(property):
    """An `Attribute` that is read as quickly as Python can."""

    def __init__(self, read: Callable[[Any], Any], name: str, field: Any) -> None:
        super().__init__(read)
        self.name = name
        self.offset = field.offset
        # Of a bit-field it is a kind's.
        self.size = field.size(None) if callable(field.size) else field.size


class Through(property):
    """What an anonymous member has, as if it were the record's own."""

    def __init__(self, layout: Layout, member: str, name: str) -> None:
        # Where the member isn't there, neither is what it has.
        super().__init__(lambda record: getattr(getattr(record, member), name, None))
        self.layout = layout
        self.name = name

    @property
    def offset(self) -> int:
        """Bytes from the start of the record."""
        return self.layout.offset(self.name, None)

    @property
    def size(self) -> int:
        """In bytes."""
        return self.layout.kind_of(self.name).size(None)


class ReadOnly(Generic[V]):
    """Marks a field that is read and not assigned: an atomic, or one that compiled
    code takes to be constant. `store` writes it all the same."""

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type) -> Attribute: ...
        @overload
        def __get__(self, instance: object, owner: type | None = None) -> V: ...
        def __get__(self, instance: Any, owner: Any = None) -> Any: ...
        def __set__(self, instance: object, value: Never) -> None: ...


class Record:
    """What structs and unions have in common."""

    _vm: ClassVar[Layout]

    def __init__(self, **values: Any) -> None:
        layout = native_layout(type(self))
        for name, kind in zip(layout.names, layout.kinds_on(None), strict=True):
            if kind.default is not None:
                put(self, layout, name, kind.default)
        for name, value in values.items():
            put(self, layout, name, value)

    @classmethod
    def at(cls, address: int, keepalive: object = None) -> Self:
        """The record at an address of this process, seen live.

        Nothing but `keepalive` and the caller keeps the memory; reading what has
        been freed is undefined. The address need not be aligned.
        """
        native_layout(cls)
        start = here(address, cls)
        return cast("Self", kept(cast("Any", cls).from_address(start), keepalive))

    @classmethod
    def read(cls, data: Any, target: str | None = None, offset: int = 0) -> Self:
        """The record in bytes of a target, the host's own when None.

        What comes back is an instance of this class, with its fields and methods, but
        immutable: a copy without an address, of which ctypes knows nothing. Raises
        ValueError when the data is too short, and UnknownTarget.
        """
        image = image_of(cls._vm, cls._vm.source.targets.model(target))
        return cast("Self", image.read(data, offset, cls))

    @classmethod
    def read_array(
        cls,
        data: Any,
        count: int,
        target: str | None = None,
        offset: int = 0,
    ) -> Array[Self]:
        """`count` records in a row, each made when it is looked at, as `read` makes it.

        Data that can be written to is copied.
        """
        image = image_of(cls._vm, cls._vm.source.targets.model(target))
        return cast("Array[Self]", image.read_array(data, count, offset, cls))

    @classmethod
    def dtype(cls, target: str | None = None) -> Any:
        """The `numpy.dtype` of the record on a target, with its offsets and its byte order.

        A pointer is a number, and so is an enum; a 128-bit integer is 16 bytes of type
        void, and all members of a union are at its start. Raises ImportError where
        numpy isn't installed.
        """
        return cls._vm.dtype(cls._vm.source.targets.model(target))

    @classmethod
    def pack(cls, value: Self | Mapping[str, Any], target: str | None = None) -> bytes:
        """A record as bytes of a target; padding is zero.

        `value` is a record, live or read, or a mapping with every field that has no
        fixed value. Raises OverflowError where a number doesn't fit that target.
        """
        return image_of(cls._vm, cls._vm.source.targets.model(target)).pack(value)

    @classmethod
    def write(
        cls,
        data: Any,
        value: Self | Mapping[str, Any],
        target: str | None = None,
        offset: int = 0,
    ) -> None:
        """Put a record, as `pack` makes it, into a writable buffer."""
        write_into(data, cls.pack(value, target), offset, cls)

    def __setattr__(self, name: str, value: Any) -> None:
        kind = self._vm.kind_on(name, None)
        if kind.absent:
            raise AttributeError(f"{self._vm.name}.{name} isn't there on this target")
        if kind.readonly:
            raise AttributeError(f"{self._vm.name}.{name} is read-only: use store")
        kind.put(address(self) + self._vm.offset(name, None), value)

    @classmethod
    def _vm_kind(cls) -> Kind:
        layout = cls._vm
        # A class that users derive has a kind of its own.
        return layout.source[layout.name] if cls is layout.cls else Body(layout, cls)

    def __repr__(self) -> str:
        return record_repr(self, self._vm)


class Struct(Record, ctypes.Structure):
    """Base of structs: fields one after the other, as C and `repr(C)` lay them out."""


class Union(Record, ctypes.Union):
    """Base of unions: every member at the start."""


class TaggedEnum(Struct):
    """Base of enums with payloads: `tag` says which member of `payload` is meant.

    `value` is that member, or None where the variant has none. Raises UnknownVariant
    for a tag that no variant has.
    """

    if not TYPE_CHECKING:
        value = property(lambda self: variant_value(self, self._vm))


class Functions(Struct):
    """Base of tables of function pointers: a slot's attribute is its address, which can be
    called in this process where ctypes can pass what its signature has."""


class Foreign(Struct):
    """Base of types that are defined elsewhere: their bytes are `storage`."""

    storage: Array[int]


class Newtype(Struct):
    """Base of transparent wrappers of anything but an integer: `value` is inside."""


def put(record: object, layout: Layout, name: str, value: Any) -> None:
    """Write a field of a live record, whatever it is marked as."""
    kind = layout.kind_on(name, None)
    if kind.absent:
        raise AttributeError(f"{layout.name}.{name} isn't there on this target")
    kind.put(address(record) + layout.offset(name, None), value)


def native_layout(cls: type[Record]) -> Layout:
    """The layout of a class that can be live here. Raises TypeError."""
    layout = getattr(cls, "_vm", None)
    if layout is None or not layout.native:
        raise TypeError(
            f"{cls.__name__} has no native layout here: the module was imported for "
            "reading alone, or this host's u128 can't be measured; see set_host"
        )
    return cast("Layout", layout)


def image_of(layout: Layout, model: Model) -> Image:
    """What reads and writes a record in bytes of a target."""
    model = layout.source.targets.own(model)
    if layout.images is None:
        layout.images = {}
    image = layout.images.get(model)
    if image is None:
        # Whoever only looks at live memory doesn't need it.
        from .images import Image

        image = layout.images[model] = Image(layout, model)
    return cast("Image", image)


class Body(Kind):
    """The kind of a record: a struct, a union, or anything made of one."""

    direct = True

    def __init__(self, layout: Layout, face: Any = None) -> None:
        self.spelling = layout.name
        self.layout = layout
        self.source = layout.source
        self.face = face or layout.cls
        if layout.native:
            self.ctype = self.face

    @property
    def goes_on(self) -> bool:
        """Whether only a prefix is described, so that it has no size."""
        return self.layout.category == "prefix"

    def size(self, model: Model | None) -> int:
        if self.goes_on:
            raise TypeError(
                f"of {self.layout.name} only a prefix is described: it has no size"
            )
        return self.layout.size_on(model)

    def align(self, model: Model | None) -> int:
        return self.layout.align_on(model)

    def dtype(self, model: Model) -> Any:
        return self.layout.dtype(model)

    def live(self, address: int, owner: object) -> Any:
        return kept(self.ctype.from_address(address), owner)

    def live_values(self, stored: Any) -> Iterator[Any]:
        return iter(stored)

    def values(self, data: Any, model: Model) -> Iterator[Any]:
        snapshot = image_of(self.layout, model).snapshot(self.face)
        return iter((snapshot * (len(data) // self.size(model))).from_buffer_copy(data))

    def place(self, address: int, owner: object) -> Any:
        return self.face.at(address, owner)

    def put(self, address: int, value: Any) -> None:
        if issubclass(type(value), self.layout.cls):
            ctypes.memmove(address, ctypes.addressof(value), ctypes.sizeof(self.ctype))
            return
        host = cast("Model", self.layout.source.targets.host)
        data = image_of(self.layout, host).pack(value)
        ctypes.memmove(address, data, len(data))

    def there(self, address: int, space: Space) -> Any:
        from .views import view

        return view(self.layout, self.face, address, space)

    def see(self, raw: Any, model: Model | None) -> Any:
        return image_of(self.layout, cast("Model", model)).read(raw, 0, self.face)

    def raw(self, value: Any, model: Model) -> bytes:
        return image_of(self.layout, model).pack(value)
