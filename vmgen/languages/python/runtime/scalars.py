"""Words in live memory: what a pointer to a number leads to."""

from __future__ import annotations

import ctypes
import sys

from .hints import TYPE_CHECKING, Any, ClassVar, Final, Generic, Self, V, cast
from .kinds import Bodiless, Kind
from .models import HOST, raise_alignment
from .words import Float, Wide, Word, fitting


class Scalar(Generic[V]):
    """A word in live memory, reached by following a pointer to one.

    `value` reads and writes it; a value that doesn't fit is an OverflowError, where
    ctypes alone would cut it off. An atomic is read with a plain load, and written
    only by `store`.
    """

    _signed: ClassVar[bool | None] = False
    _atomic: ClassVar[bool] = False
    _ctype: ClassVar[Any] = ctypes.c_uint8
    _stored: Any = cast("Any", ctypes.c_uint8).value

    @property
    def value(self) -> V:
        return cast("V", self._stored)

    @value.setter
    def value(self, value: V) -> None:
        if self._atomic:
            raise AttributeError(f"{self!r} is atomic: use store(it, value)")
        self._put(value)

    def _put(self, value: V) -> None:
        if self._signed is not None:
            size = ctypes.sizeof(self._ctype)
            value = cast("V", fitting(value, size, self._signed, type(self).__name__))
        self._stored = value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value!r})"

    @classmethod
    def _vm_kind(cls) -> Kind:
        """The kind of such words on this host."""
        name, ctype = cls.__name__, cls._ctype
        if ctypes.sizeof(ctype) == 16:
            kind: Kind = Wide(name, bool(cls._signed), None, 16)
        else:
            made = Word if cls._signed is not None else Float
            size = ctypes.sizeof(ctype)
            align = size if cls._atomic else ctypes.alignment(ctype)
            kind = made(name, ctype, size, align, bool(cls._signed))
        kind.face = cls
        return kind


class u8(Scalar[int], ctypes.c_uint8): ...


class u16(Scalar[int], ctypes.c_uint16):
    _ctype = ctypes.c_uint16


class u32(Scalar[int], ctypes.c_uint32):
    _ctype = ctypes.c_uint32


class u64(Scalar[int], ctypes.c_uint64):
    _ctype = ctypes.c_uint64


class usize(Scalar[int], ctypes.c_size_t):
    _ctype = ctypes.c_size_t


class i8(Scalar[int], ctypes.c_int8):
    _ctype = ctypes.c_int8
    _signed = True


class i16(Scalar[int], ctypes.c_int16):
    _ctype = ctypes.c_int16
    _signed = True


class i32(Scalar[int], ctypes.c_int32):
    _ctype = ctypes.c_int32
    _signed = True


class i64(Scalar[int], ctypes.c_int64):
    _ctype = ctypes.c_int64
    _signed = True


class isize(Scalar[int], ctypes.c_ssize_t):
    _ctype = ctypes.c_ssize_t
    _signed = True


class f32(Scalar[float], ctypes.c_float):
    _ctype = ctypes.c_float
    _signed = None


class f64(Scalar[float], ctypes.c_double):
    _ctype = ctypes.c_double
    _signed = None


def wide_alignment() -> int | None:
    """How compilers align a 128-bit integer on this host, None where that is unknown.

    ctypes has no such type. What tells hosts apart is the C compiler's long double:
    its size and alignment are those of the x86, the Arm and the 64-bit families.
    """
    long = ctypes.c_longdouble
    size, align = ctypes.sizeof(long), ctypes.alignment(long)
    if HOST.pointer == 8:
        if HOST.order == "little" or align == 16:
            return 16
        # s390x; elsewhere a long double of 16 bytes is aligned to them.
        return 8 if (size, align) == (16, 8) else None
    if sys.platform in ("win32", "emscripten", "wasi"):
        return 16
    if HOST.order == "little" and size == 12:
        return 16
    if HOST.aligns["u64"] == 8 and size == 8:
        return 8
    return None


