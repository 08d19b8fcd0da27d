"""Sample where another process's Python is: CPython 3.13 or 3.14, on Linux.

    python python_profiler.py PID [SECONDS]
    python python_profiler.py --example INTERPRETER

Prints each stack that was met, the outermost function first, and how often. The process
isn't stopped, and runs nothing for us: all is read out of its memory. What it says of
itself, the table of offsets at the head of `_PyRuntime`, is as little to be trusted as
anything else there: no offset is used that isn't inside of its record, no record may be
larger than any is, and no list longer.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "generated" / "python"))

import cpython
from vmgen_runtime import Memory, Process, Unmapped, offset_of, size_of

TARGET = "x86_64-unknown-linux-gnu"
RELEASES = {0x030D: "3.13", 0x030E: "3.14"}
LARGEST, LONGEST, DEEPEST, THREADS = 1 << 20, 512, 512, 512
"""Of a record in bytes, a name in characters, a stack, and how many threads."""

USED = {
    "runtime_state": ["interpreters_head"],
    "interpreter_state": ["next", "threads_head"],
    "thread_state": ["next", "current_frame"],
    "interpreter_frame": ["previous", "executable"],
    "code_object": ["qualname", "filename", "firstlineno"],
    "pyobject": ["ob_type"],
    "type_object": ["tp_name"],
}
"""The offsets that are used; what is there is no wider than a pointer."""


class Untrusted(Exception):
    """What the process says of itself can't be so."""


class Python:
    """The interpreter in a memory. Raises `Untrusted` if its table can't be right."""

    def __init__(self, memory: Memory, target: str = TARGET) -> None:
        self.memory, self.target = memory, target
        self.records: Any = cpython.at("3.13")
        # All versions have the same first words; a copy may lie on somebody's heap.
        found = next(memory.find(self.records._Py_DebugOffsets, target), None)
        if found is None:
            raise Untrusted("no Python from 3.13 on is there")
        self.runtime = found
        version = self.copy().version
        release = RELEASES.get(version >> 16)
        if release is None:
            raise Untrusted(f"it is Python {version >> 24}.{version >> 16 & 255}")
        self.records = cpython.at(release)
        self.table = self.copy()
        self.string = self.records.PyASCIIObject
        self.width = size_of(self.records.PyObject, target) // 2
        self._check()

    def copy(self) -> Any:
        """The table as it is: what is checked once doesn't change any more."""
        record = self.records._Py_DebugOffsets
        data = self.memory.read(self.runtime, size_of(record, self.target))
        return record.read(data, self.target)

    def _check(self) -> None:
        table = self.table
        if table.free_threaded:
            raise Untrusted("it is built without the GIL")
        for name, used in USED.items():
            record = getattr(table, name)
            if record.size > LARGEST:
                raise Untrusted(f"{name}.size is {record.size}")
            for field in used:
                offset = getattr(record, field)
                if offset > record.size - self.width:
                    raise Untrusted(f"{name}.{field} is {offset} of {record.size}")
        there = table.unicode_object
        if (there.asciiobject_size, there.state) != (
            size_of(self.string, self.target),
            offset_of(self.string, "state", self.target),
        ):
            raise Untrusted("its strings are laid out otherwise")

    def stacks(self) -> Iterator[tuple[str, ...]]:
        """The stack of each thread that has one, the outermost function first."""
        table, word = self.table, self.word
        interpreter = word(self.runtime + table.runtime_state.interpreters_head)
        for _ in range(THREADS):
            if not interpreter:
                return
            thread = word(interpreter + table.interpreter_state.threads_head)
            for _ in range(THREADS):
                if not thread:
                    break
                stack = tuple(self.frames(thread))[::-1]
                if stack:
                    yield stack
                thread = word(thread + table.thread_state.next)
            interpreter = word(interpreter + table.interpreter_state.next)

    def frames(self, thread: int) -> Iterator[str]:
        """The functions that are active in a thread, the innermost first."""
        where = self.table.interpreter_frame
        frame = self.word(thread + self.table.thread_state.current_frame)
        for _ in range(DEEPEST):
            if not frame:
                return
            # The lowest bits are flags, from 3.14 on.
            code = self.word(frame + where.executable) & ~3
            if self.type_name(code) == b"code":
                yield self.function(code)
            frame = self.word(frame + where.previous)

    def function(self, code: int) -> str:
        where = self.table.code_object
        line = self.memory.read(code + where.firstlineno, 4)
        file = Path(self.text(self.word(code + where.filename))).name
        name = self.text(self.word(code + where.qualname))
        return f"{name} ({file}:{int.from_bytes(line, 'little')})"

    def type_name(self, thing: int) -> bytes:
        type = self.word(thing + self.table.pyobject.ob_type)
        name = self.word(type + self.table.type_object.tp_name)
        return self.memory.read(name, 8).partition(b"\0")[0]

    def text(self, address: int) -> str:
        """A `str`, if it is ASCII and its characters follow it."""
        it = self.memory.at(self.string, address, self.target)
        if not (it.state.compact and it.state.ascii) or it.length < 0:
            return "?"
        begin = address + size_of(self.string, self.target)
        characters = self.memory.read(begin, min(it.length, LONGEST))
        return characters.decode("ascii", "replace")

    def word(self, address: int) -> int:
        return int.from_bytes(self.memory.read(address, self.width), "little")


def profile(
    pid: int, seconds: float, interval: float = 0.005
) -> Counter[tuple[str, ...]]:
    """How often each stack was met."""
    met: Counter[tuple[str, ...]] = Counter()
    with Process(pid) as memory:
        python = Python(memory)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(Unmapped, OverflowError):  # It went on while we read.
                met.update(python.stacks())
            time.sleep(interval)
    return met


EXAMPLE = """
import time
def busy():
    end = time.monotonic() + 0.02
    while time.monotonic() < end: pass
def idle(): time.sleep(0.04)
def work():
    while True: busy(); idle()
print("ready", flush=True)
work()
"""


def main(what: str, more: str = "1") -> None:
    if what == "--example":
        with subprocess.Popen([more, "-c", EXAMPLE], stdout=-1) as child:
            assert child.stdout is not None
            child.stdout.readline()
            try:
                show(profile(child.pid, 1))
            finally:
                child.kill()
    else:
        show(profile(int(what), float(more)))


def show(met: Counter[tuple[str, ...]]) -> None:
    for stack, count in met.most_common(20):
        print(f"{count:6} {'; '.join(stack)}")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Untrusted as error:
        raise SystemExit(f"{error}") from None
