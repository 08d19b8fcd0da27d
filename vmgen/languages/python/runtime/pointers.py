"""Pointers: addresses that know what is there."""

from __future__ import annotations

import ctypes
from _operator import index

from .arrays import Array, ImageArray, LiveArray, ThereArray
from .errors import NullPointer
from .hints import (
    TYPE_CHECKING,
    Any,
    Callable,
    ClassVar,
    Generic,
    NoReturn,
    V,
    V_co,
    cast,
)
from .kinds import Kind, Tree, asking, unpacked
from .words import Word, fitting

if not TYPE_CHECKING:
    from .hints import overload
else:
    from typing import overload

    from .kinds import Kinds
    from .models import Model
    from .scalars import Scalar
    from .space import Space


class VmPtr(int, Generic[V_co]):
    """A typed address: an int, never zero, that knows what it points to.

    A field declared `Option<VmPtr<T>>` reads as `VmPtr[T] | None`. Arithmetic gives
    plain ints. `deref` follows an address of this process, and nothing but the caller
    keeps what is there alive, or one of the memory that it was read from by
    `Memory.at`. An address that was read from bytes belongs to the image that the bytes
    are from, and only `follow` takes it on.
    """

    _kind: ClassVar[Kind]
    _model: ClassVar[Model | None] = None
    _space: ClassVar[Space | None] = None
    __slots__ = ()

    def __new__(cls, address: int, pointee: type[V_co]) -> VmPtr[V_co]:
        made = _pointer_type(kind_of(pointee), None)
        return cast("VmPtr[V_co]", made(here(address, pointee)))

    @property
    def address(self) -> int:
        """The address as a plain int."""
        return int(self)

    @property
    def pointee(self) -> type[V_co]:
        """The class of what is there."""
        return cast("type[V_co]", self._kind.face)

    @property
    def target(self) -> str | None:
        """The data model that the address is of, or a target of it where several have one
        name; None for this process."""
        return self._model.key if self._model else None

    def deref(self) -> V_co:
        """The pointee, live: what it holds changes when the memory does."""
        if self._space:
            return cast("V_co", self._kind.place_there(int(self), self._space))
        return cast("V_co", self._kind.place(here(self), None))

    @overload
    def array(self: VmPtr[Scalar[V]], count: int) -> Array[V]: ...
    @overload
    def array(self, count: int) -> Array[V_co]: ...
    def array(self, count: int) -> Any:
        """The pointee and those that follow it in memory, `count` in all."""
        kind = self._kind
        if self._space:
            size = kind.size(self._space.model)
            return ThereArray(kind, int(self), size, index(count), self._space)
        if kind.ctype is None:
            raise TypeError(f"{kind.rust} has no size to step by")
        size = ctypes.sizeof(kind.ctype)
        return LiveArray(kind, here(self), size, index(count), None)

    @overload
    def follow(self: VmPtr[Scalar[V]], fetch: Callable[[int, int], bytes]) -> V: ...
    @overload
    def follow(self, fetch: Callable[[int, int], bytes]) -> V_co: ...
    def follow(self, fetch: Callable[[int, int], bytes]) -> Any:
        """The pointee, read from an image by `fetch(address, size)`."""
        model = self._image_model()
        data = fetch(int(self), self._kind.size(model))
        return unpacked(self._kind, data, 0, model)

    @overload
    def follow_array(
        self: VmPtr[Scalar[V]], fetch: Callable[[int, int], bytes], count: int
    ) -> Array[V]: ...
    @overload
    def follow_array(
        self, fetch: Callable[[int, int], bytes], count: int
    ) -> Array[V_co]: ...
    def follow_array(self, fetch: Callable[[int, int], bytes], count: int) -> Any:
        """`count` pointees in a row, read from an image by `fetch(address, size)`."""
        model = self._image_model()
        size = self._kind.size(model)
        data = fetch(int(self), size * count)
        return ImageArray(self._kind, bytes(data), 0, size, count, model)

    def cast(self, pointee: type[V]) -> VmPtr[V]:
        """The same address, taken to point to something else."""
        kind = kind_of(pointee, self._kind.source)
        if self._space:
            return cast("VmPtr[V]", pointer_in(self._space, kind, int(self)))
        made = _pointer_type(kind, self._model)
        return cast("VmPtr[V]", made(self))

    def __call__(self, *arguments: Any) -> Any:
        """Call the function that is there, in this process, by its signature.

        Pointers are passed as addresses, or as what ctypes takes for them.
        """
        prototype = getattr(self._kind, "prototype", None)
        if prototype is None or self._space or self._model:
            raise TypeError(f"{self!r} is no function that can be called here")
        return prototype(int(self))(*arguments)

    def _image_model(self) -> Model:
        source = self._kind.source
        model = self._model or (source.targets.host if source else None)
        if model is None:
            raise TypeError(f"{self!r} is of no data model to read by")
        return model

    def __repr__(self) -> str:
        where = f", {self._model.name}" if self._model else ""
        return f"VmPtr<{self._kind.rust}>({int(self):#x}{where})"

    def __copy__(self) -> VmPtr[V_co]:
        return self

    def __deepcopy__(self, memo: object) -> VmPtr[V_co]:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # Away from this process and image, an address is a number and no more.
        return int, (int(self),)