class Unplaced:
    """A word at an address that is no type of ctypes, for want of its alignment.

    So a `Structure` that has one as a field is refused, and not placed wrong.
    """

    _ctype: ClassVar[Any]
    _vm_held: Any

    @classmethod
    def from_address(cls, address: int) -> Self:
        made = cls()
        made._vm_held = cls._ctype.from_address(address)
        return made


class _Held:
    """What is stored in an `Unplaced` word."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return instance._vm_held.value

    def __set__(self, instance: Any, value: Any) -> None:
        instance._vm_held.value = value


class _Bytes16:
    """Storage of 128-bit integers, which ctypes lacks: the bytes as they are."""

    def __get__(self, instance: Any, owner: type | None = None) -> int:
        held = getattr(instance, "_vm_held", instance)
        return int.from_bytes(bytes(held), HOST.order, signed=instance._signed)

    def __set__(self, instance: Any, value: int) -> None:
        data = value.to_bytes(16, HOST.order, signed=instance._signed)
        held = getattr(instance, "_vm_held", instance)
        ctypes.memmove(ctypes.addressof(held), data, 16)


_WIDE_ALIGN: Final[int | None] = wide_alignment()

if TYPE_CHECKING:

    class _Sixteen(ctypes.Structure): ...

else:

    class _Sixteen(ctypes.Structure):
        if _WIDE_ALIGN and sys.version_info >= (3, 13):
            _align_ = _WIDE_ALIGN
        _fields_ = [("_words", ctypes.c_uint64 * 2)]

    if not _WIDE_ALIGN or not raise_alignment(_Sixteen, _WIDE_ALIGN):
        _Sixteen = Unplaced


class u128(Scalar[int], _Sixteen):
    _ctype = ctypes.c_uint64 * 2
    _stored = _Bytes16()


class i128(Scalar[int], _Sixteen):
    _ctype = ctypes.c_uint64 * 2
    _signed = True
    _stored = _Bytes16()


class AtomicU8(u8):
    _atomic = True


class AtomicU16(u16):
    _atomic = True


class AtomicU32(u32):
    _atomic = True


class AtomicU64(u64):
    _atomic = True


class AtomicUsize(usize):
    _atomic = True


class AtomicI8(i8):
    _atomic = True


class AtomicI16(i16):
    _atomic = True


class AtomicI32(i32):
    _atomic = True


class AtomicI64(i64):
    _atomic = True


class AtomicIsize(isize):
    _atomic = True


def _aligned(cls: Any) -> Any:
    """An atomic that ctypes aligns to its size, as compilers do on every target.

    It is another class where ctypes aligns the plain word to less and can't be told:
    before Python 3.13 only CPython can, and since then only of a structure.
    """
    size = ctypes.sizeof(cls)
    if raise_alignment(cls, size):
        return cls
    word = ("_vm_word", cls._ctype)
    parts = {
        "__doc__": cls.__doc__,
        "__module__": cls.__module__,
        "_align_": size,
        "_atomic": True,
        "_ctype": cls._ctype,
        "_signed": cls._signed,
        "_stored": cast("Any", property)(
            lambda self: self._vm_word,
            lambda self, value: setattr(self, "_vm_word", value),
        ),
    }
    bases = (Scalar, ctypes.Structure)
    made: Any = type(cls.__name__, bases, {**parts, "_fields_": [word]})
    if ctypes.alignment(made) < size:
        made = type(cls.__name__, (Scalar, Unplaced), {**parts, "_stored": _Held()})
    return made


globals().update({cls.__name__: _aligned(cls) for cls in (
    AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize,
    AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize,
)})  # fmt: skip


class _Unseen:
    """What has an address, and no bytes that a reader looks into."""

    @classmethod
    def _vm_kind(cls) -> Kind:
        return Bodiless(cls.__name__, cls)


class unit(_Unseen):
    """What a `VmPtr<()>` points to: nothing that the schema says."""


class Function(_Unseen):
    """What a function pointer points to: code, which no reader looks into."""


class Opaque(_Unseen):
    """Base of types that are known by their addresses alone."""


WORDS: Final[dict[str, Any]] = {
    name: word
    for name, word in globals().items()
    if isinstance(word, type) and issubclass(word, Scalar) and word is not Scalar
}
"""The class of each word, by its name in Rust."""
