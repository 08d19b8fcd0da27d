"""Run where `wide` and the runtime are: prints where ctypes places their records.

Each is nested in a `Structure` behind one byte, alone and as an array, and before one
byte more. What is printed has to be what the module says of alignment and size.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

import vmgen_runtime as vm
import wide as module

assert sys.implementation.name == "cpython"
for name in sys.argv[1:]:
    cls: Any = getattr(module, name)
    for inner, count in ((cls, 1), (cls * 3, 3)):

        class Outer(ctypes.Structure):
            _fields_ = [
                ("first", ctypes.c_uint8),
                ("inner", inner),
                ("last", ctypes.c_uint8),
            ]

        align, size = vm.align_of(cls), vm.size_of(cls)
        outer: Any = Outer
        assert outer.inner.offset == align, (name, outer.inner.offset, align)
        assert outer.last.offset == align + size * count, (name, outer.last.offset)
        assert ctypes.alignment(outer) == align, (name, ctypes.alignment(outer))
        assert ctypes.sizeof(outer) == 2 * align + size * count, name
    print(name, ctypes.alignment(cls))
