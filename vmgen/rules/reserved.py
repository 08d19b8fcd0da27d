"""Names that any of the languages reserves in a role, and why."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from vmgen.languages.registry import OWN, language
from vmgen.languages.words import Taken, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.words import Role, Words

DEVICES = names("aux con nul prn") | {
    f"{x}{n}" for x in ("com", "lpt") for n in range(10)
}
"""Names that Windows keeps for devices, whatever comes behind a dot."""

_FILES = Taken(DEVICES, "a name that Windows keeps for a device", escaped=False)


class Reserved:
    """The words of some languages."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.words: list[Words] = [
            words for name in languages if (words := language(name).words()) is not None
        ]

    def names(self, role: Role) -> frozenset[str]:
        """The names that can't be used in a role, but for those of `prefixes`."""
        found = [taken.names for taken in self._taken(role)]
        return frozenset().union(*(w.all_keywords for w in self.words), *found)

    def prefixes(self, role: Role) -> tuple[str, ...]:
        """How other names begin that can't be used in a role."""
        return tuple(p for taken in self._taken(role) for p in taken.prefixes)

    def why(self, word: str, role: Role) -> str | None:
        """What a word is that can't be a name in a role; None of any other word."""
        of = [
            language
            for words in self.words
            for language, keywords in words.keywords.items()
            if word in keywords
        ]
        if of:
            before = ", ".join(of[:-1])
            return "a keyword of " + (f"{before} and " if before else "") + of[-1]
        return next((t.what for t in self._taken(role) if word in t), None)

    def _taken(self, role: Role) -> Iterator[Taken]:
        if role == "module":
            yield _FILES
        for words in self.words:
            yield from words.taken.get(role, ())


@cache
def reserved(more: tuple[str, ...] = ()) -> Reserved:
    """The words of vmgen's own languages, and of others by their names."""
    return Reserved((*OWN, *(name for name in more if name not in OWN)))
