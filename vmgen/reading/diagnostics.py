"""Findings as values: a code, a message, a place, and what to do about it.

`vmgen.report` renders them; nothing here prints. Codes, names and severities
are entries of `vmgen.rules.registry`, the one list of everything vmgen can say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from vmgen.releases import Version, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from vmgen.reading.source import SourceFile, Span

Severity = Literal["error", "warning", "note"]
"""What a finding is: one that stops, one to look at, or one that is told and no more."""


class Diagnostic(msgspec.Struct, frozen=True):
    """One finding; `span` is None for a file that could not be read at all."""

    code: str
    message: str
    span: Span | None = None
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    severity: Severity = "error"

    @staticmethod
    def make(
        code: str,
        message: str,
        span: Span | None = None,
        *,
        notes: tuple[str, ...] = (),
        helps: tuple[str, ...] = (),
        severity: Severity = "error",
    ) -> Diagnostic:
        return Diagnostic(code, message, span, notes, helps, severity)

    @property
    def sort_key(self) -> tuple[str, int, str, str]:
        if self.span is None:
            return ("", 0, self.code, self.message)
        return (self.span.file.name, self.span.start, self.code, self.message)


class Scope(msgspec.Struct, frozen=True):
    """Some versions of a schema: which schema, all its versions, and which of them by
    their indices."""

    schema: str
    versions: tuple[Version, ...]
    here: tuple[int, ...]

    def words(self, indices: Collection[int]) -> str:
        """Some of the versions, those that follow each other as one range."""
        if len(set(indices)) == len(self.versions):
            return "in all versions"
        return f"in {words(self.versions, sorted(set(indices)))}"


class Report:
    """Accumulates findings of every stage, so that one run shows all of them.

    What is found in some versions of a schema is in a part of its own, and is one finding
    here if it is the same in several.
    """

    def __init__(self, whole: Report | None = None) -> None:
        self._found: list[Diagnostic] = []
        self._whole = whole
        self._parts: dict[object, tuple[Scope, Report]] = {}

    def within(self, key: object, scope: Scope) -> Report:
        """The part for what is found in some versions, which `key` stands for."""
        if key not in self._parts:
            self._parts[key] = scope, Report(self)
        return self._parts[key][1]

    def part(self, key: object) -> Report:
        """The part of that key; the report itself if it has none."""
        return self._parts[key][1] if key in self._parts else self

    def add(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        *,
        notes: tuple[str, ...] = (),
        helps: tuple[str, ...] = (),
        severity: Severity = "error",
    ) -> None:
        self._found.append(Diagnostic(code, message, span, notes, helps, severity))

    def append(self, diagnostic: Diagnostic) -> None:
        self._found.append(diagnostic)

    @property
    def additions(self) -> int:
        """How often something was reported here itself, whatever is the same."""
        return len(self._found)

    @property
    def has_errors(self) -> bool:
        return any(d.severity == "error" for d in self._found) or any(
            part.has_errors for _, part in self._parts.values()
        )

    def has_errors_in(self, files: Collection[SourceFile]) -> bool:
        """Whether an error was found in one of these files, or in none in particular."""
        return any(
            d.severity == "error" and (d.span is None or d.span.file in files)
            for d in self._found
        ) or (self._whole is not None and self._whole.has_errors_in(files))

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Diagnostic]:
        """Findings by file, place and code; one that was found twice comes once."""
        return iter(sorted(self._all(), key=lambda d: d.sort_key))

    def _all(self) -> set[Diagnostic]:
        if not self._parts:
            return set(self._found)
        schemas: dict[str, list[tuple[Scope, set[Diagnostic]]]] = {}
        for scope, part in self._parts.values():
            schemas.setdefault(scope.schema, []).append((scope, set(part._found)))
        found = set(self._found)
        for parts in schemas.values():
            found.update(_shared(parts))
        return found


def _shared(parts: list[tuple[Scope, set[Diagnostic]]]) -> Iterator[Diagnostic]:
    """What was found in versions of a schema, each once, with the versions that have it.

    What one rule finds at one place is one finding, also where numbers differ: the newest
    version tells it, and notes what it is in others.
    """
    parts = sorted(parts, key=lambda part: max(part[0].here))
    places: dict[tuple[str, Span | None], list[tuple[Scope, Diagnostic]]] = {}
    several: set[tuple[str, Span | None]] = set()
    for scope, found in parts:
        seen = set()
        for each in found:
            place = each.code, each.span
            if place in seen:
                several.add(place)
            seen.add(place)
            places.setdefault(place, []).append((scope, each))
    for place, here in places.items():
        if place not in several:
            yield _merged(here)
            continue
        alike: dict[Diagnostic, list[tuple[Scope, Diagnostic]]] = {}
        for scope, each in here:
            alike.setdefault(each, []).append((scope, each))
        yield from map(_merged, alike.values())


def _merged(found: list[tuple[Scope, Diagnostic]]) -> Diagnostic:
    newest = found[-1][1]
    scope = found[-1][0]
    everywhere = [index for each, _ in found for index in each.here]
    notes = [scope.words(everywhere)]
    others: dict[str, list[int]] = {}
    for each, diagnostic in found:
        if diagnostic.message != newest.message:
            others.setdefault(diagnostic.message, []).extend(each.here)
    notes += [f"{scope.words(here)}: {message}" for message, here in others.items()]
    return replace(newest, notes=(*newest.notes, *notes))


def did_you_mean(word: str, known: object) -> tuple[str, ...]:
    """A `help` line with the nearest of the known words, or nothing."""
    import difflib

    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)  # type: ignore[call-overload]
    return (f"did you mean `{near[0]}`?",) if near else ()
