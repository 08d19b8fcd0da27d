"""One line that says what is being done, on a terminal, when it takes long."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

    from vmgen.cli.console import Console

PATIENCE = 0.5


class Progress:
    """Called with what is being done; silent in a pipe and for the first half second."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.started = time.monotonic()
        self.shown = False

    def __enter__(self) -> Progress:
        return self

    def __call__(self, what: str) -> None:
        if self.console.is_terminal and time.monotonic() - self.started > PATIENCE:
            width = shutil.get_terminal_size().columns - 1
            self.console.out(f"\r\x1b[K{what[:width]}")
            self.console.flush()
            self.shown = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.shown:
            self.console.out("\r\x1b[K")
