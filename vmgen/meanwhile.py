"""A task that a second process does while this one does something else."""

from __future__ import annotations

import contextlib
import copyreg
import os
import pickle
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from vmgen import forked, stamp

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
                second = forked.Forked(lambda: _send(task(), sent))
            except forked.NoSecondProcess:
                second = None
        if second is None:
            yield task
            return
        with second:
            yield lambda: _result(received, task)


def _send(result: object, to: IO[bytes]) -> None:
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


def _view(content: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(content)


# The model is full of read-only views, which pickle doesn't know.
copyreg.pickle(MappingProxyType, lambda view: (_view, (dict(view),)))
