"""Look at arrays that numpy and pyarrow hand over, by the generated records alone.

    python shared_arrays.py

A tensor comes in a capsule, as DLPack has it, and a column is written into two records that
are ours, as Arrow's C interface has it. Nothing is copied. The capsule gives the
tensor back when it goes; the column is released by its own functions.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import numpy
import pyarrow  # type: ignore[import-untyped]

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "generated" / "python"))

from arrow_c import ArrowArray, ArrowSchema
from dlpack import DLDataTypeCode, DLDeviceType, DLManagedTensorVersioned, DLTensor
from vmgen_runtime import address_of, allocate, c_string, i32, u8

VERSION = (1, 0)


def capsule_address(capsule: object, name: bytes) -> int:
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [
        ctypes.py_object,
        ctypes.c_char_p,
    ]
    address: int = pointer(capsule, name)
    return address


def elements(tensor: DLTensor) -> list[list[int]]:
    """The numbers of a matrix of 32-bit integers."""
    assert tensor.shape is not None
    assert tensor.strides is not None
    assert tensor.data is not None
    rows, columns = tensor.shape.array(2)
    down, across = tensor.strides.array(2)
    begin = tensor.data.address + tensor.byte_offset
    read = ctypes.c_int32.from_address
    return [
        [
            read(begin + 4 * (row * down + column * across)).value
            for column in range(columns)
        ]
        for row in range(rows)
    ]


def show_tensor() -> None:
    array = numpy.arange(12, dtype=numpy.int32).reshape(3, 4)[:, ::2]
    capsule = array.__dlpack__(max_version=VERSION)
    address = capsule_address(capsule, b"dltensor_versioned")
    managed = DLManagedTensorVersioned.at(address)
    tensor = managed.dl_tensor
    code = DLDataTypeCode(tensor.data_type.code)
    device = DLDeviceType(tensor.device.device_type)
    print(f"A tensor of {tensor.ndim} dimensions on {device.name}")
    print(f"  {code.name} of {tensor.data_type.bits} bits: {elements(tensor)}")


def show_column() -> None:
    column = pyarrow.array(["alpha", "beta", None, "gamma"])
    array, schema = allocate(ArrowArray), allocate(ArrowSchema)
    column._export_to_c(int(address_of(array)), int(address_of(schema)))
    print(f"A column of {array.length}, {array.null_count} of them null")
    assert schema.format is not None
    print(f"  {c_string(schema.format).decode()!r}: {strings(array)}")
    for record in (array, schema):
        assert record.release is not None
        record.release(int(address_of(record)))
    print(f"  released: {array.release is None and schema.release is None}")


def strings(array: ArrowArray) -> list[str | None]:
    """The strings of a column: which are there, where each begins, the bytes of all."""
    assert array.buffers is not None
    present, begins, data = filter(None, array.buffers.array(3))
    there = present.cast(u8).array(1)[0]
    at = begins.cast(i32).array(array.length + 1)
    every = bytes(data.cast(u8).array(at[array.length]))
    return [
        every[at[i] : at[i + 1]].decode() if there >> i & 1 else None
        for i in range(array.length)
    ]


if __name__ == "__main__":
    show_tensor()
    show_column()
