"""What the Python modules that vmgen generates share; the standard library is enough.

A generated module declares classes and hands a table of layouts to `define`, which
builds their ctypes fields for the running host and checks the numbers of the table.
Records that live in this process are ctypes structures (`Struct.at`). Records of any
target in the table can be read from bytes and written to bytes (`Struct.read`,
`Struct.pack`). A pointer is a `VmPtr`, an int that knows what it points to; nothing
follows one unless told to.

It needs Python 3.10 or later.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 10):  # noqa: UP036
    raise ImportError(
        "what vmgen generates needs Python 3.10 or later, this is "
        + ".".join(map(str, sys.version_info[:3]))
    )

from .arrays import Array, ImageArray, LiveArray
from .definition import define
from .errors import (
    LayoutMismatch,
    NullPointer,
    UnknownTarget,
    UnknownVariant,
    Unmapped,
    WrongVersion,
)
from .hints import TYPE_CHECKING, Final
from .models import HOST, set_host
from .pointers import VmPtr
from .records import (
    Attribute,
    Foreign,
    Functions,
    Newtype,
    ReadOnly,
    Record,
    Struct,
    TaggedEnum,
    Union,
)

if TYPE_CHECKING:
    from .c_scalars import (
        c_char,
        c_double,
        c_float,
        c_int,
        c_long,
        c_longlong,
        c_schar,
        c_short,
        c_uchar,
        c_uint,
        c_ulong,
        c_ulonglong,
        c_ushort,
        size_t,
        ssize_t,
    )
    from .contexts import Context
    from .core import Core
    from .inspect import (
        FieldInfo,
        address_of,
        align_of,
        allocate,
        allocate_array,
        fields,
        fingerprint_of,
        offset_of,
        prototype_of,
        size_of,
        store,
        targets,
    )
    from .memory import Bytes, Memory
    from .offsets import ContextOffsets, RegionOffsets
    from .plausible import build_id, checked, is_readable, refuse_implausible
    from .process import Process
    from .scalars import (
        AtomicI8,
        AtomicI16,
        AtomicI32,
        AtomicI64,
        AtomicIsize,
        AtomicU8,
        AtomicU16,
        AtomicU32,
        AtomicU64,
        AtomicUsize,
        Function,
        Opaque,
        Scalar,
        f32,
        f64,
        i8,
        i16,
        i32,
        i64,
        i128,
        isize,
        u8,
        u16,
        u32,
        u64,
        u128,
        unit,
        usize,
    )
    from .text import c_string
    from .versions import Versions
else:
    _LATER = {
        "contexts": "Context",
        "core": "Core",
        "memory": "Bytes Memory",
        "process": "Process",
        "offsets": "ContextOffsets RegionOffsets",
        "inspect": "FieldInfo address_of align_of allocate allocate_array fields "
        "fingerprint_of offset_of prototype_of size_of store targets",
        "scalars": "AtomicI8 AtomicI16 AtomicI32 AtomicI64 AtomicIsize AtomicU8 "
        "AtomicU16 AtomicU32 AtomicU64 AtomicUsize Function Opaque Scalar f32 f64 i8 "
        "i16 i32 i64 i128 isize u8 u16 u32 u64 u128 unit usize",
        "c_scalars": "c_char c_double c_float c_int c_long c_longlong c_schar c_short "
        "c_uchar c_uint c_ulong c_ulonglong c_ushort size_t ssize_t",
        "plausible": "build_id checked is_readable refuse_implausible",
        "text": "c_string",
        "versions": "Versions",
    }
    _WHERE = {name: part for part, names in _LATER.items() for name in names.split()}

    def __getattr__(name):
        """What few modules need is imported when it is first asked for."""
        part = _WHERE.get(name)
        if part is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module = __import__(f"{__name__}.{part}", fromlist=[name])
        names = {n: getattr(module, n) for n in _LATER[part].split()}
        globals().update(names)
        return names[name]


__all__ = [
    "HOST", "Array", "AtomicI8", "AtomicI16", "AtomicI32", "AtomicI64", "AtomicIsize",
    "AtomicU8", "AtomicU16", "AtomicU32", "AtomicU64", "AtomicUsize", "Attribute",
    "Bytes", "Context", "ContextOffsets", "Core", "FieldInfo", "Final", "Foreign",
    "Function", "Functions", "ImageArray", "LayoutMismatch", "LiveArray", "Memory",
    "Newtype", "NullPointer", "Opaque", "Process", "ReadOnly", "Record",
    "RegionOffsets", "Scalar", "Struct", "TaggedEnum", "Union", "UnknownTarget",
    "UnknownVariant", "Unmapped", "Versions", "VmPtr", "WrongVersion", "address_of",
    "align_of", "allocate", "allocate_array", "build_id", "c_char", "c_double",
    "c_float", "c_int", "c_long", "c_longlong", "c_schar", "c_short", "c_string", "c_uchar",
    "c_uint", "c_ulong", "c_ulonglong", "c_ushort", "checked", "define", "f32", "f64",
    "fields", "fingerprint_of", "i8", "i16", "i32", "i64", "i128", "is_readable",
    "isize", "offset_of", "prototype_of", "refuse_implausible", "set_host", "size_of", "size_t",
    "ssize_t", "store", "targets", "u8", "u16", "u32", "u64", "u128", "unit", "usize",
]  # fmt: skip
