"""Looks into a running program of the toy, from another process.

    python inspect_toy.py PID ADDRESS
    python inspect_toy.py -- target/debug/toy fibonacci.toy

The second starts a program, and looks into it when it has run. The classes that vmgen
made of the schema read the memory of the process: the context at ADDRESS, and what it
points to.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "generated" / "python"))

import toy
from vmgen_runtime import Process


def look_into(pid: int, address: int) -> None:
    with Process(pid) as memory:
        count = memory.at(
            toy.VMContext, address, counts={"num_globals": 0}
        ).globals_count
        context = memory.at(toy.VMContext, address, counts={"num_globals": count})
        store = context.store.deref()
        values = [int(variable.value) for variable in context.globals]
        print(f"fuel {store.fuel}, {store.printed} numbers printed")
        print(f"variables {values}")
        numbers = context.memory.base.array(8 * store.printed)
        print(f"memory of {context.memory.length} bytes, it begins with", end="")
        for start in range(0, len(numbers), 8):
            word = bytes(numbers[start : start + 8])
            print("", int.from_bytes(word, sys.byteorder), end="")
        print()


def start_and_look_into(command: list[str]) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [*command, "--wait"], stdin=pipe, stdout=pipe, text=True
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            match line.split():
                case ["waiting", pid, address]:
                    look_into(int(pid), int(address, 16))
                    break
        # Its input ends here, so that it does.


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--", *command] if command:
            start_and_look_into(command)
        case [pid, address]:
            look_into(int(pid), int(address, 16))
        case _:
            raise SystemExit(__doc__)
