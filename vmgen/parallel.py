"""Work in two processes, where the system can fork and has a core for each.

The second process is a fork: it has everything that was read and checked before,
which would take longer to send than to read again. `concurrent.futures` could do the
same, but importing it takes longer than a small build.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import tempfile
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

_T = TypeVar("_T")

MOST_CLAIMS = 255


def results(tasks: Sequence[Callable[[], _T]]) -> Iterator[_T]:
    """What each task returns, in order; it must be possible to pickle it.

    What a task raises is raised here, whichever process it failed in: a task that the
    second process didn't finish is done again.
    """
    done: dict[int, _T] = {}
    if len(tasks) > 1 and hasattr(os, "fork") and _cores() > 1:
        # Without room for the results or for a process, this one does it all.
        with contextlib.suppress(_NoSecondProcess):
            done = _by_two(tasks)
    for index, task in enumerate(tasks):
        yield done.pop(index) if index in done else task()


class _NoSecondProcess(Exception):
    """The system gives no temporary file, no pipe or no process."""


def _by_two(tasks: Sequence[Callable[[], _T]]) -> dict[int, _T]:
    """What tasks returned, by number; those that the second didn't finish are missing."""
    with contextlib.ExitStack() as stack:
        try:
            found = stack.enter_context(tempfile.TemporaryFile())
            claims = stack.enter_context(_Claims(len(tasks)))
            child = os.fork()
        except OSError as error:
            raise _NoSecondProcess from error
        if child == 0:
            _work(tasks, claims, found)
        try:
            done = {index: tasks[index]() for index in claims}
            os.waitpid(child, 0)
        except BaseException:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
            raise
        found.seek(0)
        with contextlib.suppress(EOFError, pickle.UnpicklingError):
            while True:
                index, result = pickle.load(found)
                done[index] = result
    return done


def _cores() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Claims:
    """Numbers of tasks, each of which one process gets: iterating takes what is left.

    They are bytes in a pipe, which a process takes one at a time.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.stride = min(count, MOST_CLAIMS)
        self.source, sink = os.pipe()
        os.write(sink, bytes(range(self.stride)))
        os.close(sink)

    def __enter__(self) -> _Claims:
        return self

    def __exit__(self, *what: object) -> None:
        os.close(self.source)

    def __iter__(self) -> Iterator[int]:
        while claimed := os.read(self.source, 1):
            yield from range(claimed[0], self.count, self.stride)


def _work(tasks: Sequence[Callable[[], Any]], claims: _Claims, found: IO[bytes]) -> Any:
    """The second process: does what it can get, and ends."""
    code = 1
    try:
        for index in claims:
            pickle.dump((index, tasks[index]()), found, pickle.HIGHEST_PROTOCOL)
        found.flush()
        code = 0
    finally:
        # Nothing of what the first process has begun may be ended here as well.
        os._exit(code)
