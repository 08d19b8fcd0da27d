"""C headers, read by clang in a process of its own, and how a schema names them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.imports.apart import apart
from vmgen.imports.clang_header import read_headers
from vmgen.imports.found import ImportFailed, Owner, Source
from vmgen.schema.name_keys import C_DEFINE, C_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OPTIONS = ("-I", "-isystem", "-iquote", "-D")
_SYSTEM = ("/usr/local/include", "/usr/include")
"""Where compilers look for `<header.h>` without being told, but for folders of one target."""


def read_headers_apart(
    files: Sequence[str], patterns: Sequence[str], target: str, flags: Sequence[str]
) -> Source:
    """The types of headers, as `vmgen.imports.clang_header.read_headers` reads them.

    Raises `ImportFailed`, and OSError where a file can't be read.
    """
    for file in files:
        path = Path(file)
        if not is_searched(file) and not path.is_file():
            # Opening a pipe would wait for whoever uses its other end.
            path.open("rb").close()
            raise ImportFailed("it is no regular file")
    owner = _owner(files, flags)
    return apart(read_headers, files, patterns, target, flags, owner)


def is_searched(file: str) -> bool:
    """Whether a header is one that the compiler looks for: ``<linux/kvm.h>``."""
    return file.startswith("<") and file.endswith(">")


def _owner(files: Sequence[str], flags: Sequence[str]) -> Owner | None:
    """What a schema says of the headers; None where it can't name one."""
    given = [*_given(flags)]
    headers = tuple(f if is_searched(f) else _included(Path(f), given) for f in files)
    defines = []
    for option, text in given:
        if option == "-D":
            defines.append(text if "=" in text else f"{text}=1")
    if all(re.fullmatch(C_HEADER.pattern, header) for header in headers):
        fitting = (d for d in defines if re.fullmatch(C_DEFINE.pattern, d))
        return Owner(headers, tuple(dict.fromkeys(fitting)))
    return None


def _given(flags: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The options of a compiler that say where headers are, or define something."""
    words = iter(flags)
    for word in words:
        for option in _OPTIONS:
            if word == option:
                yield option, next(words, "")
            elif word.startswith(option):
                yield option, word.removeprefix(option)


def _included(path: Path, given: Sequence[tuple[str, str]]) -> str:
    """How `#include` names a file: below a folder that is searched, or by its path."""
    whole = path.resolve()
    for option, folder in given:
        if option != "-D" and whole.is_relative_to(Path(folder).resolve()):
            inside = whole.relative_to(Path(folder).resolve()).as_posix()
            return f"<{inside}>" if option == "-isystem" else inside
    for folder in _SYSTEM:
        if whole.is_relative_to(folder):
            inside = whole.relative_to(folder).as_posix()
            # Debian has those of one target in a folder of its own.
            return f"<{re.sub(r'^[a-z0-9_]+-linux-[a-z0-9]+/', '', inside)}>"
    return path.as_posix()
