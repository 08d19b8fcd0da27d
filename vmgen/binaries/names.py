"""Wanted names of types, as debug information refers to them."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

_K = TypeVar("_K", contravariant=True)


class _Known(Protocol[_K]):
    """Wanted names, by what an entry has for a name."""

    def get(self, key: _K, /) -> str | None: ...


class Names:
    """The wanted names, as the forms of strings refer to them: `words` by their bytes,
    `at` by their places in the section of a form."""

    words: _Known[bytes]
    at: Mapping[str, _Known[int]]

    def __init__(self, wanted: Collection[str], sections: Mapping[str, bytes]) -> None:
        self.texts = {
            "DW_FORM_strp": sections.get(".debug_str", b""),
            "DW_FORM_line_strp": sections.get(".debug_line_str", b""),
        }
        self._find(wanted)

    def _find(self, wanted: Collection[str]) -> None:
        words = {name.encode(): name for name in wanted}
        self.words = words
        self.at = {form: _places(text, words) for form, text in self.texts.items()}


class Patterns(Names):
    """Patterns that the names of types fit which are wanted, as a shell's."""

    def _find(self, wanted: Collection[str]) -> None:
        one_of = "|".join(map(fnmatch.translate, sorted(wanted)))
        fits = re.compile(one_of or r"(?!)").match
        self.words = _Fitting(fits)
        self.at = {form: _FittingAt(fits, text) for form, text in self.texts.items()}


class _Fitting:
    """Names that fit, by their bytes."""

    def __init__(self, fits: Callable[[str], object]) -> None:
        self._fits = fits
        self._known: dict[bytes, str | None] = {}

    def get(self, key: bytes, /) -> str | None:
        if key not in self._known:
            name = key.decode("utf-8", "replace")
            self._known[key] = name if name and self._fits(name) else None
        return self._known[key]


class _FittingAt:
    """Names that fit, by their places in a section of strings."""

    def __init__(self, fits: Callable[[str], object], text: bytes) -> None:
        self._text = text
        self._words = _Fitting(fits)
        self._known: dict[int, str | None] = {}

    def get(self, key: int, /) -> str | None:
        if key not in self._known:
            whole = self._text[key : self._text.find(b"\0", key)]
            self._known[key] = self._words.get(whole.partition(b"<")[0])
        return self._known[key]


def _places(text: bytes, words: Mapping[bytes, str]) -> dict[int, str]:
    """Where in a section of strings each name begins, also as the end of a longer
    string: linkers let strings share their ends. A name may have arguments behind it.
    """
    if not words:
        return {}
    one_of = b"|".join(map(re.escape, sorted(words, reverse=True)))
    pattern = b"(" + one_of + rb")(?:<[^\0]*)?\0"
    ends = {word: [other for other in words if word.endswith(other)] for word in words}
    found = {}
    for match in re.finditer(pattern, text):
        for name in ends[match[1]]:
            found[match.end(1) - len(name)] = words[name]
    return found
