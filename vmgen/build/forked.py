"""A second process: a fork of this one, which has all that was read and imported.

`concurrent.futures` has as much and more, but importing it takes longer than a small
build.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

imported: set[str] = set()
"""Files of modules that second processes have imported, as far as they told."""


class NoSecondProcess(Exception):
    """The system gives no process, or no pipe to receive its result."""


def possible() -> bool:
    """Whether this process can be forked, and there is a core for each of the two.

    A fork has one thread; what locks other threads held would be locked in it for good.
    """
    threading = sys.modules.get("threading")
    alone = threading is None or threading.active_count() == 1
    return alone and hasattr(os, "fork") and _cores() > 1


def _cores() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Forked:
    """A child process that runs `work` and then exits, even if it fails.

    As a context, it is killed where it is still at work in the end. Raises
    `NoSecondProcess`.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        try:
            self._process = os.fork()
        except OSError as error:
            raise NoSecondProcess from error
        if self._process == 0:
            code = 1
            try:
                work()
                code = 0
            finally:
                # Nothing of what the first process has begun may be ended here as well.
                os._exit(code)

    def wait(self) -> None:
        """Wait for its end."""
        if self._process:
            process, self._process = self._process, 0
            # Where whoever called us has processes end unnoticed, there is no waiting.
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, 0)

    def __enter__(self) -> Forked:
        return self

    def __exit__(self, *what: object) -> None:
        if self._process:
            with contextlib.suppress(OSError):
                os.kill(self._process, signal.SIGKILL)
                self.wait()