def here(address: int, pointee: type | None = None) -> int:
    """An address of this process, not null, as a plain int.

    Raises NullPointer, and TypeError for a pointer that is out of an image.
    """
    if isinstance(address, VmPtr) and address._model:
        raise TypeError(f"{address!r} is an address in an image: use follow(fetch)")
    if not address and pointee:
        raise NullPointer(f"a VmPtr<{pointee.__name__}> is never null")
    return int(address)


class _Address(int):
    """The first base of each class of pointers: it makes one as quickly as an int is
    made, without the constructor of `VmPtr`, which is for users."""

    __slots__ = ()
    __new__ = int.__new__


_pointer_types: dict[tuple[Kind, Model | None], Any] = {}


def _pointer_type(kind: Kind, model: Model | None) -> Any:
    """The class of pointers to `kind`, made once."""
    made = _pointer_types.get((kind, model))
    if made is None:
        parts = {"_kind": kind, "_model": model, "__slots__": ()}
        made = _pointer_types[kind, model] = type("VmPtr", (_Address, VmPtr), parts)
    return made


def pointer_in(space: Space, kind: Kind, address: int) -> VmPtr[Any]:
    """An address in another memory of something of a kind."""
    made = space.pointers.get(kind)
    if made is None:
        parts = {"_kind": kind, "_model": space.model, "_space": space, "__slots__": ()}
        made = space.pointers[kind] = type("VmPtr", (_Address, VmPtr), parts)
    return cast("VmPtr[Any]", made(address))


class Pointer(Word):
    """A pointer-sized word that reads as a `VmPtr`, or as None where it may be null.

    What it points to is looked up when first needed: types refer to each other.
    """

    ctype = ctypes.c_size_t
    face = VmPtr
    direct = False
    _pointee: Kind | None = None
    _types: dict[Model | None, Any] | None = None

    def __init__(self, spelling: Tree, source: Kinds) -> None:
        self.spelling = spelling
        self.source = source
        self.leads_to: Tree = spelling[1]
        self.optional = spelling[0] == "nullable"

    @property
    def pointee(self) -> Kind:
        if self._pointee is None:
            source = cast("Kinds", self.source)
            kind = source[self.leads_to]
            kind = kind.pointed or kind
            if kind.face is None and isinstance(kind.key, str):
                kind.face = source.word_class(kind.key)
            self._pointee = kind
        return self._pointee

    def place(self, address: int, owner: object) -> Any:
        return self.live(address, owner)

    def place_there(self, address: int, space: Space) -> Any:
        return self.there(address, space)

    def seen_there(self, raw: Any, space: Space) -> Any:
        return (
            pointer_in(space, self.pointee, raw) if raw else self.see(raw, space.model)
        )

    def see(self, raw: Any, model: Model | None) -> Any:
        if raw:
            return self._pointers(model)(raw)
        if self.optional:
            return None
        raise NullPointer(f"{self.rust} is null")

    def _pointers(self, model: Model | None) -> Any:
        """The class of the pointers on a data model."""
        if self._types is None:
            self._types = {}
        made = self._types.get(model)
        if made is None:
            made = self._types[model] = _pointer_type(self.pointee, model)
        return made

    def reader(
        self, stored: str, model: Model | None, name: str
    ) -> Callable[[Any], Any]:
        made = self._pointers(model)

        def null(record: Any) -> NoReturn:
            raise NullPointer(f"{type(record).__name__}.{name}: {self.rust} is null")

        # A pointer that is false is null.
        if self.optional:
            return asking(lambda record: made(record.stored) or None, stored)
        return asking(lambda record: made(record.stored) or null(record), stored)

    def number(self, value: Any, size: int) -> int:
        number = fitting(value or 0, size, False, self.spelling)
        if number == 0 and not self.optional:
            raise NullPointer(f"{self.rust} is never null")
        return number


kinds_by_face: dict[type, Kind] = {}
"""The kind that each class of users' stands for."""


def kind_of(face: type, source: Kinds | None = None) -> Kind:
    """The kind that a class stands for; of a word, on the targets of `source`.

    Raises TypeError for a class that has none.
    """
    if source and source.word_class(face.__name__) is face:
        kind = source[face.__name__]
        kind.face = face
        return kind
    known = kinds_by_face.get(face)
    if known is None:
        make = getattr(face, "_vm_kind", None)
        if make is None:
            raise TypeError(
                f"{face.__name__} is no type of a schema; for words, see u8 to i128"
            )
        known = kinds_by_face[face] = make()
    return known
