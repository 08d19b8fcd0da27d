"""What languages make, and what may not be written of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from vmgen.build.header import find_mark
from vmgen.languages.job import Output
from vmgen.languages.registry import OWN, LanguageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from vmgen.languages.language import Language


def emitted(
    language: Language, files: Callable[[], Iterable[Output]]
) -> Iterator[Output]:
    """What one of the language's methods makes.

    Raises `LanguageError` for whatever another package's language raises, or makes
    that is no file of ours below its folder.
    """
    if language.name in OWN:
        yield from files()
        return
    try:
        for output in files():
            fault = _fault(language, output)
            if fault:
                raise LanguageError(f"the language `{language.name}` made {fault}")
            yield output
    except LanguageError:
        raise
    except Exception as error:
        if "VMGEN_TRACEBACK" in os.environ:
            raise
        raise LanguageError(
            f"the language `{language.name}` failed: {type(error).__name__}: {error}"
        ) from error


def _fault(language: Language, output: object) -> str:
    """What is wrong with an output, in words; nothing if it may be written."""
    if not isinstance(output, Output):
        return f"a {type(output).__name__}, which is no vmgen.languages.job.Output"
    path: object = output.path
    text: object = output.text
    folder, *rest = path.split("/") if isinstance(path, str) else ("",)
    if folder != language.name or not rest or not all(map(_is_name, rest)):
        return f"the path `{path}`, which is not below `{language.name}/`"
    if not isinstance(text, str):
        return f"the file `{path}`, whose text is no str"
    mark = find_mark(text.encode(errors="replace"), folder)
    if mark is None or not mark.is_first:
        # Another build would take it for a file of the user's.
        return (
            f"the file `{path}`, which doesn't begin with the lines of "
            "vmgen.languages.header as a comment"
        )
    return ""


def _is_name(part: str) -> bool:
    return part.isprintable() and part not in ("", ".", "..") and "\\" not in part
