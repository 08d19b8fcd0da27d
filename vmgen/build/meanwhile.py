"""A task that a second process does while this one does something else."""

from __future__ import annotations

import contextlib
import os
import pickle
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from vmgen.build import forked, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

_T = TypeVar("_T")


@contextlib.contextmanager
def meanwhile(task: Callable[[], _T]) -> Iterator[Callable[[], _T]]:
    """Start a task; what comes back waits for its result, which must be picklable.

    Where no second process can be had, or it ends without a result, the task is done
    when it is waited for: what it raises, it raises there.
    """
    try:
        source, sink = os.pipe()
    except OSError:
        yield task
        return
    with open(source, "rb") as received:
        with open(sink, "wb") as sent:
            try:
                second = forked.Forked(partial(_send, task, sent, received))
            except forked.NoSecondProcess:
                second = None
        if second is None:
            yield task
            return
        with second:
            yield lambda: _result(received, task)


def _send(task: Callable[[], object], to: IO[bytes], received: IO[bytes]) -> None:
    """What the second process does.

    It must not hold the pipe's other end: only when nobody does, writing fails, and a
    process whose first one was killed ends.
    """
    received.close()
    result = task()
    pickle.dump((result, stamp.modules_in_use()), to, pickle.HIGHEST_PROTOCOL)
    to.flush()


def _result(received: IO[bytes], task: Callable[[], _T]) -> _T:
    result: _T
    try:
        result, files = pickle.load(received)
    except (EOFError, pickle.UnpicklingError):
        return task()
    forked.imported.update(files)
    return result
