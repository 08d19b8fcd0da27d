"""What stops a command, and the exit code that tells of it."""

from __future__ import annotations

USAGE_ERROR = 2
INTERRUPTED = 128 + 2
"""As shells have it for what SIGINT ended."""
BROKEN_PIPE = 128 + 13
"""As shells have it for what SIGPIPE ended: the reader of the output has closed it."""
OUT_OF_MEMORY = "not enough memory"


class UsageError(Exception):
    """A call, a configuration or a file system that stops a command: exit code 2."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether a limit on memory stopped something; the loader has no error of its own
    for a library that doesn't fit."""
    return isinstance(error, MemoryError) or (
        isinstance(error, ImportError)
        and any(t in str(error) for t in ("annot allocate memory", "failed to map"))
    )
