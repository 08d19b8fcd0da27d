"""Files, spans in them, and the nodes of the trees that `vmgen.yamltree` makes."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from vmgen.diagnostics import Report

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 64 * 1024 * 1024


class SourceFile:
    """A schema file's decoded text, and its name as messages print it."""

    def __init__(self, path: Path, name: str, text: str) -> None:
        self.path = path
        self.name = name
        self.text = text

    @cached_property
    def line_starts(self) -> list[int]:
        """Character offset of the first character of each line."""
        starts, position = [0], self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both counted from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line counted from 1, without its line ending."""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else None].rstrip("\r")


class Span(NamedTuple):
    """A stretch of a source file, in character offsets: `start` to before `end`."""

    file: SourceFile
    start: int
    end: int

    @property
    def line(self) -> int:
        return self.file.place(self.start)[0]

    @property
    def column(self) -> int:
        return self.file.place(self.start)[1]

    def part(self, start: int, end: int) -> Span:
        """The sub-span from `start` to `end`, counted from this span's start."""
        return Span(self.file, self.start + start, self.start + end)


class Node:
    """A YAML node. Not frozen: a schema has a million, and nothing mutates them."""

    __slots__ = ("end", "file", "start")
    kind = "node"

    def __init__(self, file: SourceFile, start: int, end: int) -> None:
        self.file = file
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        return Span(self.file, self.start, self.end)


class Scalar(Node):
    """A scalar; `plain` when unquoted, which is when it may be a number or null."""

    __slots__ = ("plain", "value")
    kind = "scalar"

    def __init__(
        self, file: SourceFile, start: int, end: int, value: str, plain: bool
    ) -> None:
        self.file = file
        self.start = start
        self.end = end
        self.value = value
        self.plain = plain

    @property
    def is_null(self) -> bool:
        return self.plain and self.value in ("", "~", "null", "Null", "NULL")

    @property
    def text_span(self) -> Span | None:
        """The span of `value` itself, or None where escapes or folding moved it."""
        source = self.file.text[self.start : self.end]
        if source == self.value:
            return self.span
        if source[1:-1] == self.value and source[:1] in "'\"":
            return Span(self.file, self.start + 1, self.end - 1)
        return None


class Sequence(Node):
    """A list of nodes."""

    __slots__ = ("items",)
    kind = "list"

    def __init__(self, file: SourceFile, start: int, end: int) -> None:
        super().__init__(file, start, end)
        self.items: list[Node] = []


class Mapping(Node):
    """Keys, always scalars, and their values, in the order written."""

    __slots__ = ("entries",)
    kind = "mapping"

    def __init__(self, file: SourceFile, start: int, end: int) -> None:
        super().__init__(file, start, end)
        self.entries: dict[str, tuple[Scalar, Node]] = {}

    def get(self, key: str) -> Node | None:
        entry = self.entries.get(key)
        return entry[1] if entry else None

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return iter(self.entries.values())


def load(path: Path, name: str, report: Report) -> SourceFile | None:
    """Read and decode a file; a fault goes to `report` and None comes back."""
    try:
        if path.stat().st_size > MAX_BYTES:
            report.add("VM002", f"`{name}` is larger than {MAX_BYTES >> 20} MiB")
            return None
        raw = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        report.add("VM002", f"can't read `{name}`: {reason}")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        report.add(
            "VM002",
            f"`{name}` is not UTF-8: byte {raw[error.start]:#04x} on line {line}",
        )
        return None
    return SourceFile(path, name, text)
