"""Memory with the records of ``heap.vm.yaml`` in it, of any target."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import vmgen
from tests.support import ROOT
from vmgen.inspection.bindings import bindings

if TYPE_CHECKING:
    from vmgen.layout.layouts import Layouts

SCHEMA = ROOT / "tests" / "inspection" / "heap.vm.yaml"
TARGETS = {
    "x86_64-unknown-linux-gnu": (62, 8, "little"),
    "i686-unknown-linux-gnu": (3, 4, "little"),
    "s390x-unknown-linux-gnu": (22, 8, "big"),
    "powerpc64-unknown-linux-gnu": (21, 8, "big"),
    "powerpc-unknown-linux-gnu": (20, 4, "big"),
}
"""The number that ELF has for each target's machine, its bytes of an address, its order."""

X86_64 = "x86_64-unknown-linux-gnu"
BASE = 0x10000
FRAME, LIMITS, NUMBERS, FIRST, SECOND, CALLS, HITS = (
    BASE + 0x400 * i for i in range(7)
)
SIZE = 0x400 * 7
COUNTS = {"num_values": 4, "num_words": 18, "has_extra": 1}


@cache
def layouts() -> Layouts:
    return vmgen.lay_out(vmgen.load(SCHEMA))


@cache
def module() -> Any:
    return bindings([layouts()])["heap"]


def heap(target: str = X86_64, **frame: Any) -> bytearray:
    """The memory from `BASE` on; `frame` are fields of the frame that are otherwise."""
    m = module()
    image = bytearray(SIZE)

    def put(address: int, data: bytes) -> None:
        image[address - BASE : address - BASE + len(data)] = data

    first = {"flags": 0b111, "from_": SECOND, "mode": m.Mode.On}
    second = {"flags": 0b100, "from_": FIRST, "mode": m.Mode.Off}
    put(FIRST, m.Header.pack(first, target))
    put(SECOND, m.Header.pack(second, target))
    put(LIMITS, m.Limits.pack({"num_values": 4, "num_words": 18}, target))
    put(CALLS, m.Calls.pack({"start": 0x77, "stop": 0x78}, target))
    put(HITS, (41).to_bytes(8, TARGETS[target][2]))  # type: ignore[arg-type]
    numbers = {
        "tiny": -3,
        "large": 2**64 - 1,
        "net": 0x01020304,
        "index": 9,
        "some": range(20),
        "raw": b"ab\0\1c",
        "code": 0x99,
        "calls": CALLS,
        "hits": HITS,
        "word": {"number": -2},
    }
    put(NUMBERS, m.Numbers.pack(numbers, target))
    values = [
        {"tag": 0, "payload": {}},
        {"tag": 1, "payload": {"Number": -5}},
        {"tag": 2, "payload": {"Link": FIRST}},
        {"tag": 2, "payload": {"Link": FIRST}},
    ]
    whole = {
        "magic": m.MAGIC,
        "limits": LIMITS,
        "numbers": NUMBERS,
        "values": values,
        "words": range(18),
        "extra": second,
        **frame,
    }
    put(FRAME, m.Frame.pack(whole, target, COUNTS))
    return image


def offset(record: str, field: str, target: str = X86_64) -> int:
    """Where a field is in its record."""
    from vmgen.languages.python.runtime import offset_of

    return offset_of(getattr(module(), record), field, target)
