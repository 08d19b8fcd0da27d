"""Names that any of the languages reserves in a role, and why."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.analysis.called import is_renamed, module_in
from vmgen.languages.registry import OWN, blaming, language
from vmgen.languages.words import Taken, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vmgen.languages.words import Derived, Role, Words
    from vmgen.schema.model import Module

DEVICES = names("aux con nul prn") | {
    f"{x}{n}" for x in ("com", "lpt") for n in range(10)
}
"""Names that Windows keeps for devices, whatever comes behind a dot."""

_FILES = Taken(DEVICES, "a name that Windows keeps for a device", escaped=False)


Options = Mapping[str, Mapping[str, str]]
"""Tables of the configuration, by the name of the language."""

NO_OPTIONS: Options = MappingProxyType({})

PREFIX = "prefix"
"""The option of a language that puts something before types and constants."""


class Reserved:
    """The words of some languages, as far as their options don't leave them to schemas."""

    def __init__(self, languages: tuple[str, ...], options: Options) -> None:
        self._options = options
        self._by_language: dict[str, Words] = {}
        for name in languages:
            with blaming(name):
                words = language(name).words()
            if words is not None:
                self._by_language[name] = words
        self.words = [*self._by_language.values()]
        self.languages = languages

    def only(self, languages: Sequence[str]) -> Reserved:
        """The words of some of the languages."""
        return Reserved(tuple(languages), self._options)

    def derived(self, module: Module, of: str | None = None) -> Iterator[Derived]:
        """The names that a language, or any, has beside those that a module declares."""
        for name in self.languages if of is None else (of,):
            with blaming(name):
                found = list(language(name).derived(module))
            yield from found

    def prefix(self, language: str) -> str:
        """What a language has before the names of types and constants."""
        return self._options.get(language, {}).get(PREFIX, "")

    def names(self, role: Role) -> frozenset[str]:
        """The names that can't be used in a role, but for those of `prefixes`."""
        found = set[str]()
        for before, taken in self._taken(role):
            found.update(_behind(before, taken.names))
        if role != "family":
            for name, words in self._by_language.items():
                found.update(_behind(self._before(name, role), words.all_keywords))
        return frozenset(found)

    def prefixes(self, role: Role) -> tuple[str, ...]:
        """How other names begin that can't be used in a role."""
        found = []
        for before, taken in self._taken(role):
            for prefix in taken.prefixes:
                if before.startswith(prefix):
                    found.append("")
                elif prefix.startswith(before):
                    found.append(prefix.removeprefix(before))
        return tuple(found)

    def why(self, word: str, role: Role) -> tuple[str, str] | None:
        """A word that can't be a name in a role, as it is reserved, and what it is; None
        of any other word."""
        of = [
            language
            for name, words in self._by_language.items()
            if role != "family"
            for language, keywords in words.keywords.items()
            if self._before(name, role) + word in keywords
        ]
        if of:
            before = ", ".join(of[:-1])
            what = "a keyword of " + (f"{before} and " if before else "") + of[-1]
            return word, what
        for before, taken in self._taken(role):
            if before + word in taken:
                return before + word, taken.what
        return None

    def taking(self, word: str, role: Role) -> list[str]:
        """The languages in which a word can't be a name in a role, of those for which a
        schema can have another one."""
        return [
            name
            for name in OWN
            if name in self._by_language and word in self.only([name]).names(role)
        ]

    def freeing(self, module: str, role: Role) -> list[str]:
        """The options, each behind its language, that leave a module or a family a name
        which files of others have; none where one of those can't be."""
        keyword = any(module in words.all_keywords for words in self.words)
        if (keyword and role != "family") or module in _FILES:
            return []
        found = []
        for name, words in self._by_language.items():
            for taken in words.taken.get(role, ()):
                if module not in taken or self.has(name, taken.option):
                    continue
                if not taken.option:
                    return []
                found.append(f"{name}.{taken.option}")
        return list(dict.fromkeys(found))

    def _taken(self, role: Role) -> Iterator[tuple[str, Taken]]:
        """What can't be used in a role, each with what stands before a name there."""
        if role in ("module", "family"):
            yield "", _FILES
        for name, words in self._by_language.items():
            for taken in words.taken.get(role, ()):
                if not self.has(name, taken.option):
                    yield self._before(name, role), taken

    def _before(self, language: str, role: Role) -> str:
        return self.prefix(language) if role in ("type", "constant") else ""

    def has(self, language: str, option: str) -> bool:
        """Whether an option of a language is set."""
        return option in self._options.get(language, {})


def _behind(before: str, names: frozenset[str]) -> Iterable[str]:
    """What of some names is left behind the beginning that all have here."""
    if not before:
        return names
    return (name.removeprefix(before) for name in names if name.startswith(before))


def reserved(more: tuple[str, ...] = (), options: Options = NO_OPTIONS) -> Reserved:
    """The words of vmgen's own languages, and of others by their names."""
    return Reserved((*OWN, *(name for name in more if name not in OWN)), options)


def by_language(module: Module, reserved: Reserved) -> list[tuple[Reserved, Module]]:
    """A module as languages have it, each with the words that it is among: that of the
    schema's names with the languages that have no others, and one for each language that
    has. None of those in which two things have one name, which is told elsewhere."""
    other = [name for name in reserved.languages if is_renamed(module, name)]
    if not other:
        return [(reserved, module)]
    rest = [name for name in reserved.languages if name not in other]
    found = [(reserved.only(rest), module)] if rest else []
    things = len(module.types), len(module.constants)
    for name in other:
        called = module_in(module, name)
        if (len(called.types), len(called.constants)) == things:
            found.append((reserved.only([name]), called))
    return found
