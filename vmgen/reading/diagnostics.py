"""Findings as values: a code, a message, a place, and what to do about it.

`vmgen.report` renders them; nothing here prints. Codes, names and severities
are entries of `vmgen.rules.registry`, the one list of everything vmgen can say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from vmgen.reading.source import SourceFile, Span

Severity = Literal["error", "warning"]


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


class Report:
    """Accumulates findings of every stage, so that one run shows all of them."""

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []

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
    def has_errors(self) -> bool:
        return any(d.severity == "error" for d in self._found)

    def has_errors_in(self, files: Collection[SourceFile]) -> bool:
        """Whether an error was found in one of these files, or in none in particular."""
        return any(
            d.severity == "error" and (d.span is None or d.span.file in files)
            for d in self._found
        )

    def __len__(self) -> int:
        return len(set(self._found))

    def __iter__(self) -> Iterator[Diagnostic]:
        """Findings by file, place and code; one that was found twice comes once."""
        return iter(sorted(set(self._found), key=lambda d: d.sort_key))


def did_you_mean(word: str, known: object) -> tuple[str, ...]:
    """A `help` line with the nearest of the known words, or nothing."""
    import difflib

    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)  # type: ignore[call-overload]
    return (f"did you mean `{near[0]}`?",) if near else ()
