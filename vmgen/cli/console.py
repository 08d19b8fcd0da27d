"""Standard output and error, and whether they take colour."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


class Console:
    """Findings and results go to `out`, complaints about the call to standard error."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            # A message may quote any schema; a narrow terminal must not stop it.
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:
                reconfigure(errors="backslashreplace")

    @property
    def colour(self) -> bool:
        """Whether output is coloured: on a terminal, unless `NO_COLOR` is set."""
        return _takes_colour(sys.stdout)

    @property
    def colour_beside(self) -> bool:
        """The same of standard error."""
        return _takes_colour(sys.stderr)

    @property
    def is_terminal(self) -> bool:
        return sys.stdout.isatty()

    def out(self, text: str) -> None:
        sys.stdout.write(text)

    def beside(self, text: str) -> None:
        """Findings about what goes to `out`, where that is for another program."""
        sys.stdout.flush()
        sys.stderr.write(text)

    def complain(self, text: str) -> None:
        sys.stdout.flush()
        sys.stderr.write(f"vmgen: {text}\n")

    def flush(self) -> None:
        sys.stdout.flush()


def _takes_colour(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
