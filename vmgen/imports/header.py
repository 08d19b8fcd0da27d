"""C headers, read by clang in a process of its own.

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
from typing import TYPE_CHECKING

from vmgen.imports.found import ImportFailed, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 30
"""How long clang may take over a header."""

MAX_MEMORY = 4 << 30
"""Bytes of address space that it may have, where the system can limit that."""


def read_header_apart(
    path: Path, patterns: Sequence[str], target: str, flags: Sequence[str]
) -> Source:
    """The types of a header, as `vmgen.imports.clang_types.read_header` reads them.

    Raises `ImportFailed`, and OSError where the file can't be read.
    """
    if not path.is_file():
        # Opening a pipe would wait for whoever uses its other end.
        path.open("rb").close()
        raise ImportFailed("it is no regular file")
    with tempfile.TemporaryDirectory() as folder:
        question, answer = Path(folder, "question"), Path(folder, "answer")
        question.write_bytes(pickle.dumps((path, patterns, target, flags)))
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
        found = pickle.loads(answer.read_bytes())
    if isinstance(found, Source):
        return found
    raise ImportFailed(found)


def _answer(question: Path, answer: Path) -> None:
    from vmgen.imports.clang_types import read_header

    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    path, patterns, target, flags = pickle.loads(question.read_bytes())
    found: Source | str
    try:
        found = read_header(path, patterns, target, flags)
    except ImportFailed as error:
        found = str(error)
    answer.write_bytes(pickle.dumps(found))


if __name__ == "__main__":
    _answer(*map(Path, sys.argv[1:]))
