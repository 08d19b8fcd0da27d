"""C headers, read by clang in a process of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.imports.apart import apart
from vmgen.imports.clang_types import read_header
from vmgen.imports.found import ImportFailed, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def read_header_apart(
    path: Path, patterns: Sequence[str], target: str, flags: Sequence[str]
) -> Source:
    """The types of a header, as `vmgen.imports.clang_types.read_header` reads them.

    Raises `ImportFailed`, and OSError where the file can't be read.
    """
    if not path.is_file():
        # Opening a pipe would wait for whoever uses its other end.
        path.open("rb").close()
        raise ImportFailed("it is no regular file")
    return apart(read_header, path, patterns, target, flags)
