"""The sampling profiler: on a live CPython 3.13, on 3.14 in WebAssembly, and on memory that
lies to it."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.machines import pyodide
from tests.owners.real_headers import python_313
from tests.owners.test_examples import EXAMPLES, printed
from tests.support import ROOT, need

sys.path.insert(0, str(ROOT / "generated" / "python"))

from vmgen_runtime import Bytes, Unmapped, fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

HEAP = Path(__file__).parent / "pyodide_heap.mjs"

BASE = 0x10000
SIZE = 1 << 16
GOOD = {
    "version": 0x030D00F0,
    "runtime_state": {"size": 2048, "interpreters_head": 632},
    "interpreter_state": {"size": 8192, "next": 7264, "threads_head": 7344},
    "thread_state": {"size": 304, "next": 8, "current_frame": 72},
    "interpreter_frame": {"size": 88, "previous": 8, "executable": 0},
    "code_object": {"size": 208, "filename": 112, "qualname": 128, "firstlineno": 68},
    "pyobject": {"size": 16, "ob_type": 8},
    "type_object": {"size": 416, "tp_name": 24},
    "unicode_object": {"size": 64, "state": 32, "length": 16, "asciiobject_size": 40},
}
"""What an interpreter says of itself, as far as the profiler looks."""


@pytest.fixture(scope="module")
def profiler() -> Iterator[ModuleType]:
    """The example as a module."""
    sys.path.insert(0, str(EXAMPLES))
    try:
        yield importlib.import_module("python_profiler")
    finally:
        sys.path.remove(str(EXAMPLES))


def table(profiler: ModuleType, changes: Mapping[str, Any]) -> bytes:
    """The bytes of a table of 3.13, in which everything else is 0."""
    records = profiler.cpython.at("3.13")
    record, target = records._Py_DebugOffsets, profiler.TARGET
    empty = record.read(bytes(profiler.size_of(record, target)), target)
    values: dict[str, Any] = {"cookie": records.PY_DEBUG_COOKIE}
    for field, told in {**GOOD, **changes}.items():
        values[field] = told
        if isinstance(told, dict):
            names = [each.name for each in fields(type(getattr(empty, field)))]
            values[field] = {**dict.fromkeys(names, 0), **told}
    rest = {each.name: getattr(empty, each.name) for each in fields(record)}
    packed: bytes = record.pack({**rest, **values}, target)
    return packed


def memory(
    profiler: ModuleType, changes: Mapping[str, Any], words: Mapping[int, int]
) -> Bytes:
    """Memory with a table at its begin, and a few words by their addresses."""
    content = bytearray(SIZE)
    packed = table(profiler, changes)
    content[: len(packed)] = packed
    for address, word in words.items():
        content[address - BASE : address - BASE + 8] = word.to_bytes(8, "little")
    return Bytes(bytes(content), BASE)


def test_the_stacks_of_another_python_are_walked() -> None:
    lines = printed("python_profiler.py", "--example", str(python_313())).splitlines()
    stacks = {re.sub(r"^ *\d+ ", "", line) for line in lines}
    outer = "<module> (<string>:1); work (<string>:7)"
    assert stacks >= {f"{outer}; busy (<string>:3)", f"{outer}; idle (<string>:6)"}
    assert all(stack.startswith("<module> (<string>:1)") for stack in stacks)


def test_the_stack_of_a_python_in_webassembly_is_walked(
    profiler: ModuleType, tmp_path: Path
) -> None:
    """CPython 3.14, with pointers of 32 bits, while it writes its own memory to a file."""
    file = tmp_path / "memory"
    library = pyodide.library()
    subprocess.run([need("node"), HEAP, library, file], check=True)
    there = Bytes(file.read_bytes())
    python = profiler.Python(there, "wasm32-unknown-emscripten")
    ((*_, module, outer, middle, inner),) = python.stacks()
    assert python.table.version >> 16 == 0x030E
    assert [module, outer, middle, inner] == [
        "<module> (deep.py:1)",
        "outer (deep.py:8)",
        "middle (deep.py:5)",
        "inner (deep.py:2)",
    ]


def test_what_fits_is_believed(profiler: ModuleType) -> None:
    python = profiler.Python(memory(profiler, {}, {}))
    assert [*python.stacks()] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 0x030C00F0}, "it is Python 3.12"),
        ({"version": 1 << 63}, "it is Python 549755813888.0"),
        ({"free_threaded": 1}, "it is built without the GIL"),
        (
            {"thread_state": {"size": 1 << 40, "next": 8, "current_frame": 1 << 39}},
            "thread_state.size is 1099511627776",
        ),
        (
            {"thread_state": {"size": 304, "next": 8, "current_frame": 1 << 63}},
            "thread_state.current_frame is 9223372036854775808 of 304",
        ),
        (
            {"interpreter_frame": {"size": 88, "previous": 81, "executable": 0}},
            "interpreter_frame.previous is 81 of 88",
        ),
        (
            {"pyobject": {"size": 0, "ob_type": 0}},
            "pyobject.ob_type is 0 of 0",
        ),
        (
            {"unicode_object": {"size": 64, "asciiobject_size": 1 << 30}},
            "its strings are laid out otherwise",
        ),
    ],
)  # fmt: skip
def test_an_offset_that_cannot_be_is_not_used(
    profiler: ModuleType, changes: Mapping[str, Any], said: str
) -> None:
    with pytest.raises(profiler.Untrusted) as caught:
        profiler.Python(memory(profiler, changes, {}))
    assert str(caught.value) == said


def test_lists_that_lead_back_to_themselves_end(profiler: ModuleType) -> None:
    interpreter, thread, frame = BASE + 0x2000, BASE + 0x6000, BASE + 0x7000
    words = {
        BASE + 632: interpreter,
        interpreter + 7264: interpreter,
        interpreter + 7344: thread,
        thread + 8: thread,
        thread + 72: frame,
        frame: BASE + 0x8000,
        frame + 8: frame,
        BASE + 0x8008: BASE + 0x9000,
        BASE + 0x9018: BASE + 0xA000,
    }
    python = profiler.Python(memory(profiler, {}, words))
    looked_at: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profiler, "THREADS", 3)
        patch.setattr(profiler, "DEEPEST", 5)
        patch.setattr(python, "type_name", lambda it: bytes(looked_at.append(it) or 0))
        assert [*python.stacks()] == []
    assert looked_at == [BASE + 0x8000] * (3 * 3 * 5)


def test_a_pointer_into_nothing_is_told(profiler: ModuleType) -> None:
    python = profiler.Python(memory(profiler, {}, {BASE + 632: 0xDEAD0000}))
    with pytest.raises(Unmapped):
        [*python.stacks()]


def test_there_is_no_python_in_other_memory(profiler: ModuleType) -> None:
    with pytest.raises(profiler.Untrusted, match=r"^no Python from 3\.13 on is there$"):
        profiler.Python(Bytes(bytes(SIZE), BASE))
