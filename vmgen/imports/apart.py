"""Questions to clang, each asked in a process of its own.

A header may be anything: what crashes clang, or has it expand macros until memory is full,
ends that process and no other.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from vmgen.imports.found import ImportFailed

if TYPE_CHECKING:
    from collections.abc import Callable

Asked = ParamSpec("Asked")
Told = TypeVar("Told")

SECONDS = 30
"""How long clang may take over a header."""

MAX_MEMORY = 4 << 30
"""Bytes of address space that it may have, where the system can limit that."""


def apart(
    function: Callable[Asked, Told], *arguments: Asked.args, **named: Asked.kwargs
) -> Told:
    """What a function of some module gives back, called in a process of its own. Raises
    `ImportFailed`, also where the function does."""
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder, "question"), Path(folder, "answer")
        question.write_bytes(pickle.dumps((function, arguments, named)))
        command = [sys.executable, "-m", __name__, str(question), str(answer)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        try:
            done = subprocess.run(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=None if "VMGEN_TRACEBACK" in os.environ else subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ImportFailed(f"clang isn't done with it in {SECONDS} s") from None
        if done.returncode or not answer.exists():
            raise ImportFailed("clang breaks down over it")
        failed, told = pickle.loads(answer.read_bytes())
    if failed:
        raise ImportFailed(told)
    result: Told = told
    return result


def _answer(question: Path, answer: Path) -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    function, arguments, named = pickle.loads(question.read_bytes())
    try:
        told = (False, function(*arguments, **named))
    except ImportFailed as error:
        told = (True, str(error))
    answer.write_bytes(pickle.dumps(told))


if __name__ == "__main__":
    _answer(*map(Path, sys.argv[1:]))
