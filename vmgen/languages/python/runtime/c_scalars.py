"""C's numbers in live memory: what a pointer to one leads to."""

from __future__ import annotations

import ctypes

from .hints import TYPE_CHECKING, Any, Final
from .machine import has_signed_char
from .scalars import Scalar

if TYPE_CHECKING or has_signed_char():

    class c_char(Scalar[int], ctypes.c_byte):
        _ctype = ctypes.c_byte
        _signed = True

else:

    class c_char(Scalar[int], ctypes.c_ubyte):
        _ctype = ctypes.c_ubyte


class c_schar(Scalar[int], ctypes.c_byte):
    _ctype = ctypes.c_byte
    _signed = True


class c_uchar(Scalar[int], ctypes.c_ubyte):
    _ctype = ctypes.c_ubyte


class c_short(Scalar[int], ctypes.c_short):
    _ctype = ctypes.c_short
    _signed = True


class c_ushort(Scalar[int], ctypes.c_ushort):
    _ctype = ctypes.c_ushort


class c_int(Scalar[int], ctypes.c_int):
    _ctype = ctypes.c_int
    _signed = True


class c_uint(Scalar[int], ctypes.c_uint):
    _ctype = ctypes.c_uint


class c_long(Scalar[int], ctypes.c_long):
    _ctype = ctypes.c_long
    _signed = True


class c_ulong(Scalar[int], ctypes.c_ulong):
    _ctype = ctypes.c_ulong


class c_longlong(Scalar[int], ctypes.c_longlong):
    _ctype = ctypes.c_longlong
    _signed = True


class c_ulonglong(Scalar[int], ctypes.c_ulonglong):
    _ctype = ctypes.c_ulonglong


class size_t(Scalar[int], ctypes.c_size_t):
    _ctype = ctypes.c_size_t


class ssize_t(Scalar[int], ctypes.c_ssize_t):
    _ctype = ctypes.c_ssize_t
    _signed = True


class c_float(Scalar[float], ctypes.c_float):
    _ctype = ctypes.c_float
    _signed = None


class c_double(Scalar[float], ctypes.c_double):
    _ctype = ctypes.c_double
    _signed = None


WORDS: Final[dict[str, Any]] = {
    name: word
    for name, word in globals().items()
    if isinstance(word, type) and issubclass(word, Scalar) and word is not Scalar
}
"""The class of each number, by its name in C."""
