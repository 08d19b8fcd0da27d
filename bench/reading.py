"""Times reading of many records, in this process: the generated Python beside ctypes and
numpy, and fields of a live record."""

from __future__ import annotations

import ctypes
import importlib
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.environment import ROOT
from bench.table import (
    LOOP_ALL,
    LOOP_NUMPY,
    LOOP_TWO,
    POINTER,
    Table,
)

COUNT = 200_000
ROUNDS = 15
ACCESSES = 100_000


class Plain(ctypes.Structure):
    """`VMFuncRef` as one writes it by hand for this host."""

    _fields_ = (
        ("array_call", ctypes.c_size_t),
        ("wasm_call", ctypes.c_size_t),
        ("type_index", ctypes.c_uint32),
        ("vmctx", ctypes.c_size_t),
    )


def measure(table: Table) -> None:
    """Print what each takes, and keep the ratios."""
    sys.path.insert(0, str(ROOT / "generated" / "python"))
    record: Any = importlib.import_module("wasmtime42").VMFuncRef
    if ctypes.sizeof(Plain) != ctypes.sizeof(record):
        table.missing("reading many records: this host isn't of 64 bits")
        return
    data = b"".join(
        struct.pack("NNI4xN", 4096 + 16 * i, 8192 + 16 * i, i, 1 << 20)
        for i in range(COUNT)
    )

    def plain() -> Any:
        return (Plain * COUNT).from_buffer_copy(data)

    def ours() -> Any:
        return record.read_array(data, COUNT)

    def two(read: Callable[[], Any]) -> int:
        return sum([one.type_index + one.vmctx for one in read()])

    def every(read: Callable[[], Any]) -> int:
        return sum(
            [
                one.array_call + one.wasm_call + one.type_index + one.vmctx
                for one in read()
            ]
        )

    live = record(array_call=4096, wasm_call=8192, type_index=3, vmctx=12288)

    def number() -> None:
        for _ in range(ACCESSES):
            live.type_index  # noqa: B018

    def pointer() -> None:
        for _ in range(ACCESSES):
            live.vmctx  # noqa: B018

    assert two(plain) == two(ours)
    assert every(plain) == every(ours)
    works: list[Callable[[], object]] = [
        lambda: two(plain),
        lambda: two(ours),
        lambda: every(plain),
        lambda: every(ours),
        number,
        pointer,
    ]
    try:
        numpy: Any = importlib.import_module("numpy")
    except ImportError:
        table.missing("numpy, which is not installed")
    else:
        works.append(lambda: _summed(numpy.frombuffer(data, record.dtype())))
    two_plain, two_ours, all_plain, all_ours, word, address, *many = _times(works)
    for what, seconds in (
        ("a number and a pointer of each record, ctypes", two_plain),
        ("the same, the generated Python", two_ours),
        ("every field of each record, ctypes", all_plain),
        ("the same, the generated Python", all_ours),
        *[("a number and a pointer of each, numpy", seconds) for seconds in many],
    ):
        table.say(f"{COUNT:>6}  {what:50}{seconds:7.3f}s")
    each = word / ACCESSES * 1e6, address / ACCESSES * 1e6
    table.say(
        f"{'':6}  a number of a live record {each[0]:.3f} µs, a pointer {each[1]:.3f} µs"
    )
    table.times(LOOP_TWO, COUNT, two_ours / two_plain)
    table.times(LOOP_ALL, COUNT, all_ours / all_plain)
    for seconds in many:
        table.times(LOOP_NUMPY, COUNT, two_ours / seconds)
    table.times(POINTER, 1, each[1] / 0.4)


def _summed(records: Any) -> int:
    return int(records["type_index"].sum() + records["vmctx"].sum())


def _times(works: list[Callable[[], object]]) -> list[float]:
    """The least seconds that each takes of some rounds, in turn, so that what else the
    machine does hits all."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, times in zip(works, found, strict=True):
            start = time.perf_counter()
            work()
            times.append(time.perf_counter() - start)
    return [min(times) for times in found]
