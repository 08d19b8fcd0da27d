"""What languages make, and what may not be written of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.build.header import find_mark
from vmgen.languages.job import Output
from vmgen.languages.registry import OWN, LanguageError, blaming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from vmgen.languages.language import Language


def emitted(
    language: Language, files: Callable[[], Iterable[Output]], made: set[str]
) -> Iterator[Output]:
    """What one of the language's methods makes. `made` has the paths of what the others
    made, and gets these.

    Raises `LanguageError` for whatever another package's language raises, or makes
    that is no file of ours below its folder.
    """
    if language.name in OWN:
        yield from files()
        return
    with blaming(language.name):
        for output in files():
            fault = _fault(language, output, made)
            if fault:
                raise LanguageError(f"the language `{language.name}` made {fault}")
            yield output


def _fault(language: Language, output: object, made: set[str]) -> str:
    """What is wrong with an output, in words; nothing if it may be written."""
    if not isinstance(output, Output):
        return f"a {type(output).__name__}, which is no vmgen.languages.job.Output"
    path: object = output.path
    text: object = output.text
    if not isinstance(path, str):
        return f"a file whose path is no str: {path!r}"
    if output.in_project is not False:
        return f"the file `{path}`, which is not below the output folder"
    folder, *rest = path.split("/")
    if folder != language.name or not rest or not all(map(_is_name, rest)):
        return f"the path `{path}`, which is not below `{language.name}/`"
    if not isinstance(text, str):
        return f"the file `{path}`, whose text is no str"
    if path in made:
        return f"the file `{path}` twice"
    made.add(path)
    try:
        content = text.encode()
    except UnicodeEncodeError:
        return f"the file `{path}`, which can't be written as UTF-8"
    mark = find_mark(content, folder)
    if mark is None or not mark.is_first:
        # Another build would take it for a file of the user's.
        return (
            f"the file `{path}`, which doesn't begin with the lines of "
            "vmgen.languages.header as a comment"
        )
    return ""


def _is_name(part: str) -> bool:
    return part.isprintable() and part not in ("", ".", "..") and "\\" not in part
