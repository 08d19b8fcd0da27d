"""Which lines of the schema things are on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vmgen.reading.source import SourceFile, Span


class Lines:
    """Lines of places that are mostly asked for in their order: counting from one to
    the next takes less than searching a whole file for each."""

    NEAR = 1 << 16

    def __init__(self) -> None:
        self._file: SourceFile | None = None
        self._offset = self._line = 0

    def line(self, span: Span) -> int:
        """The line of a span's start, counted from 1."""
        file, start = span.file, span.start
        if file is not self._file:
            self._file, self._offset, self._line = file, 0, 1
        before, self._offset = self._offset, start
        if 0 <= start - before < self.NEAR:
            self._line += file.text.count("\n", before, start)
        elif 0 < before - start < self.NEAR:
            self._line -= file.text.count("\n", start, before)
        else:
            self._line = span.line
        return self._line
