"""Tasks shared between two processes.

The second is a fork, which has everything that was read and checked before: sending
that would take longer than reading it again.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import tempfile
from typing import TYPE_CHECKING, TypeVar

from vmgen.build import forked, stamp

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
    if len(tasks) > 1 and forked.possible():
        # Without room for the results or for a process, this one does it all.
        with contextlib.suppress(forked.NoSecondProcess):
            done = _by_two(tasks)
    for index, task in enumerate(tasks):
        yield done.pop(index) if index in done else task()


def _by_two(tasks: Sequence[Callable[[], _T]]) -> dict[int, _T]:
    """What tasks returned, by number; those that the second didn't finish are missing.

    Raises `NoSecondProcess`.
    """
    with contextlib.ExitStack() as stack:
        try:
            found = stack.enter_context(tempfile.TemporaryFile())
            claims = stack.enter_context(_Claims(len(tasks)))
        except OSError as error:
            raise forked.NoSecondProcess from error
        second = stack.enter_context(forked.Forked(lambda: _work(tasks, claims, found)))
        done = {index: tasks[index]() for index in claims}
        second.wait()
        found.seek(0)
        with contextlib.suppress(EOFError, pickle.UnpicklingError):
            while True:
                index, result, modules = pickle.load(found)
                done[index] = result
                forked.imported.update(modules)
    return done


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


def _work(
    tasks: Sequence[Callable[[], object]], claims: _Claims, found: IO[bytes]
) -> None:
    """What the second process does: as many tasks as it can get."""
    for index in claims:
        done = (index, tasks[index](), stamp.modules_in_use())
        pickle.dump(done, found, pickle.HIGHEST_PROTOCOL)
    found.flush()
