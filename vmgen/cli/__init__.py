"""The command line. This package is the only place that prints or exits.

`main` asks for a stamp first, so that a build with nothing to do imports no more than
that takes; `vmgen.cli.commands` does everything else.
"""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

USAGE_ERROR = 2


class UsageError(Exception):
    """A call, a configuration or a file system that stops a command: exit code 2."""


def main(argv: list[str] | None = None) -> int:
    """Run a command and return its exit code: 0 fine, 1 findings, 2 can't be done."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["build"]:
        from vmgen.build import stamp

        summary = stamp.unchanged(arguments[1:])
        if summary is not None:
            sys.stdout.write(f"{summary}\n")
            return 0
    # What a command makes lives until it ends. Looking for garbage again and again
    # would take half of the time, already while modules are imported.
    gc.disable()
    from vmgen.cli.commands import run

    try:
        return run(arguments)
    finally:
        gc.enable()


def run_and_exit() -> NoReturn:
    """Run the command line as a process of its own.

    Leaves without taking the interpreter down piece by piece: freeing a million
    objects one by one would take a fifth of the time that a large build takes.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # It is closed, and what is said goes nowhere.
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
    code = 0
    try:
        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        # Whoever reads our output has seen enough.
        pass
    except OSError as error:
        if not code:
            code = USAGE_ERROR
            _complain(error)
    os._exit(code)


def _complain(error: OSError) -> None:
    """Say why output can't be written, where that can be said."""
    try:
        sys.stderr.write(f"vmgen: {(error.strerror or str(error)).lower()}\n")
        sys.stderr.flush()
    except OSError:
        pass
