"""What `pyodide.mjs` runs: the generated modules, live in a 32-bit Python.

/0 has `question.json`, which `test_pyodide.py` makes; the modules are in the other
folders. Every word is read and written live and held against the engine's offsets.
"""

import warnings

warnings.simplefilter("error")

import ctypes  # noqa: E402
import importlib  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

sys.dont_write_bytecode = True
sys.path[:0] = ["/1", "/2"]

with open("/0/question.json", encoding="utf-8") as file:
    question = json.load(file)

counted = {"records": 0, "words": 0, "contexts": 0, "foreign": 0, "readonly": 0}
differences: list[str] = []


def reach(holder: Any, path: list[str | int]) -> Any:
    for step in path:
        holder = holder[step] if isinstance(step, int) else getattr(holder, step)
    return holder


def expect(where: object, found: object, expected: object) -> None:
    if found != expected:
        differences.append(f"{where}: {found!r}, not {expected!r}")


def check_words(
    where: str, holder: Any, address: int, words: Any, store: Callable[..., None]
) -> None:
    """Read every word of live memory, then turn its bits over by its name.

    Elements of read-only regions, and single words that are regions, stay as they are.
    """
    for path, first, width, value, other in words:
        counted["words"] += 1
        at = [where, *path]
        expect(at, reach(holder, path), value)
        inside = reach(holder, path[:-1])
        try:
            if isinstance(path[-1], int):
                inside[path[-1]] = other
            else:
                store(inside, path[-1], other)
        except AttributeError:
            counted["readonly"] += 1
            continue
        start, mask = address + first // 8, (1 << width) - 1
        size, shift = (first % 8 + width + 7) // 8, first % 8
        stored = int.from_bytes(ctypes.string_at(start, size), "little")
        expect([*at, "written"], stored >> shift & mask, other & mask)
        # What overlaps in a union is read next, and bit-fields share bytes.
        before = stored & ~(mask << shift) | (value & mask) << shift
        ctypes.memmove(start, before.to_bytes(size, "little"), size)


for name, asked in question.items():
    package = name.rpartition(".")[0]
    runtime = importlib.import_module(f"{package}.vmgen_runtime".lstrip("."))
    if asked["host"]:
        runtime.set_host(asked["host"])
    module = importlib.import_module(name)
    for record, about in asked["records"].items():
        cls = getattr(module, record)
        live = runtime.allocate(cls)
        size = about["size"]
        expect([record, "size"], runtime.size_of(cls), size)
        expect([record, "sizeof"], ctypes.sizeof(live), size)
        expect([record, "align"], runtime.align_of(cls), about["align"])
        address = ctypes.addressof(live)
        ctypes.memmove(address, bytes.fromhex(about["bytes"]), size)
        check_words(record, live, address, about["words"], runtime.store)
        counted["records"] += 1
        for target, (data, words) in about["elsewhere"].items():
            read = cls.read(bytes.fromhex(data), target)
            for path, value in words:
                expect([target, record, *path], reach(read, path), value)
                counted["foreign"] += 1
    for context, cases in asked["contexts"].items():
        for case in cases:
            offsets = getattr(module, f"{context}Offsets")(**case["counts"])
            placed = [[r.name, r.begin, len(r), r.stride] for r in offsets.regions()]
            expect([context, case["counts"]], placed, case["regions"])
            expect([context, "size"], offsets.size, case["size"])
            memory = (ctypes.c_char * (case["size"] + 64))()
            address = ctypes.addressof(memory) + (-ctypes.addressof(memory) & 63)
            ctypes.memmove(address, bytes.fromhex(case["bytes"]), case["size"])
            view = getattr(module, context).at(address, case["counts"], memory)
            check_words(context, view, address, case["words"], runtime.store)
            counted["contexts"] += 1

answer = json.dumps(
    {
        "python": ".".join(map(str, sys.version_info[:2])),
        "platform": sys.platform,
        "pointer": ctypes.sizeof(ctypes.c_void_p),
        "differences": differences,
        **counted,
    }
)
