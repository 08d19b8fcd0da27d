"""The command line. This package is the only place that prints or exits.

`main` asks for a stamp first, so that a build with nothing to do imports no more than
that takes; `vmgen.cli.commands` does everything else.
"""

from __future__ import annotations

# The module `signal` imports `enum`, which takes longer than seeing that there is
# nothing to do.
import _signal  # type: ignore[import-not-found]
import gc
import io
import os
import sys

from vmgen.cli.errors import (
    BROKEN_PIPE,
    INTERRUPTED,
    OUT_OF_MEMORY,
    USAGE_ERROR,
    is_out_of_memory,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


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
    code = USAGE_ERROR
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _end)
    try:
        _prepare_streams()
        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = BROKEN_PIPE
    except OSError as error:
        code = code or USAGE_ERROR
        _complain((error.strerror or str(error)).lower())
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        code = USAGE_ERROR
        _complain(OUT_OF_MEMORY)
    os._exit(code)


def _end(number: int, frame: object) -> NoReturn:
    """End at once when interrupted.

    KeyboardInterrupt may come up anywhere, also where Python calls code of which it
    prints the exceptions and goes on, or makes others of them.
    """
    # It may not be there, or not be whole yet.
    atomic = sys.modules.get("vmgen.build.atomic")
    remove = getattr(atomic, "remove_waiting", None)
    if remove is not None:
        remove()
    os._exit(INTERRUPTED)


def _prepare_streams() -> None:
    """Have standard output and error be there, and take all that is said or fail."""
    # Where streams are closed, files would be opened in their places, and have in them
    # what is said.
    while (null := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(null)
    for number, name in (1, "stdout"), (2, "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(number, "w"))
        elif isinstance(stream.buffer, io.RawIOBase):
            # With PYTHONUNBUFFERED, what doesn't fit at once is lost without a word.
            buffered = io.BufferedWriter(stream.buffer)
            terminal = stream.isatty()
            setattr(
                sys,
                name,
                io.TextIOWrapper(
                    buffered, stream.encoding, stream.errors, line_buffering=terminal
                ),
            )


def _complain(what: str) -> None:
    """Say why a command can't be done, where that can be said."""
    try:
        sys.stderr.write(f"vmgen: {what}\n")
        sys.stderr.flush()
    except OSError:
        pass
